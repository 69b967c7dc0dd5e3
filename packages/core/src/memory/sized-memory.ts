/** Remembers values of a limited size together. What was used the longest time ago makes room for a new one. */
export interface SizedMemory<T> {
  find(key: string): T | undefined;
  /** A value that is larger than all may be together is not kept. */
  keep(key: string, value: T, size: number): void;
}

/** @param maxSize - in the unit of the sizes that are given */
export function createSizedMemory<T>(maxSize: number): SizedMemory<T> {
  const entries = new Map<string, { readonly value: T; readonly size: number }>();
  let total = 0;
  const remove = (key: string): void => {
    total -= entries.get(key)?.size ?? 0;
    entries.delete(key);
  };
  return {
    find: (key) => {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      // It is the newest again.
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    keep: (key, value, size) => {
      remove(key);
      if (size > maxSize) return;
      entries.set(key, { value, size });
      total += size;
      for (const oldest of entries.keys()) {
        if (total <= maxSize) return;
        remove(oldest);
      }
    },
  };
}
