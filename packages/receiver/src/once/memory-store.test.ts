import { memoryStore } from './memory-store.ts';

const start = 1_700_000_000_000;

function aStore(options: { readonly maxIds?: number; readonly keepSeconds?: number } = {}) {
  let now = start;
  const store = memoryStore({ ...options, now: () => now });
  return {
    store,
    pass: (ms: number) => {
      now += ms;
    },
    claim: (id: string, owner = 'a') => store.claim(id, { leaseMs: 30_000, owner }),
  };
}

it('remembers what is done for two days', async () => {
  const { store, pass, claim } = aStore();
  await claim('1');
  await store.complete('1', 'a');
  pass(172_800_000 - 1);
  expect(await claim('1', 'b')).toEqual({ kind: 'done' });
  pass(1);
  expect(await claim('1', 'b')).toEqual({ kind: 'claimed' });
});

it('refuses new ids when it is full, and forgets none', async () => {
  const { store, claim } = aStore({ maxIds: 2 });
  await claim('done');
  await store.complete('done', 'a');
  await claim('taken');
  await expect(claim('new')).rejects.toThrow('The memory store is full: it remembers 2 messages (maxIds).');
  expect(await claim('done')).toEqual({ kind: 'done' });
  expect(await claim('taken', 'b')).toEqual({ kind: 'in_progress', leaseEndsInMs: 30_000 });
  expect(await claim('taken', 'a')).toEqual({ kind: 'claimed' });
  await store.release('taken', 'a');
  expect(await claim('new')).toEqual({ kind: 'claimed' });
});

it('makes room of what is over: what was done long ago, and leases that have ended', async () => {
  const { store, pass, claim } = aStore({ maxIds: 2, keepSeconds: 60 });
  await claim('done');
  await store.complete('done', 'a');
  await claim('abandoned');
  pass(30_000);
  expect(await claim('new')).toEqual({ kind: 'claimed' });
  expect(await store.complete('abandoned', 'a')).toBe(false);
  await expect(claim('newer')).rejects.toThrow('full');
  pass(30_000);
  expect(await claim('newer')).toEqual({ kind: 'claimed' });
});

it.each([{ maxIds: 0 }, { keepSeconds: 0 }, { maxIds: Number.NaN }])('cannot be made with %j', (options) => {
  expect(() => memoryStore(options)).toThrow(RangeError);
});
