import type { ReceivedRequest, Receiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { percentile } from './figures.ts';
import { repeat } from './repeat.ts';

const path = '/bench';
const eventType = 'bench.sent';
/** With this the request body is about 1 KB. */
const payload = { note: 'x'.repeat(900) };
/** Longer than a job stays hidden whose worker failed: the queue's visibility timeout is two minutes. */
const waitMs = 240_000;

/** An application with one endpoint at the receiver, and a way to send it messages. */
export interface Traffic {
  /** Sends one message and answers its id. */
  send(): Promise<string>;
  /** Waits until the receiver has got so many in all. */
  received(count: number): Promise<void>;
  requests(): readonly ReceivedRequest[];
  /** Failed attempts, of the latest 250. */
  countFailed(): Promise<number>;
}

export async function createTraffic(access: { url: string; token: string }, receiver: Receiver): Promise<Traffic> {
  const svix = new Svix(access.token, { serverUrl: access.url });
  const { id } = await svix.application.create({ name: 'bench' });
  const endpoint = await svix.endpoint.create(id, { url: `${receiver.url}${path}` });
  return {
    // The SDK sends an idempotency key of its own with every POST.
    send: async () => (await svix.message.create(id, { eventType, payload })).id,
    received: (count) => receiver.waitFor((requests) => requests.length >= count, waitMs),
    requests: () => receiver.requestsTo(path),
    countFailed: async () =>
      (await svix.messageAttempt.listByEndpoint(id, endpoint.id, { status: 2, limit: 250 })).data.length,
  };
}

const connections = 8;

/** Sends messages as fast as they are accepted, over a handful of connections. */
export const sendAll = ({ send }: Pick<Traffic, 'send'>, count: number): Promise<void> =>
  repeat(count, connections, send);

export interface Throughput {
  readonly acceptedPerSecond: number;
  readonly deliveredPerSecond: number;
}

export async function measureThroughput(traffic: Traffic, count: number): Promise<Throughput> {
  const before = traffic.requests().length;
  const startedAt = performance.now();
  await sendAll(traffic, count);
  const acceptedAt = performance.now();
  await traffic.received(before + count);
  const perSecond = (endedAt: number) => (count / (endedAt - startedAt)) * 1_000;
  return { acceptedPerSecond: perSecond(acceptedAt), deliveredPerSecond: perSecond(performance.now()) };
}

/** Milliseconds from the 202 answer, and from the start of the POST, to the arrival at the receiver. */
export interface Latency {
  readonly fromAccept: Percentiles;
  readonly fromPost: Percentiles;
}
type Percentiles = { readonly p50: number; readonly p95: number; readonly p99: number };

/** Sends at an even rate whatever the answers do, and compares with the arrivals. */
export async function measureLatency(traffic: Traffic, rate: { perSecond: number; seconds: number }): Promise<Latency> {
  const before = traffic.requests().length;
  const count = rate.perSecond * rate.seconds;
  const startedAt = performance.now();
  const sends = Array.from({ length: count }, async (_, index) => {
    const dueMs = (index * 1_000) / rate.perSecond - (performance.now() - startedAt);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs)));
    const postedAt = Date.now();
    const id = await traffic.send();
    return { id, postedAt, acceptedAt: Date.now() };
  });
  const sent = await Promise.all(sends);
  await traffic.received(before + count);
  const arrivals = new Map(
    traffic.requests().map(({ headers, arrivedAt }) => [headers['webhook-id'], arrivedAt.getTime()]),
  );
  const since = (from: 'postedAt' | 'acceptedAt') =>
    toPercentiles(sent.map((message) => (arrivals.get(message.id) ?? Number.POSITIVE_INFINITY) - message[from]));
  return { fromAccept: since('acceptedAt'), fromPost: since('postedAt') };
}

const toPercentiles = (values: readonly number[]): Percentiles => ({
  p50: percentile(values, 0.5),
  p95: percentile(values, 0.95),
  p99: percentile(values, 0.99),
});
