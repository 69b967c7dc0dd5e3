import { memoryStore } from './memory-store.ts';

const { jest } = import.meta;

afterEach(() => {
  jest.restoreAllMocks();
});

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

it('forgets the id that was done longest ago when it is full, and says so once', async () => {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const { store, claim } = aStore({ maxIds: 3 });
  await claim('taken');
  for (const id of ['first', 'second', 'third', 'fourth']) {
    expect(await claim(id)).toEqual({ kind: 'claimed' });
    await store.complete(id, 'a');
  }
  expect(await claim('third')).toEqual({ kind: 'done' });
  expect(await claim('fourth')).toEqual({ kind: 'done' });
  expect(await claim('taken', 'b')).toMatchObject({ kind: 'in_progress' });
  expect(await claim('second')).toEqual({ kind: 'claimed' });
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('maxIds'), { code: 'POSTHORN_MEMORY_STORE_FULL' });
});

it('refuses new ids when all that it holds are taken', async () => {
  const { store, claim } = aStore({ maxIds: 2 });
  await claim('one');
  await claim('two');
  await expect(claim('new')).rejects.toThrow('The memory store is full: 2 messages are taken (maxIds).');
  expect(await claim('one', 'b')).toEqual({ kind: 'in_progress', leaseEndsInMs: 30_000 });
  expect(await claim('one', 'a')).toEqual({ kind: 'claimed' });
  await store.release('one', 'a');
  expect(await claim('new')).toEqual({ kind: 'claimed' });
});

it('makes room of what is over: what was done long ago, and leases that have ended', async () => {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const { store, pass, claim } = aStore({ maxIds: 2, keepSeconds: 60 });
  await claim('done');
  await store.complete('done', 'a');
  await claim('abandoned');
  pass(30_000);
  expect(await claim('new')).toEqual({ kind: 'claimed' });
  expect(await store.complete('abandoned', 'a')).toBe(false);
  expect(await claim('done')).toEqual({ kind: 'done' });
  pass(30_000);
  expect(await claim('newer')).toEqual({ kind: 'claimed' });
  expect(warn).not.toHaveBeenCalled();
});

it.each([{ maxIds: 0 }, { keepSeconds: 0 }, { maxIds: Number.NaN }])('cannot be made with %j', (options) => {
  expect(() => memoryStore(options)).toThrow(RangeError);
});
