/** Remembers a limited number of values for a while. The oldest one makes room for a new one. */
export interface BoundedMemory<T> {
  find(key: string): T | undefined;
  keep(key: string, value: T, keepMs: number): void;
  forget(key: string): void;
}

export interface BoundedMemoryOptions {
  readonly maxEntries: number;
  /** Milliseconds. */
  readonly now: () => number;
}

export function createBoundedMemory<T>({ maxEntries, now }: BoundedMemoryOptions): BoundedMemory<T> {
  const entries = new Map<string, { readonly value: T; readonly until: number }>();
  return {
    find: (key) => {
      const entry = entries.get(key);
      if (entry === undefined || now() < entry.until) return entry?.value;
      entries.delete(key);
      return undefined;
    },
    keep: (key, value, keepMs) => {
      if (keepMs <= 0) return;
      entries.delete(key);
      entries.set(key, { value, until: now() + keepMs });
      const [oldest] = entries.keys();
      if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
    },
    forget: (key) => void entries.delete(key),
  };
}
