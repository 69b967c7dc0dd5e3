import type { EndpointHealth, EndpointHealthRepository, HealthAttempt, Wake } from '@posthorn/core';
import { PassingError } from '@posthorn/core';
import { anEndpoint, ids, inMemoryEndpointHealth, secondsLater } from '@posthorn/testing';
import { aSetAsideWorld } from '../fixtures/set-aside-world.ts';
import { createWatchHealth } from './watch-health.ts';

const anAttempt = (second: number, succeeded: boolean): HealthAttempt => ({
  attemptedAt: secondsLater(second),
  succeeded,
  responseDurationMs: 10,
});
const success = (second: number) => anAttempt(second, true);
const failures = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => anAttempt(from + index, false));

function aTrigger(overrides: Partial<EndpointHealthRepository> = {}, { disabled = false } = {}) {
  const world = aSetAsideWorld();
  const memory = inMemoryEndpointHealth([anEndpoint({ disabled })]);
  const calls: string[] = [];
  const wakes: Wake[] = [];
  const clock = { now: secondsLater(20) };
  const health: EndpointHealthRepository = {
    find: (endpoint, read) => {
      calls.push(`find ${read}`);
      return memory.find(endpoint, read);
    },
    replace: (endpoint, change) => {
      calls.push('replace');
      return memory.replace(endpoint, change);
    },
    ...overrides,
  };
  const watchHealth = createWatchHealth({
    health,
    planWake: async (wake) => {
      calls.push('wake');
      wakes.push(wake);
    },
    disableEndpoint: async ({ endpointId }) => void calls.push(`disable ${endpointId}`),
    clock: () => clock.now,
    log: world.log,
    counters: world.counters,
  });
  const watch = (...attempts: readonly HealthAttempt[]) =>
    watchHealth({ applicationId: ids.application, endpointId: ids.endpoint, attempts });
  return { ...world, calls, wakes, clock, watch, memory, healthOf: () => memory.healthOf(ids.endpoint) };
}

describe('the health of an endpoint', () => {
  it('is read once in half a minute, and not written, while the endpoint succeeds', async () => {
    const { watch, calls, clock } = aTrigger();
    await watch(success(1), success(2));
    await watch(success(3));
    expect(calls).toEqual(['find recent']);
    clock.now = secondsLater(50);
    await watch(success(49));
    expect(calls).toEqual(['find recent', 'find recent']);
  });

  it('is read and written at once after a failure', async () => {
    const { watch, calls, healthOf } = aTrigger();
    await watch(success(1));
    await watch(...failures(2, 3));
    expect(calls).toEqual(['find recent', 'find latest', 'replace']);
    expect(healthOf()).toMatchObject({ failures: 2, failingSince: secondsLater(2) });
  });

  it('opens the breaker, and plans its wake before that', async () => {
    const { watch, calls, wakes, healthOf, lines, counts } = aTrigger();
    await watch(...failures(1, 11));
    expect(calls).toEqual(['find latest', 'wake', 'replace']);
    const epoch = secondsLater(20).getTime();
    expect(healthOf()?.breaker).toEqual({ epoch, openUntil: secondsLater(50), step: 0 });
    expect(wakes).toEqual([
      {
        organisationId: ids.organisation,
        applicationId: ids.application,
        endpointId: ids.endpoint,
        epoch,
        at: secondsLater(50),
        slice: 0,
      },
    ]);
    expect(lines).toEqual(['warn endpoint.breaker_opened']);
    expect(counts).toEqual(new Map([['BreakersOpened', 1]]));
  });

  it('is written eleven times at most in a run of failures: for each of the first ten, and when the breaker opens', async () => {
    const { watch, calls } = aTrigger();
    for (let n = 0; n < 100; n += 1) await watch(anAttempt(n / 2, false));
    expect(calls.filter((call) => call === 'replace')).toHaveLength(11);
  });

  it('writes nothing while the breaker is open and attempts fail', async () => {
    const { watch, calls } = aTrigger();
    await watch(...failures(1, 11));
    calls.length = 0;
    await watch(...failures(12, 40));
    expect(calls).toEqual(['find latest']);
  });

  it('begins to drain after a success, with a wake of its own', async () => {
    const { watch, wakes, healthOf, clock, lines } = aTrigger();
    await watch(...failures(1, 11));
    clock.now = secondsLater(55);
    await watch(success(51));
    expect(healthOf()?.breaker).toMatchObject({ epoch: secondsLater(55).getTime(), drained: 0 });
    expect(wakes.at(-1)).toMatchObject({ epoch: secondsLater(55).getTime(), at: secondsLater(57) });
    expect(lines).toEqual(['warn endpoint.breaker_opened', 'warn endpoint.recovered']);
  });

  it('is read again if it was changed meanwhile, and both changes count', async () => {
    let rivals: readonly EndpointHealth[] = [
      { failures: 4, failingSince: secondsLater(0), lastFailureAt: secondsLater(1) },
    ];
    const world = aTrigger({
      replace: async (endpoint, change) => {
        const [rival] = rivals;
        rivals = [];
        if (rival) await world.memory.replace(endpoint, { previous: undefined, next: rival });
        return world.memory.replace(endpoint, change);
      },
    });
    await world.watch(...failures(2, 3));
    expect(world.healthOf()).toMatchObject({ failures: 6, failingSince: secondsLater(0) });
  });

  it('is a passing problem if it is changed again and again', async () => {
    const { watch } = aTrigger({ replace: async () => 'changed' });
    await expect(watch(...failures(1, 2))).rejects.toThrow(PassingError);
  });

  it('is nobody’s if the endpoint is gone', async () => {
    const { watch, calls } = aTrigger({ find: async () => undefined });
    await watch(...failures(1, 30));
    expect(calls).toEqual([]);
  });

  it('is the same if a batch comes again', async () => {
    const { watch, healthOf } = aTrigger();
    await watch(...failures(1, 5));
    const once = healthOf();
    await watch(...failures(1, 5));
    expect(healthOf()).toEqual(once);
  });
});

describe('an endpoint that fails for five days', () => {
  const day = 86_400;

  it('is disabled', async () => {
    const { watch, calls, clock, lines } = aTrigger();
    await watch(...failures(1, 11));
    clock.now = secondsLater(5 * day + 20);
    await watch(...failures(5 * day, 5 * day));
    expect(calls).not.toContain(`disable ${ids.endpoint}`);
    await watch(...failures(5 * day + 1, 5 * day + 1));
    expect(calls.at(-1)).toBe(`disable ${ids.endpoint}`);
    expect(lines.at(-1)).toBe('warn endpoint.failed_for_too_long');
  });

  it('is not disabled twice', async () => {
    const { watch, calls } = aTrigger({}, { disabled: true });
    await watch(...failures(1, 1), ...failures(6 * day, 6 * day));
    expect(calls).not.toContain(`disable ${ids.endpoint}`);
  });
});
