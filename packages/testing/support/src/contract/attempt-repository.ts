import {
  type Attempt,
  type AttemptQuery,
  type AttemptRepository,
  firstAttemptIdOf,
  type NextStep,
} from '@posthorn/core';
import { anAttempt } from '../builders/attempt.ts';
import { ids, nthId, secondsLater } from '../builders/ids.ts';
import { describePaging } from './paging-promises.ts';
import { walkForward } from './walk-list.ts';

type Create = () => Promise<AttemptRepository>;

const now = secondsLater(3_600);
const daySeconds = 24 * 3_600;
const concurrent = 8;

/**
 * What every attempt repository promises. The repository stores successes for 30 days and failures for 90 days. Each
 * test gets an empty one.
 */
export function describeAttemptRepository(name: string, create: Create): void {
  describe(`attempts ${name}`, () => {
    describeRecording(create);
    describeFilters(create);
    describeWindows(create);
    describe.each(['endpoint', 'message'] as const)('listed by %s', (by) => {
      describePaging(() => prepareList(create, by));
    });
  });
}

function describeRecording(create: Create): void {
  it('finds everything that was recorded, with and without the endpoint', async () => {
    const attempts = await create();
    const attempt = anAttempt({
      attemptNumber: 3,
      trigger: 'manual',
      status: 'failed',
      responseStatusCode: 0,
      response: 'connection refused',
      attemptedAt: secondsLater(0.123),
      next: { kind: 'retry', at: secondsLater(300) },
      channels: ['eu', 'us'],
    });
    expect(await attempts.record(attempt)).toBe('recorded');
    expect(await attempts.find(ids.endpoint, ids.attempt)).toEqual(attempt);
    expect(await attempts.findOfMessage(attempt)).toEqual(attempt);
    expect(await attempts.find(nthId('endpoint', 1), ids.attempt)).toBeUndefined();
    expect(await attempts.findOfMessage({ ...attempt, messageId: nthId('message', 1) })).toBeUndefined();
    expect(await attempts.findOfMessage({ ...attempt, applicationId: nthId('application', 1) })).toBeUndefined();
    expect(await attempts.findOfMessage({ ...attempt, attemptId: '' })).toBeUndefined();
  });

  it.each<NextStep>([
    { kind: 'retry', at: secondsLater(5.001) },
    { kind: 'done' },
    { kind: 'exhausted' },
    { kind: 'gone' },
  ])('finds what an attempt led to: %j', async (next) => {
    const attempts = await create();
    await attempts.record(anAttempt({ status: next.kind === 'done' ? 'succeeded' : 'failed', next }));
    expect((await attempts.find(ids.endpoint, ids.attempt))?.next).toEqual(next);
  });

  it('keeps the first of many attempts with the same id', async () => {
    const attempts = await create();
    const answers = await Promise.all(
      Array.from({ length: concurrent }, (_, n) => attempts.record(anAttempt({ responseDurationMs: n }))),
    );
    expect(answers.filter((answer) => answer === 'recorded')).toHaveLength(1);
    const kept = await attempts.find(ids.endpoint, ids.attempt);
    expect(kept?.responseDurationMs).toBe(answers.indexOf('recorded'));
  });

  it.each(['', 'a', 'tooot \u{1F4EF} '.repeat(1_500)])('returns a response as it was recorded', async (response) => {
    const attempts = await create();
    await attempts.record(anAttempt({ response }));
    const withResponse = { ...aQuery(), withResponse: true };
    expect((await attempts.find(ids.endpoint, ids.attempt))?.response).toBe(response);
    expect((await attempts.listByEndpoint(ids.endpoint, withResponse, now)).items).toEqual([anAttempt({ response })]);
    expect((await attempts.listByMessage(ids.message, { ...withResponse, ...ours }, now)).items).toEqual([
      anAttempt({ response }),
    ]);
  });

  it('finds many at once, without their responses, and leaves out those that are not stored or whose time is over', async () => {
    const attempts = await create();
    const keyOf = (n: number) => ({ endpointId: nthId('endpoint', n % 3), attemptId: nthId('attempt', n) });
    const all = Array.from({ length: 150 }, (_, n) =>
      anAttempt({ ...keyOf(n), status: n === 7 ? 'failed' : 'succeeded' }),
    );
    await Promise.all(all.map((attempt) => attempts.record(attempt)));
    const keys = Array.from({ length: 200 }, (_, n) => keyOf(n));
    const byId = (one: Attempt, other: Attempt) => (one.attemptId < other.attemptId ? -1 : 1);
    const bare = all.map((attempt) => ({ ...attempt, response: '' }));
    expect((await attempts.findAll(keys, now)).toSorted(byId)).toEqual(bare);
    expect(await attempts.findAll(keys, secondsLater(31 * daySeconds))).toEqual([bare[7]]);
    expect(await attempts.findAll([], now)).toEqual([]);
  });

  it('forgets a response, however long it was, and keeps all else', async () => {
    const attempts = await create();
    const attempt = anAttempt({ response: 'a secret '.repeat(2_000), channels: ['eu'] });
    const expunged = { ...attempt, response: 'EXPUNGED' };
    await attempts.record(attempt);
    for (let times = 0; times < 2; times += 1) await attempts.expungeResponse(attempt);
    expect(await attempts.find(ids.endpoint, ids.attempt)).toEqual(expunged);
    const { items } = await attempts.listByMessage(ids.message, { ...aQuery(), withResponse: true, ...ours }, now);
    expect(items).toEqual([expunged]);
    expect(await attempts.record(attempt)).toBe('exists');
    const other = { ...attempt, attemptId: nthId('attempt', 1) };
    await attempts.expungeResponse(other);
    expect(await attempts.find(ids.endpoint, other.attemptId)).toBeUndefined();
  });

  it('leaves the response out of a list without responses', async () => {
    const attempts = await create();
    await attempts.record(anAttempt());
    const bare = [anAttempt({ response: '' })];
    expect((await attempts.listByEndpoint(ids.endpoint, aQuery(), now)).items).toEqual(bare);
    expect((await attempts.listByMessage(ids.message, { ...aQuery(), ...ours }, now)).items).toEqual(bare);
  });

  it('lists successes for 30 days and failures for 90', async () => {
    const attempts = await create();
    await attempts.record(anAttempt());
    await attempts.record(anAttempt({ attemptId: nthId('attempt', 1), status: 'failed' }));
    const listed = async (days: number) => {
      const query = { ...aQuery(), after: secondsLater(0) };
      const { items } = await attempts.listByEndpoint(ids.endpoint, query, secondsLater(days * daySeconds));
      return items.map(({ status }) => status);
    };
    expect(await listed(29)).toEqual(['failed', 'succeeded']);
    expect(await listed(30)).toEqual(['failed']);
    expect(await listed(91)).toEqual([]);
  });
}

