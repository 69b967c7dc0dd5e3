import { setTimeout as wait } from 'node:timers/promises';
import type { LaunchedSystem } from '@posthorn/local-supervisor/launch';
import { countInWindows, type Receiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { repeat } from '../repeat.ts';
import { createTraffic, type Latency, measureLatency } from '../traffic.ts';
import { fewestWhileWaiting } from './fewest-while-waiting.ts';

/** What is limited, in requests a second. */
export interface Limit {
  readonly of: 'endpoint' | 'application';
  readonly rate: number;
  /** Only of an endpoint: the limit of its application. Another endpoint has a limit too, and both together exceed it. */
  readonly within?: number;
}

/** Requests in ten seconds. */
export interface LimitFigures {
  readonly limit: Limit;
  readonly most: number;
  /** While messages were waiting. Absent if they never did for so long. */
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
  [{ of: 'endpoint', rate: 20, within: 60 }],
  [{ of: 'endpoint', rate: 200 }],
  [{ of: 'application', rate: 200 }],
];

export const windowMs = 10_000;
const connections = 8;
/** A slow machine accepts so many messages a second. */
const acceptedPerSecond = 100;
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
 * Posts more than each limit lets through, to be delivered later: from one time on, three times as many become due as may
 * be sent. So after five seconds, messages wait through a whole window, however slowly they were accepted. From that time
 * on it measures a tenant without a limit too.
 */
export async function measureLimits({ system, receiver, limits, seconds }: Measuring) {
  const quiet = await createTraffic(system, receiver);
  const places = await Promise.all(limits.map((limit) => createLimited({ system, receiver, limit })));
  const counts = limits.map((limit) => Math.ceil((messagesPerSecond(limit) / overload) * (seconds + windowMs / 2_000)));
  const fillMs = counts.reduce((sum, count) => sum + (count / acceptedPerSecond) * 1_000, 0);
  const dueFrom = Date.now() + fillMs;
  await Promise.all(places.map(({ fill }, index) => fill(counts[index] ?? 0, dueFrom)));
  await wait(Math.max(0, dueFrom - Date.now()));
  const latency: Latency = await measureLatency(quiet, { perSecond: quietPerSecond, seconds });
  const figures: LimitFigures[] = (await Promise.all(places.map(({ measure }) => measure()))).flat();
  return { figures, latency };
}

const overload = 3;

/** So many messages become due in a second. */
function messagesPerSecond({ of, rate, within = rate }: Limit): number {
  return (overload * within) / (of === 'application' ? endpointsOfApplication : 1);
}

/** With the limited endpoint, more than the application may have. */
const rateOfOther = ({ rate, within = 0 }: Limit): number => within - rate / 2;

interface Place extends Pick<Measuring, 'system' | 'receiver'> {
  readonly limit: Limit;
}

async function createLimited({ system, receiver, limit }: Place) {
  const svix = new Svix(system.token, { serverUrl: system.url });
  const { of, rate: throttleRate, within } = limit;
  const ofApplication = of === 'application' ? throttleRate : within;
  const { id } = await svix.application.create({
    name: 'limited',
    ...(ofApplication !== undefined && { throttleRate: ofApplication }),
  });
  const endpoints = of === 'application' ? endpointsOfApplication : within === undefined ? 1 : 2;
  const paths = Array.from({ length: endpoints }, (_, n) => `/${id}/${n}`);
  for (const [n, path] of paths.entries())
    await svix.endpoint.create(id, {
      url: `${receiver.url}${path}`,
      ...(of === 'endpoint' && { throttleRate: n === 0 ? throttleRate : rateOfOther(limit) }),
    });
  /** When each message could be delivered. */
  const ready: number[] = [];
  const received = (of: readonly string[]) =>
    of.flatMap((path) => receiver.requestsTo(path)).map(({ arrivedAt }) => arrivedAt.getTime());
  const figuresOf = (own: Limit, of: readonly string[], endsAt: number): LimitFigures => {
    const times = received(of);
    const fewest = fewestWhileWaiting(
      times,
      of.flatMap(() => ready),
      { windowMs, endsAt },
    );
    return { limit: own, most: countInWindows(times, windowMs).most, ...(fewest !== undefined && { fewest }) };
  };
  return {
    fill: (count: number, dueFrom: number) =>
      repeat(count, connections, async (n) => {
        const deliverAt = new Date(dueFrom + (n / messagesPerSecond(limit)) * 1_000);
        await svix.message.create(id, { eventType, payload, deliverAt });
        ready.push(Math.max(deliverAt.getTime(), Date.now()));
      }),
    async measure(): Promise<readonly LimitFigures[]> {
      const endsAt = Date.now();
      // What still waits is not sent any more.
      await svix.application.delete(id);
      if (within === undefined) return [figuresOf(limit, paths, endsAt)];
      const [limited = '', other = ''] = paths;
      // When the other endpoint has got all, the limited one alone does not use what the application may have.
      const others = received([other]);
      const untilOther = others.length < ready.length ? endsAt : Math.max(...others);
      return [figuresOf(limit, [limited], endsAt), figuresOf({ of: 'application', rate: within }, paths, untilOther)];
    },
  };
}
