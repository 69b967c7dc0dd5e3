import type { OrderStore } from './order-check.ts';

/**
 * Remembers positions in the memory of this process.
 *
 * @param maxKeys - how many keys it holds, by default 100,000. Then it forgets the key that was checked longest ago: an
 * older message of that key is taken for a newer one.
 * @throws RangeError if `maxKeys` is not above 0
 */
export function memoryOrderStore({ maxKeys = 100_000 }: { readonly maxKeys?: number } = {}): OrderStore {
  if (!(maxKeys > 0)) throw new RangeError('maxKeys must be above 0.');
  /** The key that was checked longest ago is the first one. */
  const newest = new Map<string, string>();
  const remember = (key: string, position: string): void => {
    newest.delete(key);
    newest.set(key, position);
    const [oldest] = newest.keys();
    if (newest.size > maxKeys && oldest !== undefined) newest.delete(oldest);
  };
  return {
    advance: async (key, position) => {
      const known = newest.get(key);
      remember(key, known !== undefined && known > position ? known : position);
      if (known === undefined || known < position) return 'newer';
      return known === position ? 'same' : 'older';
    },
  };
}
