import { createId } from '@posthorn/core';
import {
  aCountedAttempt,
  anAttempt,
  anEndpoint,
  inMemoryAttempts,
  inMemoryStatistics,
  nthId,
  secondsLater,
} from '@posthorn/testing';
import * as fc from 'fast-check';
import { countWindow } from './count-window.ts';

const hour = 3_600;
const now = secondsLater(10 * hour);

interface Made {
  /** Seconds after the start of the tests. */
  readonly at: number;
  /** How many seconds before that it was planned. */
  readonly waited?: number;
  readonly succeeded?: boolean;
  /** The statistics do not have it yet. */
  readonly isLate?: boolean;
}

async function aCounter(made: readonly Made[], attempts = inMemoryAttempts()) {
  const statistics = inMemoryStatistics();
  for (const [n, { at, waited = 0, succeeded = true, isLate = false }] of made.entries()) {
    const [attemptedAt, plannedAt] = [secondsLater(at), secondsLater(at - waited)];
    const entropy = Buffer.alloc(15);
    entropy.writeUInt32BE(n);
    const attemptId = createId('attempt', plannedAt, entropy);
    const status = succeeded ? 'succeeded' : 'failed';
    await attempts.record(anAttempt({ messageId: nthId('message', n), attemptId, attemptedAt, status }));
    if (!isLate)
      await statistics.count([aCountedAttempt({ sequenceNumber: `${n + 1}`, attemptedAt, plannedAt, succeeded })]);
  }
  const count = async (since: number, until: number, at = now) => {
    const window = { since: secondsLater(since), until: secondsLater(until) };
    const hours = await statistics.listHours(anEndpoint(), window);
    return countWindow({ attempts }, anEndpoint(), { hours, window, now: at });
  };
  return { attempts, count };
}

const every = (seconds: number, { from, count }: { readonly from: number; readonly count: number }): readonly Made[] =>
  Array.from({ length: count }, (_, n) => ({ at: from + n * seconds }));

