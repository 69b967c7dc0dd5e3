import * as fc from 'fast-check';
import type { AttemptOutcome } from '../attempt/attempt.ts';
import { type DecisionInput, decideNext } from './decide-next.ts';
import { defaultRetrySchedule } from './retry-schedule.ts';

const now = new Date('2026-01-01T00:00:00Z');
const after = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const aDecision = (overrides: Partial<DecisionInput> = {}): DecisionInput => ({
  outcome: { kind: 'rejected', status: 500 },
  attemptNumber: 1,
  trigger: 'scheduled',
  schedule: defaultRetrySchedule,
  now,
  jitter: 0.5,
  ...overrides,
});

const anyOutcome: fc.Arbitrary<AttemptOutcome> = fc.oneof(
  fc.record({ kind: fc.constant('accepted' as const), status: fc.integer({ min: 200, max: 299 }) }),
  fc.record({
    kind: fc.constant('rejected' as const),
    status: fc.integer({ min: 300, max: 599 }),
    retryAfterSeconds: fc.nat(),
  }),
  fc.constant({ kind: 'gone', status: 410 } as const),
  fc.constant({ kind: 'unreachable', reason: 'timeout' } as const),
);
const anyDecision = fc.record({
  outcome: anyOutcome,
  attemptNumber: fc.integer({ min: 1, max: 10 }),
  trigger: fc.constantFrom('scheduled' as const, 'manual' as const),
  schedule: fc.array(fc.integer({ min: 0, max: 36_000 }), { maxLength: 8 }),
  now: fc.constant(now),
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe('decideNext', () => {
  it('finishes a delivery after an accepted attempt', () => {
    expect(decideNext(aDecision({ outcome: { kind: 'accepted', status: 204 } }))).toEqual({ kind: 'done' });
  });

  it.each(['scheduled', 'manual'] as const)(
    'says that the endpoint is gone after a 410, on a %s attempt',
    (trigger) => {
      expect(decideNext(aDecision({ outcome: { kind: 'gone', status: 410 }, trigger }))).toEqual({ kind: 'gone' });
    },
  );

  it.each(defaultRetrySchedule.map((delay, index) => [index + 1, delay] as const))(
    'waits after failure %i for %i seconds',
    (attemptNumber, delay) => {
      const next = decideNext(aDecision({ attemptNumber }));
      expect(next).toEqual({ kind: 'retry', at: after(delay) });
    },
  );

  it('gives up after the last attempt of the schedule', () => {
    expect(decideNext(aDecision({ attemptNumber: 8 }))).toEqual({ kind: 'exhausted' });
  });

  it('adds jitter of up to a fifth in both directions', () => {
    expect(decideNext(aDecision({ jitter: 0 }))).toMatchObject({ at: after(4) });
    expect(decideNext(aDecision({ jitter: 1 }))).toMatchObject({ at: after(6) });
  });

  it('honours a Retry-After longer than the schedule', () => {
    const next = decideNext(aDecision({ outcome: { kind: 'rejected', status: 429, retryAfterSeconds: 60 } }));
    expect(next).toEqual({ kind: 'retry', at: after(60) });
  });

  it('cuts a Retry-After of more than six hours to six hours', () => {
    const next = decideNext(aDecision({ outcome: { kind: 'rejected', status: 503, retryAfterSeconds: 1e9 } }));
    expect(next).toMatchObject({ at: after(21_600) });
  });

  it('waits as long as the schedule says when Retry-After is shorter, and for an unreachable endpoint', () => {
    const soon = { kind: 'rejected', status: 500, retryAfterSeconds: 1 } as const;
    expect(decideNext(aDecision({ outcome: soon }))).toEqual({ kind: 'retry', at: after(5) });
    const unreachable = { kind: 'unreachable', reason: 'timeout' } as const;
    expect(decideNext(aDecision({ outcome: unreachable }))).toEqual({ kind: 'retry', at: after(5) });
  });

  it('never doubles a wait beyond ten hours', () => {
    const overloaded = { kind: 'rejected', status: 503 } as const;
    expect(decideNext(aDecision({ outcome: overloaded, attemptNumber: 6 }))).toMatchObject({ at: after(36_000) });
  });

  it.each([429, 502, 503, 504])('waits twice as long after an answer %i', (status) => {
    expect(decideNext(aDecision({ outcome: { kind: 'rejected', status } }))).toMatchObject({ at: after(10) });
  });

  it('is done after a manual attempt, whatever its outcome', () => {
    expect(decideNext(aDecision({ trigger: 'manual' }))).toEqual({ kind: 'done' });
    const unreachable = { kind: 'unreachable', reason: 'timeout' } as const;
    expect(decideNext(aDecision({ trigger: 'manual', outcome: unreachable }))).toEqual({ kind: 'done' });
  });

  it('never schedules a retry in the past, or more than twelve hours ahead', () => {
    fc.assert(
      fc.property(anyDecision, (decision) => {
        const next = decideNext(decision);
        if (next.kind !== 'retry') return;
        expect(next.at.getTime()).toBeGreaterThanOrEqual(now.getTime());
        expect(next.at.getTime()).toBeLessThanOrEqual(after(43_200).getTime());
      }),
      { seed: 1 },
    );
  });

  it('plans one retry for each wait of the schedule, and none after that', () => {
    fc.assert(
      fc.property(anyDecision, (decision) => {
        const { kind } = decideNext(decision);
        const fails = decision.outcome.kind === 'rejected' || decision.outcome.kind === 'unreachable';
        const isPlanned = decision.trigger === 'scheduled' && decision.attemptNumber <= decision.schedule.length;
        expect(kind === 'retry').toBe(fails && isPlanned);
        expect(kind === 'exhausted').toBe(fails && decision.trigger === 'scheduled' && !isPlanned);
      }),
      { seed: 1 },
    );
  });
});
