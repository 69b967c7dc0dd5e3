import { memoryStore } from './memory-store.ts';
import { once } from './once.ts';
import type { Run, RunOptions } from './run.ts';
import { LeaseLostError, type OnceStore, StoreError } from './store.ts';

const { jest } = import.meta;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

const seconds = (count: number) => jest.advanceTimersByTimeAsync(count * 1_000);
const hang = () => Promise.withResolvers<string>();
/** Begins a run of message `msg_1`, and returns when its handler has begun. */
async function start(store: OnceStore, handler: () => Promise<string>, options: RunOptions = {}) {
  const begun = Promise.withResolvers<Run>();
  const handle = (run: Run) => {
    begun.resolve(run);
    return handler();
  };
  const result = once('msg_1', handle, store, options);
  return { run: await begun.promise, result };
}
const claimBy = (store: OnceStore, owner: string) => store.claim('msg_1', { leaseMs: 1_000, owner });

it('runs a handler once, however often and at the same time it is called', async () => {
  const store = memoryStore();
  const { promise, resolve } = hang();
  const handler = jest.fn(() => promise);
  const results = Array.from({ length: 50 }, () => once('msg_1', handler, store));
  await Promise.all(results.slice(1));
  resolve('value');
  expect(await results[0]).toEqual({ kind: 'done', value: 'value' });
  for (const result of results.slice(1)) expect(await result).toEqual({ kind: 'in_progress', retryAfterSeconds: 30 });
  expect(await once('msg_1', handler, store)).toEqual({ kind: 'already_done' });
  expect(handler).toHaveBeenCalledTimes(1);
});

it('gives the message back if the handler throws, also at once', async () => {
  const store = memoryStore();
  const wrong = new Error('wrong');
  await expect(once('msg_1', () => Promise.reject(wrong), store)).rejects.toBe(wrong);
  const throwAtOnce = (): void => {
    throw wrong;
  };
  await expect(once('msg_1', throwAtOnce, store)).rejects.toBe(wrong);
  expect(await once('msg_1', () => 1, store)).toEqual({ kind: 'done', value: 1 });
});

it('throws what the handler has thrown, also if the message cannot be given back', async () => {
  const store = { ...memoryStore(), release: () => Promise.reject(new Error('no connection')) };
  const wrong = new Error('wrong');
  await expect(once('msg_1', () => Promise.reject(wrong), store)).rejects.toBe(wrong);
  expect(await claimBy(store, 'other')).toMatchObject({ kind: 'in_progress' });
  await seconds(30);
  expect(await claimBy(store, 'other')).toEqual({ kind: 'claimed' });
});

it.each(['claim', 'complete'] as const)('says so if the store fails to %s', async (step) => {
  const cause = new Error('no connection');
  const store = { ...memoryStore(), [step]: () => Promise.reject(cause) };
  const handler = jest.fn();
  const failure = once('msg_1', handler, store);
  await expect(failure).rejects.toThrow(StoreError);
  await expect(failure).rejects.toMatchObject({ cause });
  expect(handler).toHaveBeenCalledTimes(step === 'claim' ? 0 : 1);
});

