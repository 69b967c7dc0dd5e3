import type { EndpointHealth, Wake } from '@posthorn/core';
import { aDelivery, anEndpoint, inMemoryEndpointHealth, secondsLater } from '@posthorn/testing';
import { createBreakerGate } from './breaker-gate.ts';

const now = secondsLater(60);
const isOpenUntil = (openUntil: Date): EndpointHealth => ({ failures: 10, breaker: { epoch: 7, openUntil, step: 0 } });

async function aGate(health?: EndpointHealth) {
  const stored = inMemoryEndpointHealth([anEndpoint()]);
  if (health) await stored.replace(anEndpoint(), { previous: undefined, next: health });
  const calls: (Wake | 'replace')[] = [];
  const gate = createBreakerGate({
    replaceHealth: (...change) => {
      calls.push('replace');
      return stored.replace(...change);
    },
    planWake: async (wake) => void calls.push(wake),
  });
  const endpoint = anEndpoint(health && { health });
  const ask = (trigger: 'scheduled' | 'manual' = 'scheduled') =>
    gate({ delivery: aDelivery({ trigger }), endpoint, now });
  return { ask, calls, healthOf: () => stored.healthOf(endpoint.endpointId) };
}

describe('the gate of the breaker', () => {
  it('lets deliveries of a healthy endpoint go, at once', async () => {
    const { ask, calls } = await aGate();
    expect(ask()).toEqual({ kind: 'go' });
    expect(calls).toEqual([]);
  });

  it('holds deliveries until the time of the next probe, but not manual ones', async () => {
    const { ask, calls } = await aGate(isOpenUntil(secondsLater(61)));
    expect(await ask()).toEqual({ kind: 'hold', until: secondsLater(61), reason: 'endpoint-failing' });
    expect(await ask('manual')).toEqual({ kind: 'go' });
    expect(calls).toEqual([]);
  });

  it('lets one of many be the probe, after it has planned the next one', async () => {
    const { ask, calls, healthOf } = await aGate(isOpenUntil(now));
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['go', 'hold', 'hold']);
    const epoch = now.getTime();
    expect(calls[0]).toMatchObject({ epoch, at: secondsLater(120), slice: 0 });
    expect(calls.indexOf('replace')).toBeGreaterThan(0);
    expect(healthOf()?.breaker).toEqual({ epoch, openUntil: secondsLater(120), step: 1 });
  });
});
