/** How many ids are remembered. A message that comes twice in a log comes again soon. */
const maxIds = 10_000;

/** Remembers the newest ids. */
export interface RecentIds {
  has(id: string): boolean;
  add(id: string): void;
}

export function createRecentIds(first: Iterable<string>): RecentIds {
  const ids = new Set(first);
  return {
    has: (id) => ids.has(id),
    add: (id) => {
      ids.add(id);
      if (ids.size <= maxIds) return;
      const [oldest] = ids;
      if (oldest !== undefined) ids.delete(oldest);
    },
  };
}
