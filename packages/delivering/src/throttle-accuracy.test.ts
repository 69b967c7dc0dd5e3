import { type Delivery, type Endpoint, slowInOrderRate } from '@posthorn/core';
import { aDelivery, countInWindows, inMemoryThrottles, nthId, secondsLater, startOfTests } from '@posthorn/testing';
import { createVirtualTime } from './fixtures/virtual-time.ts';
import { createReserveTogether } from './reserve-together.ts';
import { createTakeTurn } from './throttle.ts';

const workers = 20;
const windowMs = 10_000;
/** Clocks of workers differ by up to this much, and queues hand jobs over up to this late. */
const skewMs = 100;
const lateMs = 400;

/** Numbers from 0 to 1 that are the same in each run (a linear congruential generator). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const slowHealth = { failures: 0, slowUntil: secondsLater(86_400) };

interface Load {
  readonly endpoint: number;
  readonly count: number;
  /** Its limit. */
  readonly rate?: number;
  /** Seconds after the start. All of them come at once. */
  readonly after?: number;
  readonly isSlow?: boolean;
}

interface Trouble {
  /** Each delivery comes back this late. */
  readonly lateMs?: number;
  /** No delivery comes back between these times. Those that should have come all at once at its end. */
  readonly outage?: { readonly fromMs: number; readonly toMs: number };
}

/** Sends through 20 workers that share only the lines. Returns the times of the sends by endpoint, in milliseconds. */
async function simulate(
  loads: readonly Load[],
  application?: number,
  trouble: Trouble = {},
): Promise<ReadonlyMap<number, readonly number[]>> {
  const time = createVirtualTime();
  const random = seeded(7);
  const throttles = inMemoryThrottles();
  const sends = new Map<number, number[]>();
  const takeTurns = Array.from({ length: workers }, () => {
    const skew = (random() * 2 - 1) * skewMs;
    const clock = () => new Date(time.now().getTime() + skew);
    const reserve = createReserveTogether(async (throttled, request) => {
      await time.sleep(2 + random() * 8);
      return throttles.reserve(throttled, request);
    }, clock);
    const takeTurn = createTakeTurn({
      reserve,
      clock,
      sleep: time.sleep,
      findApplicationRate: async () => application,
      slowRate: slowInOrderRate,
    });
    return { takeTurn, clock };
  });
  const run = async (
    first: Delivery,
    endpoint: number,
    limits: Pick<Endpoint, 'throttleRate' | 'health'>,
  ): Promise<void> => {
    let delivery = first;
    for (;;) {
      const worker = takeTurns[Math.floor(random() * workers)];
      const turn = await worker?.takeTurn(delivery, limits);
      if (worker === undefined || turn === undefined || turn.kind === 'go') break;
      delivery = { ...delivery, notBefore: turn.until, slot: turn.slot };
      // As the queue does it: whole seconds, and sometimes late.
      const seconds = Math.floor((turn.until.getTime() - worker.clock().getTime()) / 1_000);
      await time.sleep(Math.max(0, seconds) * 1_000 + random() * lateMs + (trouble.lateMs ?? 0));
      const { fromMs, toMs } = trouble.outage ?? { fromMs: 0, toMs: 0 };
      const now = time.now().getTime() - startOfTests.getTime();
      if (now >= fromMs && now < toMs) await time.sleep(toMs - now);
    }
    const own = sends.get(endpoint) ?? [];
    own.push(time.now().getTime());
    sends.set(endpoint, own);
  };
  for (const { endpoint, count, rate, after = 0, isSlow = false } of loads) {
    for (let n = 0; n < count; n += 1) {
      const delivery = aDelivery({ endpointId: nthId('endpoint', endpoint) });
      const limits = { ...(rate !== undefined && { throttleRate: rate }), ...(isSlow && { health: slowHealth }) };
      void time.sleep(after * 1_000).then(() => run(delivery, endpoint, limits));
    }
  }
  await time.run();
  return sends;
}

const windows = (times: readonly number[]) => countInWindows(times, windowMs);

function expectRate(times: readonly number[], rate: number): void {
  const { most, fewest } = windows(times);
  expect({ rate, isMost: most <= rate * 11, isFewest: fewest >= rate * 9, most, fewest }).toMatchObject({
    isMost: true,
    isFewest: true,
  });
}

const all = (sends: ReadonlyMap<number, readonly number[]>): readonly number[] => [...sends.values()].flat();

describe('a throttle over twenty workers, in any ten seconds', () => {
  it.each([1, 5, 50, 200])('sends %i a second to an endpoint, within ten percent', async (rate) => {
    expectRate(all(await simulate([{ endpoint: 1, count: rate * 30, rate }])), rate);
  });

  it.each([5, 50])('sends %i a second for an application, within ten percent', async (rate) => {
    const loads = [1, 2, 3].map((endpoint) => ({ endpoint, count: rate * 10 }));
    expectRate(all(await simulate(loads, rate)), rate);
  });

  it('sends no crowd after an outage', async () => {
    const sends = all(
      await simulate([{ endpoint: 1, count: 1_500, rate: 50 }], undefined, {
        outage: { fromMs: 2_000, toMs: 22_000 },
      }),
    );
    expect(sends).toHaveLength(1_500);
    expect(windows(sends).most).toBeLessThanOrEqual(550);
  });

  it('still sends everything when all deliveries come back late, and keeps the limit', async () => {
    const sends = all(await simulate([{ endpoint: 1, count: 1_000, rate: 50 }], undefined, { lateMs: 30_000 }));
    expect(sends).toHaveLength(1_000);
    expect(windows(sends).most).toBeLessThanOrEqual(550);
  });

  it('keeps both limits where an endpoint has its own', async () => {
    const loads = [
      { endpoint: 1, count: 150, rate: 5 },
      { endpoint: 2, count: 600 },
    ];
    const sends = await simulate(loads, 20);
    expect(windows(sends.get(1) ?? []).most).toBeLessThanOrEqual(55);
    expect(windows(all(sends)).most).toBeLessThanOrEqual(220);
    expectRate(
      all(sends)
        .toSorted((one, other) => one - other)
        .slice(0, 500),
      20,
    );
  });

  it('keeps the endpoint’s limit when the application was busy before', async () => {
    const loads = [
      { endpoint: 2, count: 400 },
      { endpoint: 1, count: 200, rate: 5, after: 1 },
    ];
    const sends = await simulate(loads, 8);
    expect(windows(sends.get(1) ?? []).most).toBeLessThanOrEqual(55);
    expect(windows(all(sends)).most).toBeLessThanOrEqual(88);
  });

  it('sends two a second to the slow destinations of an application together, and keeps the limit of one', async () => {
    const loads = [1, 2, 3].map((endpoint) => ({ endpoint, count: 30, isSlow: true }));
    const sends = await simulate([...loads, { endpoint: 4, count: 10, rate: 1, isSlow: true }]);
    expect(windows(sends.get(4) ?? []).most).toBeLessThanOrEqual(11);
    expect(windows(all(sends)).most).toBeLessThanOrEqual(22);
    expectRate(
      all(sends)
        .toSorted((one, other) => one - other)
        .slice(0, 80),
      slowInOrderRate,
    );
  });
});
