/**
 * A time in seconds before which no item of a table expires. Until then, nobody has to search for expired items, and the
 * next search begins there: LevelDB would go over the deleted rows from before for a long time.
 */
export interface ExpiryMarks {
  /** Returns the mark: 0 before the first search. */
  of(tableId: string): number;
  /** Notes the expiry of a row that is written, or that was found. */
  lower(tableId: string, seconds: number): void;
  /** Removes the mark at the begin of a search, and returns it. Rows that are written from now on lower it again. */
  take(tableId: string): number;
}

export function createExpiryMarks(): ExpiryMarks {
  const marks = new Map<string, number>();
  const markOf = (tableId: string): number => marks.get(tableId) ?? 0;
  return {
    of: markOf,
    lower: (tableId, seconds) => {
      if (seconds < markOf(tableId)) marks.set(tableId, seconds);
    },
    take: (tableId) => {
      const from = markOf(tableId);
      marks.set(tableId, Number.POSITIVE_INFINITY);
      return from;
    },
  };
}
