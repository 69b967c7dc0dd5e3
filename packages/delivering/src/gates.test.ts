import { aDelivery, anEndpoint, inMemoryThrottles, secondsLater, startOfTests } from '@posthorn/testing';
import { askAll } from './ask-all.ts';
import { createBreakerGate } from './breaker-gate.ts';
import type { AttemptPermission, MayAttempt } from './may-attempt.ts';
import { slowGate } from './slow-gate.ts';
import { createThrottleGate } from './throttle-gate.ts';

const request = { delivery: aDelivery(), endpoint: anEndpoint(), now: startOfTests };
const slowUntil = (seconds: number) => anEndpoint({ health: { failures: 0, slowUntil: secondsLater(seconds) } });

describe('gates', () => {
  it('send deliveries to an endpoint away while it is slow', () => {
    expect(slowGate({ ...request, endpoint: slowUntil(1) })).toEqual({ kind: 'slow' });
    expect(slowGate({ ...request, endpoint: slowUntil(0) })).toEqual({ kind: 'go' });
    expect(slowGate(request)).toEqual({ kind: 'go' });
  });

  it('let a delivery wait for its turn, with its slot', async () => {
    const gate = createThrottleGate({
      reserve: inMemoryThrottles().reserve,
      findApplicationRate: async () => undefined,
      clock: () => startOfTests,
      sleep: async () => undefined,
    });
    const endpoint = anEndpoint({ throttleRate: 1 });
    const permissions = [];
    for (const _ of [1, 2, 3]) permissions.push(await gate({ ...request, endpoint }));
    const slot = { of: 'all', rates: { endpoint: 1 }, tries: 1 };
    const waits = { kind: 'wait', until: secondsLater(2), slot, reason: 'throttled' };
    expect(permissions).toEqual([{ kind: 'go' }, { kind: 'go' }, waits]);
  });

  it('let a delivery to a slow endpoint wait for that reason', async () => {
    const gate = createThrottleGate({
      reserve: inMemoryThrottles().reserve,
      findApplicationRate: async () => undefined,
      slowRate: 1,
      clock: () => startOfTests,
      sleep: async () => undefined,
    });
    for (const _ of [1, 2]) expect(await gate({ ...request, endpoint: slowUntil(1) })).toEqual({ kind: 'go' });
    expect(await gate({ ...request, endpoint: slowUntil(1) })).toMatchObject({
      kind: 'wait',
      reason: 'endpoint-slow',
      until: secondsLater(2),
    });
  });

  it.each([
    ['that a wake has sent', { probe: 7 }, secondsLater(60)],
    ['that came after the wait', {}, startOfTests],
  ])('let a probe pass %s, although the lines of its endpoint are full', async (_, more, openUntil) => {
    const breakerGate = createBreakerGate({ replaceHealth: async () => 'stored', planWake: async () => undefined });
    const full: MayAttempt = () => Promise.reject(new Error('a probe waits for no turn'));
    const endpoint = anEndpoint({ health: { failures: 10, breaker: { epoch: 7, openUntil, step: 0 } } });
    const probe = { ...request, delivery: aDelivery(more), endpoint };
    expect(await askAll(breakerGate, full)(probe)).toMatchObject({ kind: 'go' });
  });

  it('are asked in order, until one does not let a delivery go', async () => {
    const asked: number[] = [];
    const gate =
      (n: number, permission: AttemptPermission): MayAttempt =>
      () => {
        asked.push(n);
        return permission;
      };
    const go = { kind: 'go' } as const;
    expect(await askAll(gate(1, go), gate(2, { kind: 'slow' }), gate(3, go))(request)).toEqual({ kind: 'slow' });
    expect(await askAll(gate(4, go), gate(5, go))(request)).toEqual(go);
    expect(asked).toEqual([1, 2, 4, 5]);
  });
});
