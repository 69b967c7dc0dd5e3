import { inMemoryClaims, startOfTests } from '@posthorn/testing';
import { aRequest } from '../fixtures/a-request.ts';
import { json } from '../http/answer.ts';
import { createIdempotentRunner, idempotencyKeyOf } from './idempotently.ts';

/** Requests under one key, on time that moves on by sleeping only. */
function aRun() {
  let now = startOfTests.getTime();
  const claims = inMemoryClaims();
  const sleep = async (ms: number) => {
    now += ms;
  };
  const idempotently = createIdempotentRunner({ claims, clock: () => new Date(now), sleep });
  let runs = 0;
  const answering = (status: number) => async () => {
    runs += 1;
    return json(status, { run: runs });
  };
  return { idempotently, answering, sleep, count: () => runs, claims };
}

describe('a request under an idempotency key', () => {
  it('is done once, and its answer given again', async () => {
    const { idempotently, answering, count } = aRun();
    const first = await idempotently('key', answering(201));
    expect(await idempotently('key', answering(201))).toEqual(first);
    expect(count()).toBe(1);
  });

  it('is done again after 12 hours', async () => {
    const { idempotently, answering, sleep, count } = aRun();
    await idempotently('key', answering(201));
    await sleep(12 * 3_600_000);
    await idempotently('key', answering(201));
    expect(count()).toBe(2);
  });

  it('is done again after an answer that was no success', async () => {
    const { idempotently, answering, count } = aRun();
    await idempotently('key', answering(404));
    await idempotently('key', answering(201));
    expect(count()).toBe(2);
  });

  it('is done again after it was thrown out', async () => {
    const { idempotently, answering, count } = aRun();
    await expect(idempotently('key', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await idempotently('key', answering(201));
    expect(count()).toBe(1);
  });

  it('waits for the first one, and answers as that does', async () => {
    const { idempotently, answering } = aRun();
    const done = Promise.withResolvers<void>();
    const first = idempotently('key', async () => {
      await done.promise;
      return json(201, { run: 'first' });
    });
    const second = idempotently('key', answering(201));
    done.resolve();
    expect(await second).toEqual(await first);
  });

  it('goes ahead when the first one has not come back within its lock', async () => {
    const { idempotently, answering, count } = aRun();
    const never = new Promise<never>(() => undefined);
    void idempotently('key', () => never);
    await idempotently('key', answering(201));
    expect(count()).toBe(1);
  });

  it('is done each time without a key', async () => {
    const { idempotently, answering, count } = aRun();
    await idempotently(undefined, answering(201));
    await idempotently(undefined, answering(201));
    expect(count()).toBe(2);
  });
});

describe('what a repeated request is known by', () => {
  const headers = { 'idempotency-key': 'k', authorization: 'Bearer a' };
  const request = { ...aRequest({ path: '/p', search: 'a=1' }), headers };

  it('is not its body', () => {
    expect(idempotencyKeyOf({ ...request, body: 'other' })).toBe(idempotencyKeyOf(request));
  });

  it.each([
    ['the caller', { headers: { ...headers, authorization: 'Bearer b' } }],
    ['the key', { headers: { ...headers, 'idempotency-key': 'other' } }],
    ['the path', { rawPath: '/q' }],
    ['the query', { rawQueryString: 'a=2' }],
  ])('is %s', (_, other) => expect(idempotencyKeyOf({ ...request, ...other })).not.toBe(idempotencyKeyOf(request)));
});
