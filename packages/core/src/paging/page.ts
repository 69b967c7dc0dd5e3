/** Which part of a list to read. */
export interface PageRequest {
  readonly limit: number;
  /** Start behind this id in the walk's direction. */
  readonly iterator?: string;
  /** `backward` answers the page before `iterator`, still in the list's display order. */
  readonly direction: 'forward' | 'backward';
}

export type ListOrder = 'ascending' | 'descending';

/** Part of a list in its display order. */
export interface Page<T> {
  readonly items: readonly T[];
  /** No further rows in the walk's direction. */
  readonly done: boolean;
  /**
   * Where to go on when it is not the last item: set when a bounded read ended before it found `limit` matches, so that
   * a page may be short, even empty, while the list goes on.
   */
  readonly resumeAt?: string;
}

/** The window and filters of a list that grows with traffic, newest first. `before` is exclusive, `after` inclusive. */
export interface TimeWindow {
  readonly before?: Date;
  readonly after?: Date;
}
