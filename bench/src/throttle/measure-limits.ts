import type { LaunchedSystem } from '@posthorn/local-supervisor/launch';
import { countInWindows, type Receiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { createTraffic, type Latency, measureLatency } from '../traffic.ts';
import { fewestWhileWaiting } from './fewest-while-waiting.ts';

/** What is limited, in requests a second. */
export interface Limit {
  readonly of: 'endpoint' | 'application';
  readonly rate: number;
}

/** Requests in ten seconds. */
export interface LimitFigures {
  readonly limit: Limit;
  readonly most: number;
  /** While messages were waiting. Absent if they never did: this machine accepts fewer than the limit allows. */
  readonly fewest?: number;
}

/** Limits that are measured at the same time. */
export const rounds: readonly (readonly Limit[])[] = [
  [
    { of: 'endpoint', rate: 5 },
    { of: 'application', rate: 5 },
    { of: 'endpoint', rate: 50 },
    { of: 'application', rate: 50 },
  ],
  [{ of: 'endpoint', rate: 200 }],
  [{ of: 'application', rate: 200 }],
];

const windowMs = 10_000;
const connections = 4;
/** A fill ends after this time, even if this machine accepts too little. */
const longestFillMs = 30_000;
const eventType = 'bench.sent';
const payload = { note: 'x'.repeat(900) };
const quietPerSecond = 10;
const endpointsOfApplication = 4;

interface Measuring {
  readonly system: LaunchedSystem;
  readonly receiver: Receiver;
  readonly limits: readonly Limit[];
  readonly seconds: number;
}

/**
 * Lets messages for some seconds wait at each limit. Then it measures a tenant without one, while nothing is posted to the
 * others.
 */
export async function measureLimits({ system, receiver, limits, seconds }: Measuring) {
  const quiet = await createTraffic(system, receiver);
  const places = await Promise.all(limits.map((limit) => createLimited({ system, receiver, limit, seconds })));
  await Promise.all(places.map(({ fill }) => fill()));
  const latency: Latency = await measureLatency(quiet, { perSecond: quietPerSecond, seconds });
  const figures: LimitFigures[] = await Promise.all(places.map(({ measure }) => measure()));
  return { figures, latency };
}

async function createLimited({
  system,
  receiver,
  limit,
  seconds,
}: Omit<Measuring, 'limits'> & { readonly limit: Limit }) {
  const svix = new Svix(system.token, { serverUrl: system.url });
  const { of, rate: throttleRate } = limit;
  const limitOf = (what: Limit['of']) => (of === what ? { throttleRate } : {});
  const { id } = await svix.application.create({ name: 'limited', ...limitOf('application') });
  const endpoints = of === 'application' ? endpointsOfApplication : 1;
  const paths = Array.from({ length: endpoints }, (_, n) => `/${id}/${n}`);
  for (const path of paths) await svix.endpoint.create(id, { url: `${receiver.url}${path}`, ...limitOf('endpoint') });
  const accepted: number[] = [];
  const received = () => paths.flatMap((path) => receiver.requestsTo(path)).map(({ arrivedAt }) => arrivedAt.getTime());
  const fill = async (): Promise<void> => {
    const until = performance.now() + longestFillMs;
    while (accepted.length - received().length < throttleRate * seconds && performance.now() < until) {
      await svix.message.create(id, { eventType, payload });
      const now = Date.now();
      accepted.push(...paths.map(() => now));
    }
  };
  return {
    fill: () => Promise.all(Array.from({ length: connections }, fill)),
    async measure(): Promise<LimitFigures> {
      const times = received();
      const endsAt = Date.now();
      // What still waits is not sent any more.
      await svix.application.delete(id);
      const fewest = fewestWhileWaiting(times, accepted, { windowMs, endsAt });
      return { limit, most: countInWindows(times, windowMs).most, ...(fewest !== undefined && { fewest }) };
    },
  };
}
