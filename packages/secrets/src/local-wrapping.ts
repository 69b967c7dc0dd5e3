import { randomBytes } from 'node:crypto';
import type { KeyWrapping, WrappingContext } from './key-wrapping.ts';
import { dataKeyBytes, decrypt, encrypt } from './sealing.ts';

/** Wraps keys with a master key of 32 bytes, in the same way as values are sealed. */
export function createLocalWrapping(masterKey: () => Promise<Uint8Array>): KeyWrapping {
  return {
    async createDataKey(context) {
      const key = randomBytes(dataKeyBytes);
      return { key, wrapped: encrypt(key, { key: await masterKey(), boundTo: boundTo(context) }) };
    },
    async unwrap(wrapped, context) {
      return decrypt(wrapped, { key: await masterKey(), boundTo: boundTo(context) });
    },
  };
}

/** A JSON object. Values of the first version are under the same master key, and are bound to a JSON array. */
const boundTo = (context: WrappingContext): string =>
  JSON.stringify(Object.fromEntries(Object.entries(context).toSorted(([one], [other]) => (one < other ? -1 : 1))));
