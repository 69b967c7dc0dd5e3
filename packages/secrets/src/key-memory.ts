/** Remembers keys, so that a warm function does not ask for the same key at every use. */
export interface KeyMemory {
  /** Returns the remembered key, or loads it. A key that was not found, or whose load failed, is not remembered. */
  find(name: string, load: () => Promise<Uint8Array | undefined>): Promise<Uint8Array | undefined>;
  keep(name: string, key: Uint8Array): void;
}

const maxRememberedKeys = 1_000;
const rememberedMs = 5 * 60 * 1_000;

/**
 * Remembers the thousand keys that were used last, for five minutes. So a worker can still open values for some minutes
 * after KMS has refused access.
 *
 * @param now - returns the current time in milliseconds
 */
export function createKeyMemory(now: () => number, maxKeys = maxRememberedKeys): KeyMemory {
  const keys = new Map<string, { readonly key: Promise<Uint8Array | undefined>; readonly until: number }>();
  const remember = (name: string, entry: ReturnType<(typeof keys)['get']> & object) => {
    // Moves the entry to the end: the map is ordered by last use.
    keys.delete(name);
    keys.set(name, entry);
    for (const oldest of keys.keys()) {
      if (keys.size <= maxKeys) break;
      keys.delete(oldest);
    }
  };
  return {
    find(name, load) {
      const known = keys.get(name);
      if (known && known.until > now()) {
        remember(name, known);
        return known.key;
      }
      const entry = { key: load(), until: now() + rememberedMs };
      remember(name, entry);
      const forget = () => {
        if (keys.get(name) === entry) keys.delete(name);
      };
      entry.key.then((key) => key ?? forget(), forget);
      return entry.key;
    },
    keep: (name, key) => remember(name, { key: Promise.resolve(key), until: now() + rememberedMs }),
  };
}
