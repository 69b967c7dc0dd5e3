import { memoryStore } from '../once/memory-store.ts';
import type { OnceStore } from '../once/store.ts';
import { storeContract } from './store-contract.ts';

describe('the store in memory keeps the contract', () => {
  for (const { name, check } of storeContract(() => memoryStore())) it(name, check);
});

/** A store that makes another id of each. */
const withIds =
  (change: (id: string) => string) =>
  (store: OnceStore): OnceStore => ({
    claim: (id, given) => store.claim(change(id), given),
    complete: (id, owner) => store.complete(change(id), owner),
    release: (id, owner) => store.release(change(id), owner),
  });

/** Stores with one fault each. */
const faults: Readonly<Record<string, (store: OnceStore) => OnceStore>> = {
  'gives an id to everyone': (store) => ({ ...store, claim: async () => ({ kind: 'claimed' }) }),
  'looks first and takes later': (store) => {
    const taken = new Set<string>();
    return {
      ...store,
      claim: async (id, given) => {
        if (taken.has(id)) return store.claim(id, given);
        await Promise.resolve();
        taken.add(id);
        await store.claim(id, given);
        return { kind: 'claimed' };
      },
    };
  },
  'takes itself for someone else': (store) => ({
    ...store,
    claim: (id, given) => store.claim(id, { ...given, owner: crypto.randomUUID() }),
  }),
  'forgets what is done': (store) => ({
    ...store,
    complete: async (id, owner) => {
      await store.release(id, owner);
      return true;
    },
  }),
  'lets anyone complete': (store) => ({
    ...store,
    complete: async (id, owner) => {
      await store.complete(id, owner);
      return true;
    },
  }),
  'releases nothing': (store) => ({ ...store, release: async () => undefined }),
  'does not know capitals': withIds((id) => id.toLowerCase()),
  'cuts ids after 513 characters': withIds((id) => id.slice(0, 513)),
  'cuts ids after 256 characters': withIds((id) => id.slice(0, 256)),
  'has only the last 257 characters': withIds((id) => id.slice(-257)),
  'leaves out spaces': withIds((id) => id.replaceAll(' ', '')),
  'reads no further than a space': withIds((id) => id.split(' ')[0] ?? ''),
  'leaves out what is before a space': withIds((id) => id.split(' ').at(-1) ?? ''),
  'does not know where the space is': withIds((id) => [...id].sort().join('')),
};

it.each(Object.entries(faults))('a store that %s does not', async (_, spoil) => {
  const outcomes = await Promise.allSettled(storeContract(() => spoil(memoryStore())).map(({ check }) => check()));
  expect(outcomes.filter(({ status }) => status === 'rejected')).not.toHaveLength(0);
});
