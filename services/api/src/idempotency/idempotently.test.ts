import { DomainError, ValidationError } from '@posthorn/core';
import { inMemoryClaims, startOfTests } from '@posthorn/testing';
import { json, jsonText, unstored } from '../http/answer.ts';
import { type AnswerSeal, unsealed } from './answer-seal.ts';
import { createIdempotentRunner } from './idempotently.ts';

/** Requests with one key, on a clock that only sleeping moves. Each answer has the number of its run. */
function aRunner({ answers = unsealed }: { readonly answers?: AnswerSeal } = {}) {
  let now = startOfTests.getTime();
  const claims = inMemoryClaims();
  const sleep = async (ms: number) => {
    now += ms;
  };
  let bytes = 0;
  const randomBytes = (count: number) => {
    bytes += 1;
    return new Uint8Array(count).fill(bytes);
  };
  const runIdempotently = createIdempotentRunner({ claims, clock: () => new Date(now), sleep, randomBytes });
  const gone = new Set<number>();
  const repeat = async ({ status, body }: { readonly status: number; readonly body: string }) =>
    gone.has(JSON.parse(body).run) ? undefined : jsonText(status, body);
  let runs = 0;
  const answering = (status: number) => async () => {
    runs += 1;
    return json(status, { run: runs });
  };
  const request = (run: Parameters<typeof runIdempotently>[0]['run']) =>
    runIdempotently({ key: 'key', answers, repeat, run });
  return { request, answering, sleep, count: () => runs, claims, gone };
}

