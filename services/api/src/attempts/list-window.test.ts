import { type Attempt, type AttemptQuery, type AttemptRepository, type PageRequest, timeOfId } from '@posthorn/core';
import {
  aCountedAttempt,
  anAttempt,
  anEndpoint,
  inMemoryAttempts,
  inMemoryStatistics,
  nthId,
  secondsLater,
} from '@posthorn/testing';
import { createWindowLister } from './list-window.ts';

const hour = 3_600;
const now = secondsLater(100 * hour);
const after = secondsLater(50 * hour);

/** One attempt is planned each second. Every tenth is made an hour later, and the first one 49 hours later. */
const attempts: readonly Attempt[] = Array.from({ length: 200 }, (_, n) => {
  const planned = 50 * hour - 100 + n;
  const waits = n === 0 ? 49 * hour : n % 10 === 0 ? hour : 0;
  return anAttempt({ attemptId: nthId('attempt', planned), attemptedAt: secondsLater(planned + waits) });
});

/** Attempts as the table has them: what was planned before the query's time is not read. */
function aTable(): Pick<AttemptRepository, 'listByEndpoint'> {
  return {
    listByEndpoint: async (endpointId, query, at) => {
      const from = query.plannedFrom ?? query.after ?? new Date(0);
      const table = inMemoryAttempts();
      for (const attempt of attempts) if (timeOfId(attempt.attemptId) >= from) await table.record(attempt);
      return table.listByEndpoint(endpointId, query, at);
    },
  };
}

async function aLister(window: Pick<AttemptQuery, 'after' | 'before'>) {
  const { listFirstHours, count } = inMemoryStatistics();
  await count(
    attempts.map(({ attemptId, attemptedAt }, n) =>
      aCountedAttempt({ sequenceNumber: `${n + 1}`, attemptedAt, plannedAt: timeOfId(attemptId) }),
    ),
  );
  const reads = { count: 0 };
  const statistics = {
    listFirstHours: async (...asked: Parameters<typeof listFirstHours>) => {
      reads.count += 1;
      return listFirstHours(...asked);
    },
  };
  /** A page, and how often it has read statistics. */
  const read = async (page: PageRequest) => {
    reads.count = 0;
    const request = { ...page, ...window, withResponse: false };
    const list = createWindowLister({ attempts: aTable(), statistics }, anEndpoint(), { request, now });
    const { items, done } = await list(page);
    return { items, done, reads: reads.count };
  };
  return read;
}

const expected = attempts.filter(({ attemptedAt }) => attemptedAt >= after).map(({ attemptId }) => attemptId);

async function walk(read: Awaited<ReturnType<typeof aLister>>, start: PageRequest) {
  const found: string[] = [];
  const reads: number[] = [];
  let page = start;
  for (let pages = 0; pages < 40; pages += 1) {
    const { items, done, reads: count } = await read(page);
    const ids = items.map(({ attemptId }) => attemptId);
    found.push(...(page.direction === 'forward' ? ids : ids.toReversed()));
    reads.push(count);
    if (done) break;
    const iterator = found.at(-1);
    page = { ...page, ...(iterator && { iterator }) };
  }
  return { found, reads };
}

describe('the attempts of an endpoint in a window', () => {
  it('are all found, newest first, and only pages at its beginning read statistics', async () => {
    const read = await aLister({ after, before: now });
    const { found, reads } = await walk(read, { limit: 20, direction: 'forward' });
    expect(found).toEqual(expected.toReversed());
    expect(reads).toEqual([0, 0, 0, 0, 1, 1]);
  });

  it.each([5, 10, 100, 110, 250])('are all found, newest first, with %i on a page', async (limit) => {
    const read = await aLister({ after, before: now });
    expect((await walk(read, { limit, direction: 'forward' })).found).toEqual(expected.toReversed());
  });

  it('are all found, oldest first, and only the first page reads statistics', async () => {
    const read = await aLister({ after });
    const { found, reads } = await walk(read, { limit: 20, direction: 'backward' });
    expect(found).toEqual(expected);
    expect(reads).toEqual([1, 0, 0, 0, 0, 0]);
  });

  it('cost no statistics without a beginning', async () => {
    const read = await aLister({ before: now });
    const { found, reads } = await walk(read, { limit: 50, direction: 'forward' });
    expect([found, reads]).toEqual([attempts.map(({ attemptId }) => attemptId).toReversed(), [0, 0, 0, 0]]);
  });
});
