/** The part of a list to read. */
export interface PageRequest {
  readonly limit: number;
  /** The page starts after this id or name, in the given direction. */
  readonly iterator?: string;
  /** `backward`: the page before `iterator`, still in the list's display order. */
  readonly direction: 'forward' | 'backward';
}

export type ListOrder = 'ascending' | 'descending';

/** Part of a list in its display order. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Whether there are no further rows in the direction of the request. */
  readonly done: boolean;
  /**
   * Where to continue if not at the last item. Set when a read ended at its bound before it found `limit` matches. Such
   * a page may be short or empty although there are more rows.
   */
  readonly resumeAt?: string;
}

/** The window and filters of a list that grows with traffic, newest first. `before` is exclusive, `after` inclusive. */
export interface TimeWindow {
  readonly before?: Date;
  readonly after?: Date;
}
