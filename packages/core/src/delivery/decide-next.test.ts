import * as fc from 'fast-check';
import type { AttemptOutcome } from '../attempt/attempt.ts';
import { defaultRetrySchedule } from '../retry-schedule/retry-schedule.ts';
import { type DecisionInput, decideNext, needsSchedule } from './decide-next.ts';

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
  fc.constant({ kind: 'canceled' } as const),
  fc.constant({ kind: 'not-transformed' } as const),
);
const anyDecision = fc.record({
  outcome: anyOutcome,
  attemptNumber: fc.integer({ min: 1, max: 10 }),
  trigger: fc.constantFrom('scheduled' as const, 'manual' as const),
  schedule: fc.array(fc.integer({ min: 0, max: 604_800 }), { maxLength: 8 }),
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

  it.each([429, 503])('waits after a %i as long as its Retry-After asks, from the planned wait to a day', (status) => {
    const asking = (retryAfterSeconds: number) =>
      decideNext(aDecision({ outcome: { kind: 'rejected', status, retryAfterSeconds } }));
    expect(asking(1)).toEqual({ kind: 'retry', at: after(5) });
    expect(asking(60)).toEqual({ kind: 'retry', at: after(60) });
    expect(asking(86_400)).toEqual({ kind: 'retry', at: after(86_400) });
    expect(asking(86_401)).toEqual({ kind: 'retry', at: after(86_400) });
  });

  it.each([302, 500, 502, 504])('waits after a %i at most twice the planned wait, whatever it asks', (status) => {
    const asking = (retryAfterSeconds: number) =>
      decideNext(aDecision({ outcome: { kind: 'rejected', status, retryAfterSeconds } }));
    expect(asking(1)).toEqual({ kind: 'retry', at: after(5) });
    expect(asking(7)).toEqual({ kind: 'retry', at: after(7) });
    expect(asking(11)).toEqual({ kind: 'retry', at: after(10) });
  });

  it('does not shorten a planned wait of more than a day', () => {
    const outcome = { kind: 'rejected', status: 429, retryAfterSeconds: 1 } as const;
    expect(decideNext(aDecision({ outcome, schedule: [100_000] }))).toEqual({ kind: 'retry', at: after(100_000) });
  });

  it.each(['connect-timeout', 'tls-timeout', 'timeout', 'answer-timeout'] as const)(
    'waits for at least a minute after a %s',
    (reason) => {
      const outcome = { kind: 'unreachable', reason } as const;
      expect(decideNext(aDecision({ outcome }))).toEqual({ kind: 'retry', at: after(60) });
      expect(decideNext(aDecision({ outcome, attemptNumber: 2 }))).toEqual({ kind: 'retry', at: after(300) });
      expect(decideNext(aDecision({ outcome, attemptNumber: 8 }))).toEqual({ kind: 'exhausted' });
    },
  );

  it('waits as planned when the endpoint cannot be reached for another reason', () => {
    const outcome = { kind: 'unreachable', reason: 'refused' } as const;
    expect(decideNext(aDecision({ outcome }))).toEqual({ kind: 'retry', at: after(5) });
  });

  it.each(['scheduled', 'manual'] as const)('disables an endpoint that asks for it, on a %s attempt', (trigger) => {
    const accepted = { kind: 'accepted', status: 200, asks: 'disable' } as const;
    const rejected = { kind: 'rejected', status: 500, asks: 'disable' } as const;
    expect(decideNext(aDecision({ outcome: accepted, trigger }))).toEqual({ kind: 'gone' });
    expect(decideNext(aDecision({ outcome: rejected, trigger }))).toEqual({ kind: 'gone' });
  });

  it('ends a delivery whose endpoint asks for no further attempt', () => {
    const rejected = { kind: 'rejected', status: 500, asks: 'abort-message' } as const;
    expect(decideNext(aDecision({ outcome: rejected }))).toEqual({ kind: 'aborted' });
    expect(decideNext(aDecision({ outcome: rejected, attemptNumber: 8 }))).toEqual({ kind: 'aborted' });
    expect(decideNext(aDecision({ outcome: rejected, trigger: 'manual' }))).toEqual({ kind: 'done' });
    const accepted = { kind: 'accepted', status: 200, asks: 'abort-message' } as const;
    expect(decideNext(aDecision({ outcome: accepted }))).toEqual({ kind: 'done' });
  });

  it('never doubles a wait beyond ten hours', () => {
    const overloaded = { kind: 'rejected', status: 503 } as const;
    expect(decideNext(aDecision({ outcome: overloaded, attemptNumber: 6 }))).toMatchObject({ at: after(36_000) });
    const longer = { outcome: overloaded, schedule: [172_800] };
    expect(decideNext(aDecision(longer))).toMatchObject({ at: after(172_800) });
  });

  it.each([429, 502, 503, 504])('waits twice as long after an answer %i', (status) => {
    expect(decideNext(aDecision({ outcome: { kind: 'rejected', status } }))).toMatchObject({ at: after(10) });
  });

  it('finishes a delivery whose message was canceled by code, and tries again after code that failed', () => {
    expect(decideNext(aDecision({ outcome: { kind: 'canceled' } }))).toEqual({ kind: 'done' });
    const outcome = { kind: 'not-transformed' } as const;
    expect(decideNext(aDecision({ outcome }))).toMatchObject({ kind: 'retry', at: after(5) });
  });

  it('is done after a manual attempt, whatever its outcome', () => {
    expect(decideNext(aDecision({ trigger: 'manual' }))).toEqual({ kind: 'done' });
    const unreachable = { kind: 'unreachable', reason: 'timeout' } as const;
    expect(decideNext(aDecision({ trigger: 'manual', outcome: unreachable }))).toEqual({ kind: 'done' });
  });

  it('never schedules a retry in the past, or further ahead than twice the longest wait with its jitter', () => {
    fc.assert(
      fc.property(anyDecision, (decision) => {
        const next = decideNext(decision);
        if (next.kind !== 'retry') return;
        expect(next.at.getTime()).toBeGreaterThanOrEqual(now.getTime());
        expect(next.at.getTime()).toBeLessThanOrEqual(after(2 * 1.2 * 604_800).getTime());
      }),
      { seed: 1 },
    );
  });

  it('plans one retry for each wait of the schedule, and none after that', () => {
    fc.assert(
      fc.property(anyDecision, (decision) => {
        const { kind } = decideNext(decision);
        const fails = ['rejected', 'unreachable', 'not-transformed'].includes(decision.outcome.kind);
        const isPlanned = decision.trigger === 'scheduled' && decision.attemptNumber <= decision.schedule.length;
        expect(kind === 'retry').toBe(fails && isPlanned);
        expect(kind === 'exhausted').toBe(fails && decision.trigger === 'scheduled' && !isPlanned);
      }),
      { seed: 1 },
    );
  });
});

describe('needsSchedule', () => {
  it('says no only if no schedule could change the decision', () => {
    fc.assert(
      fc.property(anyDecision, fc.array(fc.nat(100)), (decision, schedule) => {
        if (needsSchedule(decision)) return;
        expect(decideNext({ ...decision, schedule })).toEqual(decideNext({ ...decision, schedule: [] }));
      }),
    );
  });

  it.each(['disable', 'abort-message'] as const)('says no if the endpoint asks to %s', (asks) => {
    const decision = aDecision({ outcome: { kind: 'rejected', status: 500, asks } });
    expect([needsSchedule(decision), needsSchedule(aDecision())]).toEqual([false, true]);
    expect(decideNext({ ...decision, schedule: [] })).toEqual(decideNext({ ...decision, schedule: [5] }));
  });
});
