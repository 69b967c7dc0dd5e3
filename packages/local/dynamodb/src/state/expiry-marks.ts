/**
 * The lowest time in seconds at which an item of each table may expire. A search for expired items begins there: earlier
 * rows were deleted, and LevelDB would go over them for a long time.
 */
export interface ExpiryMarks {
  /** Notes a row that is written. */
  lower(tableId: string, seconds: number): void;
  /** Returns the mark before a search, and raises it to the end of the search. */
  raise(tableId: string, to: number): number;
}

export function createExpiryMarks(): ExpiryMarks {
  const marks = new Map<string, number>();
  // The first search begins at 0.
  const markOf = (tableId: string): number => marks.get(tableId) ?? 0;
  return {
    lower: (tableId, seconds) => {
      if (seconds < markOf(tableId)) marks.set(tableId, seconds);
    },
    raise: (tableId, to) => {
      const from = markOf(tableId);
      marks.set(tableId, to);
      return from;
    },
  };
}
