import fc from 'fast-check';
import { breakerPolicy, type EndpointHealth } from './endpoint-health.ts';
import { changesDecision, failsForTooLong, type HealthAttempt, healthAfterAttempts } from './health-after-attempts.ts';

const start = Date.UTC(2026, 0, 1);
const at = (seconds: number): Date => new Date(start + seconds * 1000);
const anAttempt = (seconds: number, succeeded: boolean): HealthAttempt => ({
  attemptedAt: at(seconds),
  succeeded,
  responseDurationMs: 10,
});
const failures = (...seconds: readonly number[]) => seconds.map((second) => anAttempt(second, false));
const success = (second: number) => anAttempt(second, true);
const tenFailures = failures(0, 1, 2, 3, 4, 5, 6, 7, 8, 10);
const now = at(12);
/** The health after batches that came one after the other. */
const after = (...batches: readonly (readonly HealthAttempt[])[]): EndpointHealth | undefined =>
  batches.reduce<EndpointHealth | undefined>((health, batch) => healthAfterAttempts(health, batch, now), undefined);

describe('the health of an endpoint', () => {
  it('counts failures since the last success', () => {
    expect(after([success(1), ...failures(2, 3)])).toEqual({
      failures: 2,
      failingSince: at(2),
      lastFailureAt: at(3),
      lastSuccessAt: at(1),
    });
    expect(after([...failures(2, 3), success(4)])).toEqual({ failures: 0, lastSuccessAt: at(4) });
  });

  it('adds up batches, and does not count a replayed failure twice', () => {
    expect(after(failures(1, 2), failures(1, 2), failures(3))).toMatchObject({ failures: 3, failingSince: at(1) });
  });

  it('ends a run of failures at a success, also at one that comes late', () => {
    expect(after(failures(1, 2), [success(3)])).toMatchObject({ failures: 0, lastFailureAt: at(2) });
    expect(after(failures(1, 3, 4), [success(2)])).toMatchObject({
      failures: 1,
      failingSince: new Date(at(2).getTime() + 1),
    });
    expect(after(failures(2, 3), [success(1)])).toMatchObject({ failures: 2, failingSince: at(2) });
  });

  it('does not count failures before a success that is known', () => {
    expect(after([...failures(1), success(5)], failures(2, 3))).toMatchObject({ failures: 0 });
  });

  it('opens the breaker for half a minute after ten failures in a row over ten seconds', () => {
    expect(after(tenFailures)?.breaker).toEqual({
      epoch: now.getTime(),
      openUntil: at(12 + 30),
      step: 0,
    });
    expect(after(tenFailures.slice(1))?.breaker).toBeUndefined();
    expect(after(tenFailures.slice(0, 9), failures(9.9))?.breaker).toBeUndefined();
    expect(after(tenFailures.slice(0, 5), [success(4.5)], tenFailures.slice(5))?.breaker).toBeUndefined();
  });

  it('keeps an open breaker after more failures, and after a success before the last failure', () => {
    const open = after(tenFailures);
    expect(after(tenFailures, failures(11, 12))?.breaker).toEqual(open?.breaker);
    expect(after(tenFailures, [success(9)])?.breaker).toEqual(open?.breaker);
    expect(after(tenFailures, [success(13), ...failures(14)])?.breaker).toEqual(open?.breaker);
  });

  it('begins to drain after a success', () => {
    const open = after(tenFailures);
    const later = healthAfterAttempts(open, [success(42)], at(45));
    expect(later).toMatchObject({
      failures: 0,
      breaker: { epoch: at(45).getTime(), openUntil: at(47), step: 0, drained: 0 },
    });
    expect(healthAfterAttempts(later, [success(43)], at(46)).breaker).toEqual(later.breaker);
  });

  it('opens again, for longer, after ten failures while it drains', () => {
    const draining = after(tenFailures, [success(42)]);
    const again = failures(...Array.from({ length: 10 }, () => 43));
    expect(healthAfterAttempts(draining, again, at(50)).breaker).toEqual({
      epoch: at(50).getTime(),
      openUntil: at(50 + 60),
      step: 1,
    });
  });

  it('says when the endpoint is slow', () => {
    const slow = { ...success(1), responseDurationMs: 15_000 };
    expect(healthAfterAttempts(undefined, [slow], now)).toMatchObject({ failures: 0, slowUntil: at(612) });
    expect(after([slow], [success(2)])?.slowUntil).toEqual(at(612));
  });

  it('is too bad after five days of failures without a success', () => {
    const day = 86_400;
    const failing = (...batches: readonly (readonly HealthAttempt[])[]) => {
      const health = after(...batches);
      return health !== undefined && failsForTooLong(health);
    };
    expect(failing(failures(0, 5 * day))).toBe(true);
    expect(failing(failures(0), failures(5 * day))).toBe(true);
    expect(failing(failures(0, 5 * day - 1))).toBe(false);
    expect(failing(failures(0), [success(1)], failures(2, 5 * day + 1))).toBe(false);
    expect(failing(failures(0, 1, 5 * day), [success(5 * day + 1)])).toBe(false);
    expect(failing(failures(5 * day))).toBe(false);
  });
});