describe('a store that does not answer', () => {
  it.each([
    ['claim', {}, 5],
    ['complete', {}, 5],
    ['claim', { storeTimeoutSeconds: 0.5 }, 0.5],
    ['complete', { leaseSeconds: 2 }, 2],
  ] as const)('has failed to %s after its limit, with %j', async (step, options, limit) => {
    const late = Promise.withResolvers<never>();
    const store = { ...memoryStore(), [step]: () => late.promise };
    let failure: unknown;
    const ended = once('msg_1', () => 1, store, options).catch((error: unknown) => {
      failure = error;
    });
    await seconds(limit - 0.1);
    expect(failure).toBeUndefined();
    await seconds(0.1);
    expect(failure).toBeInstanceOf(StoreError);
    expect(failure).toMatchObject({ cause: { message: expect.stringContaining('storeTimeoutSeconds') } });
    expect(jest.getTimerCount()).toBe(0);
    // A rejection without a handler would end this process.
    late.reject(new Error('no connection'));
    await ended;
  });

  it('does not hold up what the handler has thrown', async () => {
    const store = { ...memoryStore(), release: () => new Promise<never>(() => undefined) };
    const failure = expect(once('msg_1', () => Promise.reject(new Error('wrong')), store)).rejects.toThrow('wrong');
    await seconds(5);
    await failure;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('keeps a message taken by a late claim until its lease ends', async () => {
    const store = memoryStore();
    const { claim } = store;
    const slow = Promise.withResolvers<void>();
    jest.spyOn(store, 'claim').mockImplementationOnce(async (id, given) => {
      await slow.promise;
      return claim(id, given);
    });
    const handler = jest.fn(() => 1);
    const failure = expect(once('msg_1', handler, store)).rejects.toThrow(StoreError);
    await seconds(5);
    await failure;
    slow.resolve();
    await seconds(0);
    expect(await once('msg_1', handler, store)).toEqual({ kind: 'in_progress', retryAfterSeconds: 30 });
    await seconds(30);
    expect(await once('msg_1', handler, store)).toEqual({ kind: 'done', value: 1 });
    expect(handler).toHaveBeenCalledTimes(1);
  });
});

it.each([0, 0.05, -1, Number.NaN, 61])('refuses a limit of %d seconds for its store', async (storeTimeoutSeconds) => {
  await expect(once('msg_1', () => 1, memoryStore(), { storeTimeoutSeconds })).rejects.toThrow(RangeError);
});

describe('a handler that runs for longer than its lease', () => {
  it('keeps its message: the lease is renewed', async () => {
    const store = memoryStore();
    const { promise, resolve } = hang();
    const result = once('msg_1', () => promise, store, { leaseSeconds: 30 });
    for (let passed = 0; passed < 600; passed += 10) {
      await seconds(10);
      expect(await claimBy(store, 'other')).toMatchObject({ kind: 'in_progress' });
    }
    resolve('late');
    expect(await result).toEqual({ kind: 'done', value: 'late' });
  });

  it('keeps its message if one renewal fails', async () => {
    const store = memoryStore();
    const { promise, resolve } = hang();
    const claim = jest.spyOn(store, 'claim');
    const result = once('msg_1', () => promise, store, { leaseSeconds: 30 });
    claim.mockRejectedValueOnce(new Error('no connection'));
    await seconds(35);
    expect(claim).toHaveBeenCalledTimes(4);
    resolve('late');
    expect(await result).toEqual({ kind: 'done', value: 'late' });
  });

  it('is told when its lease is over because no renewal succeeds', async () => {
    const store = memoryStore();
    const { promise, resolve } = hang();
    const { run, result } = await start(store, () => promise);
    await seconds(15);
    jest.spyOn(store, 'claim').mockRejectedValue(new Error('no connection'));
    // The renewal after ten seconds was the last one that succeeded.
    await seconds(24);
    expect(run.signal.aborted).toBe(false);
    await seconds(1);
    expect(run.signal.reason).toBeInstanceOf(LeaseLostError);
    jest.restoreAllMocks();
    expect(await claimBy(store, 'other')).toEqual({ kind: 'claimed' });
    resolve('late');
    expect(await result).toEqual({ kind: 'lease_lost' });
  });

  it('counts its lease from when it asked for it', async () => {
    const store = memoryStore();
    const { promise, resolve } = hang();
    const { claim } = store;
    const slow = Promise.withResolvers<void>();
    jest.spyOn(store, 'claim').mockImplementation(async (id, given) => {
      const claimed = await claim(id, given);
      await slow.promise;
      return claimed;
    });
    const starting = start(store, () => promise, { storeTimeoutSeconds: 25 });
    await seconds(20);
    slow.resolve();
    const { run, result } = await starting;
    jest.spyOn(store, 'claim').mockRejectedValue(new Error('no connection'));
    await seconds(9);
    expect(run.signal.aborted).toBe(false);
    await seconds(1);
    expect(run.signal.aborted).toBe(true);
    resolve('late');
    expect(await result).toEqual({ kind: 'done', value: 'late' });
  });

  it('is not disturbed by a renewal that finds it done by its own transaction', async () => {
    const store = memoryStore();
    const { promise, resolve } = hang();
    const { run, result } = await start(store, () => promise);
    await store.complete(run.id, run.owner);
    const claim = jest.spyOn(store, 'claim');
    await seconds(60);
    expect(claim).toHaveBeenCalledTimes(1);
    expect(run.signal.aborted).toBe(false);
    resolve('value');
    expect(await result).toEqual({ kind: 'done', value: 'value' });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is done though a renewal hangs for ever', async () => {
    const store = memoryStore();
    const { promise, resolve } = hang();
    const { result } = await start(store, () => promise);
    const claim = jest.spyOn(store, 'claim').mockReturnValue(new Promise(() => undefined));
    await seconds(12);
    expect(claim).toHaveBeenCalledTimes(1);
    resolve('value');
    expect(await result).toEqual({ kind: 'done', value: 'value' });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('gives its message back at the end of its lease if a renewal hangs for ever', async () => {
    const store = memoryStore();
    const { promise, reject } = hang();
    const { result } = await start(store, () => promise);
    jest.spyOn(store, 'claim').mockReturnValue(new Promise(() => undefined));
    const release = jest.spyOn(store, 'release');
    await seconds(12);
    const failure = expect(result).rejects.toThrow('wrong');
    reject(new Error('wrong'));
    await seconds(17);
    expect(release).not.toHaveBeenCalled();
    await seconds(1);
    expect(release).toHaveBeenCalledTimes(1);
    await failure;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('loses its message after 15 minutes, and is told', async () => {
    const store = memoryStore();
    const { promise, resolve } = hang();
    let run: Run | undefined;
    const handler = (given: Run) => {
      run = given;
      return promise;
    };
    const result = once('msg_1', handler, store);
    // The last renewal is that after 900 seconds.
    await seconds(929);
    expect(run?.signal.aborted).toBe(false);
    await seconds(1);
    expect(run?.signal.reason).toBeInstanceOf(LeaseLostError);
    expect(await once('msg_1', () => 'second', store)).toEqual({ kind: 'done', value: 'second' });
    resolve('first');
    expect(await result).toEqual({ kind: 'lease_lost' });
  });

  it('does not mark the run of another as done', async () => {
    const store = memoryStore();
    const first = hang();
    const second = hang();
    // As on a machine that was suspended: nothing is renewed.
    const frozen = jest.spyOn(globalThis, 'setInterval').mockReturnValueOnce(setTimeout(() => undefined, 0));
    const one = once('msg_1', () => first.promise, store);
    await seconds(31);
    expect(frozen).toHaveBeenCalledTimes(1);
    const other = once('msg_1', () => second.promise, store);
    await seconds(1);
    first.resolve('first');
    expect(await one).toEqual({ kind: 'lease_lost' });
    expect(await once('msg_1', () => 'third', store)).toMatchObject({ kind: 'in_progress' });
    second.resolve('second');
    expect(await other).toEqual({ kind: 'done', value: 'second' });
  });

  it('is told at the next renewal that another run has its message', async () => {
    const store = memoryStore();
    const { promise, resolve } = hang();
    const run = Promise.withResolvers<Run>();
    const handler = (given: Run) => {
      run.resolve(given);
      return promise;
    };
    const claim = jest.spyOn(store, 'claim');
    const result = once('msg_1', handler, store);
    const { signal } = await run.promise;
    claim.mockResolvedValueOnce({ kind: 'in_progress', leaseEndsInMs: 1 });
    await seconds(11);
    expect(signal.aborted).toBe(true);
    resolve('late');
    await result;
  });
});

it('waits for a renewal before it gives the message back, so that none comes after', async () => {
  const store = memoryStore();
  const handled = hang();
  const claim = jest.spyOn(store, 'claim');
  const failure = once('msg_1', () => handled.promise, store).catch((error: unknown) => error);
  await seconds(0);
  const slow = Promise.withResolvers<void>();
  const { claim: claimNow } = memoryStore();
  claim.mockImplementationOnce(async (id, given) => {
    await slow.promise;
    return claimNow(id, given);
  });
  await seconds(10);
  const release = jest.spyOn(store, 'release');
  handled.reject(new Error('wrong'));
  await seconds(0);
  expect(release).not.toHaveBeenCalled();
  slow.resolve();
  await failure;
  expect(release).toHaveBeenCalledTimes(1);
  expect(jest.getTimerCount()).toBe(0);
});

it('keeps the ids of scopes apart, and tells the handler under which id it is known', async () => {
  const store = memoryStore();
  const scopes = [undefined, 'a', 'b', 'b@'];
  const known: string[] = [];
  for (const scope of scopes)
    for (const id of ['msg_1', 'b msg_1', '@b msg_1', '@ msg_1', '@@b msg_1'])
      await once(id, (run) => known.push(run.id), store, scope === undefined ? {} : { scope });
  expect(new Set(known).size).toBe(20);
  expect(known).toEqual(expect.arrayContaining(['msg_1', '@a msg_1', '@b msg_1']));
  expect(await once('msg_1', () => 1, store, { scope: 'a' })).toEqual({ kind: 'already_done' });
});

it.each(['', 'two words', 'é', 'x'.repeat(257)])('refuses the scope %j', async (scope) => {
  await expect(once('msg_1', () => 1, memoryStore(), { scope })).rejects.toThrow(RangeError);
});

it.each([0, 0.5, -1, Number.NaN, 43_201, Number.POSITIVE_INFINITY])(
  'refuses a lease of %d seconds',
  async (leaseSeconds) => {
    await expect(once('msg_1', () => 1, memoryStore(), { leaseSeconds })).rejects.toThrow(RangeError);
  },
);