describe('counting the attempts of a window', () => {
  it('counts those from `since` to before `until`, in the hours at its edges too', async () => {
    const { count } = await aCounter([
      { at: 100 },
      { at: 200 },
      { at: 201, succeeded: false },
      { at: 2 * hour },
      { at: 3 * hour + 299 },
      { at: 3 * hour + 300 },
    ]);
    expect(await count(200, 3 * hour + 300)).toEqual({ success: 3, fail: 1 });
    expect(await count(201, 3 * hour + 301)).toEqual({ success: 3, fail: 1 });
    expect(await count(101, 200)).toEqual({ success: 0, fail: 0 });
    expect(await count(2 * hour, 3 * hour)).toEqual({ success: 1, fail: 0 });
  });

  it('counts by the time at which attempts were made, however long they had waited', async () => {
    const { count } = await aCounter([
      { at: 5 * hour + 10, waited: 3 * hour, succeeded: false },
      { at: 5 * hour + 900, waited: 5 * hour + 800 },
      { at: 3 * hour },
    ]);
    expect(await count(5 * hour + 11, 6 * hour)).toEqual({ success: 1, fail: 0 });
    expect(await count(hour, 5 * hour + 11)).toEqual({ success: 1, fail: 1 });
  });

  it('counts exactly if an hour has 2,000 attempts, and as a whole if it has more', async () => {
    const { count } = await aCounter([
      ...every(1.5, { from: 0, count: 2_000 }),
      ...every(1.5, { from: hour, count: 2_001 }),
    ]);
    expect(await count(1_500, hour)).toEqual({ success: 1_000, fail: 0 });
    expect(await count(hour + 1_500, 2 * hour)).toEqual({ success: 2_001, fail: 0 });
  });

  it('ends the present hour now, whatever clock an attempt has its time from', async () => {
    const { count } = await aCounter([{ at: 100 }, { at: 200 }, { at: 301 }]);
    expect(await count(0, 300, secondsLater(300))).toEqual({ success: 3, fail: 0 });
    expect(await count(0, 301, secondsLater(400))).toEqual({ success: 2, fail: 0 });
  });

  it('counts attempts of the present hour that the statistics do not have yet', async () => {
    const late = { isLate: true, succeeded: false };
    const { count } = await aCounter([
      { at: 2 * hour },
      { at: 3 * hour, waited: 20, ...late },
      { at: 3 * hour + 4, ...late },
    ]);
    expect(await count(0, 3 * hour + 5, secondsLater(3 * hour + 5))).toEqual({ success: 1, fail: 2 });
    expect(await count(3 * hour + 1, 3 * hour + 5, secondsLater(3 * hour + 5))).toEqual({ success: 0, fail: 1 });
    expect(await count(0, 4 * hour + 100, secondsLater(3 * hour + 5))).toEqual({ success: 1, fail: 2 });
  });

  it('counts attempts of edge hours whose rows are behind', async () => {
    const { count } = await aCounter([
      { at: hour + 10, isLate: true },
      { at: hour + 100 },
      { at: 3 * hour + 5, waited: hour },
      { at: 3 * hour + 10, isLate: true },
    ]);
    expect(await count(hour + 5, 3 * hour + 20)).toEqual({ success: 4, fail: 0 });
    expect(await count(hour + 11, 3 * hour + 10)).toEqual({ success: 2, fail: 0 });
  });

  it('reads no more than 2,000 attempts of an hour without a row', async () => {
    const { count } = await aCounter(every(1, { from: 0, count: 2_001 }).map((one) => ({ ...one, isLate: true })));
    expect(await count(1, hour)).toEqual({ success: 0, fail: 0 });
  });

  it('counts an hour as a whole if records of it have expired', async () => {
    const attempts = inMemoryAttempts({ successDays: 1, failureDays: 2 });
    const { count } = await aCounter([{ at: 100 }, { at: 200, succeeded: false }], attempts);
    expect(await count(150, hour, secondsLater(86_400 + 99))).toEqual({ success: 0, fail: 1 });
    expect(await count(150, hour, secondsLater(86_400 + 101))).toEqual({ success: 1, fail: 1 });
  });

  it('counts an hour as a whole if an earlier version has counted some of it', async () => {
    const { attempts } = await aCounter([{ at: 100 }, { at: 200 }]);
    const hours = [{ hour: secondsLater(0), success: 2, fail: 0, byEventType: new Map() }];
    const window = { since: secondsLater(150), until: secondsLater(hour) };
    expect(await countWindow({ attempts }, anEndpoint(), { hours, window, now })).toEqual({ success: 2, fail: 0 });
  });

  it('counts an hour as a whole if its attempts are too far apart in the list', async () => {
    const { attempts, count } = await aCounter([{ at: 100 }, { at: 200 }]);
    let pages = 0;
    attempts.listByEndpoint = async () => {
      pages += 1;
      return { items: [], done: false, resumeAt: nthId('attempt', pages) };
    };
    expect(await count(150, hour)).toEqual({ success: 2, fail: 0 });
    expect(pages).toBe(25);
  });

  it('continues behind short and empty pages', async () => {
    const { attempts, count } = await aCounter(every(10, { from: 0, count: 60 }));
    const { listByEndpoint } = attempts;
    attempts.listByEndpoint = (endpointId, query, at) => listByEndpoint(endpointId, { ...query, limit: 7 }, at);
    expect(await count(300, hour)).toEqual({ success: 30, fail: 0 });
  });

  it('does not count the attempts of other endpoints', async () => {
    const { attempts, count } = await aCounter([{ at: 100 }, { at: 200 }]);
    await attempts.record(anAttempt({ endpointId: nthId('endpoint', 1), attemptedAt: secondsLater(300) }));
    expect(await count(150, hour)).toEqual({ success: 1, fail: 0 });
  });

  it('counts what is in the window, whatever was made when', async () => {
    const seconds = fc.integer({ min: 0, max: 6 * hour });
    const made = fc.record({ at: seconds, waited: fc.integer({ min: 0, max: 9 * hour }), succeeded: fc.boolean() });
    const property = fc.asyncProperty(fc.array(made, { maxLength: 40 }), seconds, seconds, async (all, one, other) => {
      const [since, until] = [Math.min(one, other), Math.max(one, other)];
      const { count } = await aCounter(all);
      const inWindow = all.filter(({ at }) => at >= since && at < until);
      const success = inWindow.filter(({ succeeded }) => succeeded).length;
      expect(await count(since, until)).toEqual({ success, fail: inWindow.length - success });
    });
    await fc.assert(property, { seed: 20_261_127, numRuns: 60 });
  });
});