describe('a change of health', () => {
  it.each<[string, readonly (readonly HealthAttempt[])[], boolean]>([
    ['successes of a healthy endpoint', [[success(1)], [success(2)]], false],
    ['failures before a success in one batch', [[success(1)], [...failures(2), success(3)]], false],
    ['a failure', [[success(1)], failures(2)], true],
    ['a success after failures', [failures(1), [success(2)]], true],
    ['a replay', [failures(1, 2), failures(1, 2)], false],
    ['more failures than are counted', [tenFailures, failures(11, 12)], false],
    ['a success while the breaker is open', [tenFailures, [success(13)]], true],
  ])('is stored or not: %s', (_, batches, isStored) => {
    const before = after(...batches.slice(0, -1));
    expect(changesDecision(before, healthAfterAttempts(before, batches.at(-1) ?? [], now))).toBe(isStored);
  });
});

/** Successes at full seconds, failures between them: none at the same time. */
const anyHistory = fc.array(
  fc
    .record({ second: fc.integer({ min: 0, max: 60 }), succeeded: fc.boolean() })
    .map(({ second, succeeded }) => anAttempt(succeeded ? second : second + 0.5, succeeded)),
  { maxLength: 40 },
);
/** A history that is cut into batches; some of them come again, but not before those that they follow. */
const anyBatches = fc
  .tuple(anyHistory, fc.array(fc.nat(12), { maxLength: 10 }), fc.nat(3))
  .map(([all, cuts, again]) => {
    const sorted = all.toSorted((one, other) => one.attemptedAt.getTime() - other.attemptedAt.getTime());
    const places = [...new Set(cuts.map((cut) => Math.min(cut * 3, sorted.length)))].toSorted((a, b) => a - b);
    const batches = [0, ...places].map((place, index) => sorted.slice(place, places[index] ?? sorted.length));
    return { sorted, batches: batches.flatMap((batch, index) => (index % 4 === again ? [batch, batch] : [batch])) };
  });
/** As they are stored: a health that changes no decision is not. */
const stored = (batches: readonly (readonly HealthAttempt[])[]): EndpointHealth | undefined =>
  batches.reduce<EndpointHealth | undefined>((health, batch) => {
    const next = healthAfterAttempts(health, batch, now);
    return changesDecision(health, next) ? next : health;
  }, undefined);
const lastSuccessOf = (attempts: readonly HealthAttempt[]): number =>
  Math.max(...attempts.filter(({ succeeded }) => succeeded).map(({ attemptedAt }) => attemptedAt.getTime()));

describe('batches that are replayed and cut in another way', () => {
  it('lose no success: failures never count from before the last one', () => {
    fc.assert(
      fc.property(anyBatches, ({ sorted, batches }) => {
        const { failingSince } = stored(batches) ?? {};
        return failingSince === undefined || failingSince.getTime() > lastSuccessOf(sorted);
      }),
    );
  });

  it('lose no success of a batch, in whatever order the batches of several shards come', () => {
    fc.assert(
      fc.property(fc.array(anyHistory, { maxLength: 6 }), anyHistory, (batches, last) => {
        const { failingSince } = healthAfterAttempts(stored(batches), last, now);
        return failingSince === undefined || failingSince.getTime() > lastSuccessOf(last);
      }),
    );
  });

  it('end a breaker only by a success after the failures that opened it', () => {
    fc.assert(
      fc.property(anyBatches, ({ sorted, batches }) => {
        const open = healthAfterAttempts(undefined, tenFailures.map(shift), now);
        const replayed = batches.reduce((health, batch) => healthAfterAttempts(health, batch, now), open);
        const hasRecovered = lastSuccessOf(sorted) > (open.lastFailureAt?.getTime() ?? 0);
        return hasRecovered || replayed.breaker?.epoch === open.breaker?.epoch;
      }),
    );
  });

  it('count no failure twice', () => {
    fc.assert(
      fc.property(anyBatches, ({ sorted, batches }) => {
        const run = sorted.filter(
          ({ succeeded, attemptedAt }) => !succeeded && attemptedAt.getTime() > lastSuccessOf(sorted),
        );
        return (stored(batches)?.failures ?? 0) <= Math.min(run.length, breakerPolicy.failuresToOpen);
      }),
    );
  });
});

const shift = ({ attemptedAt, ...attempt }: HealthAttempt): HealthAttempt => ({
  ...attempt,
  attemptedAt: new Date(attemptedAt.getTime() + 30_000),
});