function describeFilters(create: Create): void {
  const filters: readonly (readonly [string, Partial<AttemptQuery>, (attempt: Attempt) => boolean])[] = [
    ['status', { status: 'failed' }, ({ status }) => status === 'failed'],
    ['success', { status: 'succeeded' }, ({ status }) => status === 'succeeded'],
    ['delivery', { status: 'delivered' }, ({ responseStatusCode: code }) => code === 200],
    [
      'cancellation',
      { status: 'canceled' },
      ({ status, responseStatusCode }) => status === 'succeeded' && responseStatusCode === 0,
    ],
    ['class of codes', { statusCodeClass: 500 }, ({ responseStatusCode: code }) => code >= 500],
    ['no answer', { statusCodeClass: 0 }, ({ responseStatusCode: code }) => code === 0],
    ['channel', { channel: 'eu' }, ({ channels }) => channels.includes('eu')],
    ['event types', { eventTypes: ['a', 'x'] }, ({ eventType }) => eventType === 'a'],
    ['no event type', { eventTypes: [] }, () => false],
  ];
  const rows = Array.from({ length: 24 }, (_, n) =>
    anAttempt({
      attemptId: nthId('attempt', n),
      endpointId: nthId('endpoint', n % 2),
      responseStatusCode: [200, 500, 599, 0, 404, 0][n % 6] ?? 0,
      status: n % 6 === 0 || n % 6 === 5 ? 'succeeded' : 'failed',
      channels: n % 4 === 1 ? ['eu', 'us'] : [],
      eventType: n % 3 === 0 ? 'a' : 'b',
    }),
  );
  const idsOf = (attempts: readonly Attempt[]) => attempts.map(({ attemptId }) => attemptId);

  it.each(filters)('finds all matches by %s, newest first', async (_, filter, matches) => {
    const attempts = await create();
    await Promise.all(rows.map((row) => attempts.record(row)));
    const keyOf = ({ attemptId }: Attempt) => attemptId;
    const query = { ...aQuery(), ...filter };
    const byMessage = await walkForward(
      (page) => attempts.listByMessage(ids.message, { ...query, ...page, ...ours }, now),
      keyOf,
      3,
    );
    const byEndpoint = await walkForward(
      (page) => attempts.listByEndpoint(ids.endpoint, { ...query, ...page }, now),
      keyOf,
      3,
    );
    const matching = rows.filter(matches).toReversed();
    expect(idsOf(byMessage)).toEqual(idsOf(matching));
    expect(idsOf(byEndpoint)).toEqual(idsOf(matching.filter(({ endpointId }) => endpointId === ids.endpoint)));
  });

  it('finds the attempts of a message at one endpoint', async () => {
    const attempts = await create();
    await Promise.all(rows.map((row) => attempts.record(row)));
    const query = { ...aQuery(), endpointId: nthId('endpoint', 1) };
    const { items } = await attempts.listByMessage(ids.message, query, now);
    expect(idsOf(items)).toEqual(idsOf(rows.filter((_row, n) => n % 2 === 1).toReversed()));
    expect((await attempts.listByMessage(ids.message, { ...query, ...ours }, now)).items).toEqual(items);
  });

  it('leaves out first attempts that succeeded on request', async () => {
    const attempts = await create();
    const places = [0, 1].map((n) => nthId('endpoint', n));
    const firstAt = (endpointId: string, overrides: Partial<Attempt> = {}) =>
      anAttempt({ endpointId, attemptId: firstAttemptIdOf({ messageId: ids.message, endpointId }), ...overrides });
    const [accepted, failed] = [firstAt(places[0] ?? ''), firstAt(places[1] ?? '', { status: 'failed' })];
    const retry = anAttempt({ attemptId: nthId('attempt', 60), attemptNumber: 2, endpointId: failed.endpointId });
    for (const attempt of [accepted, failed, retry]) await attempts.record(attempt);
    const query = { ...aQuery(), withoutFirstSuccesses: true };
    const { items } = await attempts.listByMessage(ids.message, { ...query, ...ours }, now);
    expect(idsOf(items)).toEqual(idsOf([retry, failed]));
    const atFirst = await attempts.listByMessage(ids.message, { ...query, endpointId: accepted.endpointId }, now);
    expect(atFirst.items).toEqual([]);
  });

  it('finds the attempts of a message in one application', async () => {
    const attempts = await create();
    const theirs = { applicationId: nthId('application', 1) };
    const mixed = [ours, theirs, ours, theirs].map((of, n) => anAttempt({ attemptId: nthId('attempt', n), ...of }));
    await Promise.all(mixed.map((attempt) => attempts.record(attempt)));
    for (const [of, numbers] of [
      [ours, [2, 0]],
      [theirs, [3, 1]],
      [{ applicationId: nthId('application', 2) }, []],
    ] as const) {
      const { items } = await attempts.listByMessage(ids.message, { ...aQuery(), ...of }, now);
      expect(idsOf(items)).toEqual(numbers.map((n) => nthId('attempt', n)));
    }
  });
}

