import { createId } from '@posthorn/core';
import { aCountedAttempt, anAttempt, anEndpoint, nthId, secondsLater } from '@posthorn/testing';
import { type MeteredTables, openMeteredTables } from '../fixtures/metered-tables.ts';
import { createRepositories } from '../fixtures/repositories.ts';
import { countWindow } from './count-window.ts';

const hour = 3_600;
const now = secondsLater(8 * hour);

let tables: MeteredTables;
beforeAll(async () => {
  tables = await openMeteredTables();
});
afterAll(() => tables.close());

/** When attempts were made, in seconds, and how long before that each was planned. */
interface Made {
  readonly count: number;
  readonly from: number;
  readonly every: number;
  readonly waited: (n: number) => number;
}

function toAttempts({ count, from, every, waited }: Made) {
  return Array.from({ length: count }, (_, n) => {
    const at = from + n * every;
    const [attemptedAt, plannedAt] = [secondsLater(at), secondsLater(at - waited(n))];
    const entropy = Buffer.alloc(15);
    entropy.writeUInt32BE(from + n);
    const attempt = anAttempt({
      messageId: nthId('message', from + n),
      attemptId: createId('attempt', plannedAt, entropy),
      attemptedAt,
      status: n % 4 === 0 ? 'failed' : 'succeeded',
    });
    return { attempt, counted: aCountedAttempt({ attemptedAt, plannedAt, succeeded: n % 4 !== 0 }) };
  });
}

it('counts exactly in two edge hours of 2,000 attempts, some of which had waited for hours, for few read units', async () => {
  const { attempts, statistics } = createRepositories(tables.store);
  const atOnce = () => 0;
  const all = [
    { count: 2_000, from: hour, every: 1.5, waited: (n: number) => (n % 100 === 0 ? hour : 0) },
    { count: 3_000, from: 3 * hour, every: 1, waited: atOnce },
    { count: 2_000, from: 6 * hour, every: 1.5, waited: (n: number) => (n % 500 === 0 ? 5 * hour : 0) },
  ].flatMap(toAttempts);
  for (let start = 0; start < all.length; start += 100) {
    await Promise.all(all.slice(start, start + 100).map(({ attempt }) => attempts.record(attempt)));
  }
  await statistics.count(all.map(({ counted }, n) => ({ ...counted, sequenceNumber: `${n + 1}` })));

  const window = { since: secondsLater(hour + 1_001), until: secondsLater(6 * hour + 1_999) };
  const inWindow = all.filter(({ counted: { attemptedAt: at } }) => at >= window.since && at < window.until);
  const success = inWindow.filter(({ counted }) => counted.succeeded).length;
  const hours = await statistics.listHours(anEndpoint(), window);
  const [counts, { units, requests }] = await tables.measure(() =>
    countWindow({ attempts }, anEndpoint(), { hours, window, now }),
  );
  expect(counts).toEqual({ success, fail: inWindow.length - success });
  process.stdout.write(`two edge hours of 2,000 attempts: ${units} read units, ${requests} requests\n`);
  expect(units).toBeLessThanOrEqual(1_000);
});
