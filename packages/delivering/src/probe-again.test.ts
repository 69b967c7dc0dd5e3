import { type AttemptResult, BusyError, type EndpointHealth, type Wake } from '@posthorn/core';
import { aDelivery, aMessage, anEndpoint, ids, inMemoryEndpointHealth, nthId, secondsLater } from '@posthorn/testing';
import { createAttemptInOrder } from './attempt-in-order.ts';
import { createBreakerGate } from './breaker-gate.ts';
import { accepted, anAttemptWorld, type Scripted } from './fixtures/attempt-world.ts';
import { createMakeAttempt } from './make-attempt.ts';
import { createProbeAgain } from './probe-again.ts';

const canceled: AttemptResult = { outcome: { kind: 'canceled' }, response: 'canceled', durationMs: 0 };
const isOpen: EndpointHealth = { failures: 10, breaker: { epoch: 7, openUntil: secondsLater(0), step: 4 } };

/** An endpoint whose breaker lets a probe go, and whose code cancels the first messages. */
async function aWorld(answers: readonly Scripted[], isInOrder = false) {
  const world = await anAttemptWorld({ answers });
  const stored = inMemoryEndpointHealth([anEndpoint()]);
  await stored.replace(anEndpoint(), { previous: undefined, next: isOpen });
  const healthOf = () => stored.healthOf(ids.endpoint);
  const wakes: Wake[] = [];
  const breaker = { replaceHealth: stored.replace, planWake: async (wake: Wake) => void wakes.push(wake) };
  const findEndpoint = async () => {
    const health = healthOf();
    return anEndpoint({ ...(health && { health }), ...(isInOrder && { order: { onExhausted: 'block' as const } }) });
  };
  const deps = {
    ...world.deps,
    findEndpoint,
    mayAttempt: createBreakerGate(breaker),
    probeAgain: createProbeAgain({ ...breaker, findEndpoint, clock: world.clock }),
  };
  const attemptInOrder = createAttemptInOrder({
    ...deps,
    findDelivery: async () => undefined,
    deleteEnded: async () => undefined,
    wasAccepted: async () => false,
  });
  for (const n of [1, 2, 3, 4]) await world.messages.insert(aMessage({ messageId: nthId('message', n) }));
  const nth = (n: number) => aDelivery({ messageId: nthId('message', n) });
  return {
    world,
    wakes,
    healthOf,
    attempt: (n: number) => createMakeAttempt(deps)(nth(n)),
    inOrder: (n: number) => attemptInOrder({ delivery: nth(n) }),
  };
}

describe('a probe that is not sent', () => {
  it('lets the next delivery be the probe at once if code canceled it, after the same wait if that one fails', async () => {
    const { attempt, healthOf, wakes, world } = await aWorld([canceled, canceled, accepted]);
    expect((await attempt(1)).kind).toBe('attempted');
    expect(healthOf()?.breaker).toMatchObject({ step: 4, openUntil: world.clock() });
    expect(wakes.at(-1)).toMatchObject({ epoch: healthOf()?.breaker?.epoch, at: secondsLater(1) });
    expect((await attempt(2)).kind).toBe('attempted');
    expect((await attempt(3)).kind).toBe('attempted');
    expect(healthOf()?.breaker).toMatchObject({ step: 5, openUntil: secondsLater(900) });
    // The third one was sent: it is the probe, and others wait for what follows from it.
    expect((await attempt(4)).kind).toBe('held');
    expect(world.sent).toHaveLength(3);
  });

  it('is made again if its code had no turn', async () => {
    const { attempt, healthOf, world } = await aWorld([new BusyError('too much'), accepted]);
    await expect(attempt(1)).rejects.toThrow('too much');
    expect(healthOf()?.breaker).toMatchObject({ step: 4, openUntil: world.clock() });
    expect((await attempt(1)).kind).toBe('attempted');
    expect(healthOf()?.breaker).toMatchObject({ step: 5 });
  });

  it('lets the next head of a group be the probe at once', async () => {
    const { inOrder, healthOf, world } = await aWorld([canceled, accepted], true);
    expect((await inOrder(1)).kind).toBe('through');
    expect((await inOrder(2)).kind).toBe('through');
    expect(world.sent).toHaveLength(2);
    expect(healthOf()?.breaker).toMatchObject({ step: 5 });
  });

  it('changes nothing for a delivery that was no probe', async () => {
    const { world, healthOf, wakes } = await aWorld([canceled]);
    await createMakeAttempt({ ...world.deps, probeAgain: () => Promise.reject(new Error('no probe')) })(aDelivery());
    expect([healthOf(), wakes]).toEqual([isOpen, []]);
  });
});