function describeWindows(create: Create): void {
  it('lists only a time window, and returns the page closest to `after` if that stands alone', async () => {
    const attempts = await create();
    const all = Array.from({ length: 10 }, (_, n) => nthId('attempt', n));
    await Promise.all(all.map((attemptId) => attempts.record(anAttempt({ attemptId }))));
    const list = async (query: Partial<AttemptQuery>) => {
      const { items, done } = await attempts.listByEndpoint(ids.endpoint, { ...aQuery(), ...query }, now);
      return { numbers: items.map(({ attemptId }) => all.indexOf(attemptId)), done };
    };
    const window = { after: secondsLater(3), before: secondsLater(6) };
    expect(await list(window)).toEqual({ numbers: [5, 4, 3], done: true });
    expect(await list({ after: secondsLater(3), limit: 2 })).toEqual({ numbers: [4, 3], done: false });
    expect(await list({ before: new Date(0) })).toEqual({ numbers: [], done: true });
  });

  it('lists attempts by the time at which they were made, in the order in which they were planned', async () => {
    const attempts = await create();
    // The third and the fourth waited, such as for their turn.
    const madeAt = [1, 2, 50, 40, 5].map(secondsLater);
    const all = madeAt.map((attemptedAt, n) => anAttempt({ attemptId: nthId('attempt', n), attemptedAt }));
    await Promise.all(all.map((attempt) => attempts.record(attempt)));
    const planned = all.map(({ attemptId }) => attemptId);
    const numbersOf = (page: readonly Attempt[]) => page.map(({ attemptId }) => planned.indexOf(attemptId));
    const byEndpoint = async (query: Partial<AttemptQuery>) =>
      numbersOf((await attempts.listByEndpoint(ids.endpoint, { ...aQuery(), ...query }, now)).items);
    const byMessage = async (query: Partial<AttemptQuery>) =>
      numbersOf((await attempts.listByMessage(ids.message, { ...aQuery(), ...query, ...ours }, now)).items);
    const after = { after: secondsLater(40), plannedFrom: secondsLater(2) };
    const window = { ...after, before: secondsLater(50) };
    for (const list of [byEndpoint, byMessage]) {
      expect(await list(after)).toEqual([3, 2]);
      expect(await list(window)).toEqual([3]);
      expect(await list({ before: secondsLater(40) })).toEqual([4, 1, 0]);
      expect(await list({ ...after, limit: 1 })).toEqual([2]);
    }
  });
}

async function prepareList(create: Create, by: 'endpoint' | 'message') {
  const attempts = await create();
  const rows = Array.from({ length: 12 }, (_, n) => anAttempt({ attemptId: nthId('attempt', n) }));
  const others = { endpointId: nthId('endpoint', 1), messageId: nthId('message', 1) };
  await Promise.all([...rows, anAttempt(others)].map((row) => attempts.record(row)));
  return {
    list: (page: Pick<AttemptQuery, 'limit' | 'iterator' | 'direction'>) => {
      const query = { ...page, withResponse: true };
      return by === 'endpoint'
        ? attempts.listByEndpoint(ids.endpoint, query, now)
        : attempts.listByMessage(ids.message, { ...query, ...ours }, now);
    },
    keyOf: ({ attemptId }: Attempt) => attemptId,
    rows: rows.toReversed(),
    runs: 4,
  };
}

const ours = { applicationId: ids.application };

const aQuery = (): AttemptQuery => ({ limit: 50, direction: 'forward', withResponse: false });
