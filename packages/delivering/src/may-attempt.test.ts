import { aDelivery, anEndpoint, secondsLater, startOfTests } from '@posthorn/testing';
import { createAttemptInOrder } from './attempt-in-order.ts';
import { accepted, anAttemptWorld } from './fixtures/attempt-world.ts';
import { createMakeAttempt } from './make-attempt.ts';
import type { AttemptPermission, AttemptRequest } from './may-attempt.ts';

const slot = { of: 'all', rates: { endpoint: 5 }, tries: 1 } as const;
const wait = { kind: 'wait', until: secondsLater(60), slot, reason: 'throttled' } as const;
const hold = { kind: 'hold', until: secondsLater(60), reason: 'endpoint-failing' } as const;
const slow = { kind: 'slow' } as const;

async function aGate(permission: AttemptPermission, given: Parameters<typeof anAttemptWorld>[0] = {}) {
  const asked: AttemptRequest[] = [];
  const world = await anAttemptWorld({
    answers: [accepted],
    ...given,
    mayAttempt: async (request) => {
      asked.push(request);
      return permission;
    },
  });
  return { ...world, asked };
}

describe('the gate before an attempt', () => {
  it('is asked once, with the endpoint as it is now, and lets the attempt be made', async () => {
    const { deps, asked } = await aGate({ kind: 'go' });
    expect(await createMakeAttempt(deps)(aDelivery())).toMatchObject({ kind: 'attempted' });
    expect(asked).toEqual([{ delivery: aDelivery(), endpoint: anEndpoint(), now: startOfTests }]);
  });

  it.each([
    [wait, { kind: 'deferred', until: secondsLater(60), slot, reason: 'throttled' }],
    [hold, { kind: 'held', until: secondsLater(60), reason: 'endpoint-failing' }],
    [slow, { kind: 'slow' }],
  ])('keeps the attempt from being made: %j', async (permission, report) => {
    const { deps, sent, attempts } = await aGate(permission);
    expect(await createMakeAttempt(deps)(aDelivery())).toEqual(report);
    expect([sent, attempts.all()]).toEqual([[], []]);
  });

  it('is not asked if nothing is to be sent', async () => {
    const recorded = await aGate({ kind: 'go' });
    await createMakeAttempt(recorded.deps)(aDelivery());
    await createMakeAttempt(recorded.deps)(aDelivery());
    expect(recorded.asked).toHaveLength(1);
    const disabled = await aGate({ kind: 'go' }, { endpoint: { disabled: true } });
    await createMakeAttempt(disabled.deps)(aDelivery());
    await createMakeAttempt(disabled.deps)(aDelivery({ notBefore: secondsLater(1) }));
    expect(disabled.asked).toEqual([]);
  });

  it('sends no delivery in order on to the workers of slow endpoints', async () => {
    const inOrder = {
      findDelivery: async () => undefined,
      deleteEnded: async () => undefined,
      wasAccepted: async () => false,
    };
    const { deps } = await aGate(slow);
    const delivery = aDelivery();
    expect(await createAttemptInOrder({ ...deps, ...inOrder })({ delivery })).toEqual({ kind: 'through' });
    const waiting = await aGate(wait);
    expect(await createAttemptInOrder({ ...waiting.deps, ...inOrder })({ delivery })).toEqual({
      kind: 'waits',
      until: secondsLater(60),
      reason: 'throttled',
      item: { ...delivery, notBefore: secondsLater(60), slot },
    });
  });
});
