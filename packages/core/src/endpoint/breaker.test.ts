import { drainedInStep, mayAttempt, stepOfWake } from './breaker.ts';
import type { EndpointHealth } from './endpoint-health.ts';

const now = new Date('2026-01-01T00:00:00Z');
const inSeconds = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
const epoch = now.getTime() - 30_000;
const open: EndpointHealth = { failures: 10, breaker: { epoch, openUntil: now, step: 0 } };
const draining: EndpointHealth = { failures: 0, breaker: { epoch, openUntil: now, step: 2, drained: 3 } };
const scheduled = { trigger: 'scheduled' } as const;

describe('mayAttempt', () => {
  it('lets every attempt pass at a healthy endpoint, and while the held deliveries are drained', () => {
    expect(mayAttempt(undefined, scheduled, now)).toEqual({ kind: 'go' });
    expect(mayAttempt({ failures: 9 }, scheduled, now)).toEqual({ kind: 'go' });
    expect(mayAttempt(draining, scheduled, now)).toEqual({ kind: 'go' });
  });

  it('holds deliveries until the next probe', () => {
    expect(mayAttempt(open, scheduled, inSeconds(-1))).toEqual({ kind: 'hold', until: now });
  });

  it('lets one delivery be the probe, which opens the breaker for longer', () => {
    expect(mayAttempt(open, scheduled, now)).toEqual({
      kind: 'probe',
      health: { failures: 10, breaker: { epoch: now.getTime(), openUntil: inSeconds(60), step: 1 } },
    });
  });

  it('lets the probe of this epoch pass, and no earlier one', () => {
    expect(mayAttempt(open, { ...scheduled, probe: epoch }, inSeconds(-1))).toMatchObject({
      kind: 'go',
      probe: { breaker: { epoch } },
    });
    expect(mayAttempt(open, { ...scheduled, probe: epoch - 1 }, inSeconds(-1))).toEqual({ kind: 'hold', until: now });
  });

  it('lets manual attempts pass', () => {
    expect(mayAttempt(open, { trigger: 'manual' }, inSeconds(-1))).toEqual({ kind: 'go' });
  });
});

describe('a wake', () => {
  it('of an earlier epoch does nothing', () => {
    expect(stepOfWake(open, { epoch: epoch - 1 }, now)).toEqual({ kind: 'nothing' });
    expect(stepOfWake(draining, { epoch: epoch - 1 }, now)).toEqual({ kind: 'nothing' });
  });

  it('of a later epoch comes before the health that it is for', () => {
    expect(stepOfWake(open, { epoch: epoch + 1 }, now)).toEqual({ kind: 'early' });
    expect(stepOfWake(draining, { epoch: epoch + 1 }, now)).toEqual({ kind: 'early' });
  });

  it('makes a probe, and the waits grow up to 15 minutes', () => {
    let health = open;
    const waits = [];
    for (let probe = 0; probe < 7; probe += 1) {
      const time = health.breaker?.openUntil ?? now;
      const step = stepOfWake(health, { epoch: health.breaker?.epoch ?? 0 }, time);
      if (step.kind !== 'probe') throw new Error(`expected a probe, not ${step.kind}`);
      expect(step.health.breaker?.epoch).toBeGreaterThan(health.breaker?.epoch ?? 0);
      waits.push(((step.health.breaker?.openUntil.getTime() ?? 0) - time.getTime()) / 1000);
      health = step.health;
    }
    expect(waits).toEqual([60, 120, 240, 480, 900, 900, 900]);
  });

  it('drains at a rising rate', () => {
    expect(stepOfWake(draining, { epoch }, now)).toEqual({
      kind: 'drain',
      deliveries: 8,
      health: { failures: 0, breaker: { epoch: now.getTime(), openUntil: inSeconds(2), step: 2, drained: 4 } },
      closed: { failures: 0 },
    });
    expect([0, 1, 2, 3, 7, 8, 2_000].map((step) => drainedInStep(step))).toEqual([1, 2, 4, 8, 128, 200, 200]);
  });

  it('looks for deliveries that are still held when the breaker is closed, and would drain them', () => {
    const breaker = { epoch: now.getTime(), openUntil: inSeconds(2), step: 0, drained: 0 };
    expect(stepOfWake(undefined, { epoch }, now)).toEqual({ kind: 'look', health: { failures: 0, breaker } });
    expect(stepOfWake({ failures: 3, failingSince: now }, { epoch }, now)).toEqual({
      kind: 'look',
      health: { failures: 3, failingSince: now, breaker },
    });
  });

  it('has a later epoch after each step, whatever the clock says', () => {
    const behind = inSeconds(-3_600);
    expect(stepOfWake(open, { epoch }, behind)).toMatchObject({ health: { breaker: { epoch: epoch + 1 } } });
    expect(stepOfWake(draining, { epoch }, behind)).toMatchObject({ health: { breaker: { epoch: epoch + 1 } } });
  });
});
