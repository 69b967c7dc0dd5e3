import * as fc from 'fast-check';
import type { AttemptRow } from './attempt.ts';
import { type AttemptPage, type AttemptPlace, followEndpoint } from './follow-endpoint.ts';

interface StoredAttempt {
  readonly row: AttemptRow;
  readonly storedAtMs: number;
}

const anAttempt = (id: string, madeAtMs: number): AttemptRow => ({
  ...{ id, endpointId: 'ep_1', msgId: 'msg_1', url: '', responseStatusCode: 200, responseDurationMs: 1 },
  ...{ statusText: 'success', triggerType: 0, timestamp: new Date(madeAtMs).toISOString() },
});

/** Reads as the API does: by ids, which have the time that an attempt was planned for, and not by when it was stored. */
const createReader =
  (stored: readonly StoredAttempt[], now: () => number, pageLength: number) =>
  async ({ after, iterator = '-' }: AttemptPlace): Promise<AttemptPage> => {
    const found = stored
      .filter(({ row, storedAtMs }) => storedAtMs <= now() && new Date(row.timestamp) >= after)
      .map(({ row }) => row)
      .filter(({ id }) => id > iterator.slice(1))
      .toSorted((one, other) => (one.id < other.id ? -1 : 1));
    const rows = found.slice(0, pageLength);
    const last = rows.at(-1)?.id;
    const previous = last === undefined ? undefined : `-${last}`;
    return { rows: rows.toReversed(), previous, done: found.length <= pageLength, readAt: new Date(now()) };
  };

const start = 1_000_000_000;
const anyAttempt = fc.record({
  madeAfterMs: fc.nat(600_000),
  /** An attempt can wait for its turn. */
  plannedBeforeMs: fc.oneof(fc.constant(0), fc.nat(100_000_000)),
  /** It is stored when it has ended. */
  tookMs: fc.nat(45_000),
});

describe('the attempts of an endpoint', () => {
  it('come once each, whenever they were planned and stored', async () => {
    const cases = { attempts: fc.array(anyAttempt, { maxLength: 60 }), pageLength: fc.integer({ min: 1, max: 20 }) };
    await fc.assert(
      fc.asyncProperty(
        fc.record(cases),
        fc.array(fc.integer({ min: 100, max: 10_000 }), { minLength: 1 }),
        async (given, waits) => {
          let now = start;
          const stored = given.attempts.map(({ madeAfterMs, plannedBeforeMs, tookMs }, n) => ({
            row: anAttempt(
              `${String(start + madeAfterMs - plannedBeforeMs).padStart(12, '0')}-${n}`,
              start + madeAfterMs,
            ),
            storedAtMs: start + madeAfterMs + tookMs,
          }));
          const tail = followEndpoint(
            createReader(stored, () => now, given.pageLength),
            new Date(start),
          );
          const seen: string[] = [];
          for (let n = 0; now < start + 700_000; n += 1) {
            const { rows, isBehind } = await tail.step();
            seen.push(...rows.map(({ id }) => id));
            now += isBehind ? 20 : (waits[n % waits.length] ?? 1_000);
          }
          expect(seen.toSorted()).toEqual(stored.map(({ row }) => row.id).toSorted());
        },
      ),
    );
  });

  it('are read from the time on that was asked for', async () => {
    const stored = [start - 1, start].map((ms) => ({ row: anAttempt(`${ms}`, ms), storedAtMs: ms }));
    const tail = followEndpoint(
      createReader(stored, () => start + 1_000, 10),
      new Date(start),
    );
    expect((await tail.step()).rows.map(({ id }) => id)).toEqual([`${start}`]);
  });
});