describe('a request under an idempotency key', () => {
  it('is done once, and its answer is repeated', async () => {
    const { request, answering, count } = aRunner();
    const first = await request(answering(201));
    expect(await request(answering(201))).toEqual(first);
    expect(count()).toBe(1);
  });

  it('is done again after 12 hours', async () => {
    const { request, answering, sleep, count } = aRunner();
    await request(answering(201));
    await sleep(12 * 3_600_000 - 1);
    await request(answering(201));
    expect(count()).toBe(1);
    await sleep(1);
    await request(answering(201));
    expect(count()).toBe(2);
  });

  it.each([300, 404])('is done again after the answer %i', async (status) => {
    const { request, answering, count } = aRunner();
    await request(answering(status));
    await request(answering(201));
    expect(count()).toBe(2);
  });

  it('is done again after an error was thrown', async () => {
    const { request, answering, count } = aRunner();
    await expect(request(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await request(answering(201));
    expect(count()).toBe(1);
  });

  it('waits for the first one, and gets its answer', async () => {
    const { request, answering } = aRunner();
    const done = Promise.withResolvers<void>();
    const first = request(async () => {
      await done.promise;
      return json(201, { run: 'first' });
    });
    const second = request(answering(201));
    done.resolve();
    expect(await second).toEqual(await first);
  });

  it('goes ahead if the first one has died', async () => {
    const { request, answering, count } = aRunner();
    const never = new Promise<never>(() => undefined);
    void request(() => never);
    await request(answering(201));
    expect(count()).toBe(1);
  });

  it('is taken up again with the same seed if the first one has died or failed', async () => {
    const { request, answering, sleep } = aRunner();
    const begun: object[] = [];
    const noting = (run: () => ReturnType<ReturnType<typeof answering>>) => (origin: object) => {
      begun.push(origin);
      return run();
    };
    void request(noting(() => new Promise<never>(() => undefined)));
    await expect(request(noting(() => Promise.reject(new Error('no'))))).rejects.toThrow('no');
    await sleep(3_600_000);
    await request(noting(answering(404)));
    await request(noting(answering(201)));
    const [first] = begun;
    expect(first).toEqual({ at: startOfTests, text: expect.stringMatching(/^[\w-]{20}$/), isResumed: false });
    const again = { ...first, isResumed: true };
    expect(begun).toEqual([first, again, again, again]);
  });

  it.each([
    ['error of its own', () => Promise.reject(new DomainError('not_found', 'no'))],
    ['invalid body', () => Promise.reject(new ValidationError([]))],
    ['answer', async () => json(404, {})],
    ['answer that is not stored', async () => unstored(json(200, {}))],
  ])('begins anew after one that ended with an %s', async (_, run) => {
    const { request, answering, sleep } = aRunner();
    await Promise.allSettled([request(run)]);
    await sleep(3_600_000);
    const begun: object[] = [];
    await request((origin) => {
      begun.push(origin);
      return answering(201)();
    });
    const at = new Date(startOfTests.getTime() + 3_600_000);
    // The seed of the first request has the first bytes.
    const text = Buffer.from(new Uint8Array(15).fill(2)).toString('base64url');
    expect(begun).toEqual([{ at, text, isResumed: false }]);
  });

  it.each([
    ['error of ours', () => Promise.reject(new Error('no'))],
    ['answer of an outage', async () => json(503, {})],
  ])('is taken up again after one that ended with an %s, also if it is refused in between', async (_, run) => {
    const { request, answering } = aRunner();
    await Promise.allSettled([request(run)]);
    await request(answering(422));
    await expect(request(() => Promise.reject(new DomainError('conflict', 'no')))).rejects.toThrow('no');
    const begun: object[] = [];
    await request((origin) => {
      begun.push(origin);
      return answering(201)();
    });
    expect(begun).toMatchObject([{ at: startOfTests, isResumed: true }]);
  });

  it('is taken up again if a slow first one is refused after another one has begun', async () => {
    const { request, answering } = aRunner();
    const late = Promise.withResolvers<void>();
    const first = request(async () => {
      await late.promise;
      return json(422, {});
    });
    await expect(request(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    late.resolve();
    await first;
    const begun: object[] = [];
    await request((origin) => {
      begun.push(origin);
      return answering(201)();
    });
    expect(begun).toMatchObject([{ at: startOfTests, isResumed: true }]);
  });

  it('begins anew 12 hours after one that has died', async () => {
    const { request, answering, sleep } = aRunner();
    const begun: { readonly text: string }[] = [];
    const noting = (run: () => ReturnType<ReturnType<typeof answering>>) => (origin: { readonly text: string }) => {
      begun.push(origin);
      return run();
    };
    void request(noting(() => new Promise<never>(() => undefined)));
    await sleep(12 * 3_600_000);
    await request(noting(answering(201)));
    const at = new Date(startOfTests.getTime() + 12 * 3_600_000);
    expect(begun[1]).toMatchObject({ at, isResumed: false });
    expect(begun[1]?.text).not.toBe(begun[0]?.text);
  });

  it('is refused if the others take longer than it can wait', async () => {
    const { request, answering, count, claims } = aRunner();
    claims.begin = async () => ({ kind: 'in_progress' });
    await expect(request(answering(201))).rejects.toMatchObject({ code: 'conflict' });
    expect(count()).toBe(0);
  });

  it('keeps the answer of the one that went ahead, not that of a late first one', async () => {
    const { request, answering } = aRunner();
    const late = Promise.withResolvers<void>();
    const first = request(async () => {
      await late.promise;
      return json(201, { run: 'late' });
    });
    const second = await request(answering(201));
    late.resolve();
    expect(await first).toMatchObject({ body: '{"run":"late"}' });
    expect(await request(answering(201))).toEqual(second);
  });
});

describe('a request with an answer that names a deleted thing', () => {
  it('is done again, and its new answer is repeated', async () => {
    const { request, answering, gone, count } = aRunner();
    await request(answering(201));
    gone.add(1);
    const again = await request(answering(201));
    expect(again).toMatchObject({ statusCode: 201, body: '{"run":2}' });
    expect(await request(answering(201))).toEqual(again);
    expect(count()).toBe(2);
  });

  it('is done again by one of several repetitions at the same time, which all get its answer', async () => {
    const { request, answering, gone, count } = aRunner();
    await request(answering(201));
    gone.add(1);
    const answers = await Promise.all(Array.from({ length: 5 }, () => request(answering(201))));
    expect(answers.map(({ body }) => body)).toEqual(Array(5).fill('{"run":2}'));
    expect(count()).toBe(2);
  });

  it('is done again by the next one if the one that took it over died or failed', async () => {
    const { request, answering, gone, count } = aRunner();
    await request(answering(201));
    gone.add(1);
    await expect(request(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await request(answering(404));
    void request(() => new Promise<never>(() => undefined));
    expect(await request(answering(201))).toMatchObject({ body: '{"run":3}' });
    expect(count()).toBe(3);
  });
});

it('stores a sealed answer as the seal returns it, and repeats it opened', async () => {
  const answers = {
    seal: async (body: string) => Buffer.from(body).toString('base64'),
    open: async (stored: string) => Buffer.from(stored, 'base64').toString(),
  };
  const { request, answering, claims } = aRunner({ answers });
  const first = await request(answering(201));
  const times = { lockedUntil: startOfTests, keptUntil: startOfTests };
  const found = await claims.begin({ key: 'key', seed: { at: startOfTests, text: 'seed' }, ...times });
  expect(found).toMatchObject({ kind: 'answered', answer: { status: 201, body: 'eyJydW4iOjF9' } });
  expect(await request(answering(201))).toEqual(first);
});
