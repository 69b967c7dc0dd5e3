import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ReceivedRequest, type Receiver, realisticBody } from '@posthorn/testing';
import { Svix } from 'svix';
import { percentile } from './figures.ts';
import { repeat } from './repeat.ts';

const eventType = 'bench.sent';
/** They make request bodies of about 1 KB. */
const payloads = Array.from({ length: 64 }, (_, seed) => JSON.parse(realisticBody({ bytes: 940, seed })));
/** Longer than the queue's visibility timeout of two minutes: the job of a failed worker comes back after that. */
const waitMs = 240_000;
/** Looking at each request would take longer than receiving it. */
const lookEveryMs = 20;

/** Something that makes messages for one endpoint at the receiver. */
export interface Traffic {
  /** Makes one message. Returns what tells it from the others in its request. */
  send(): Promise<string>;
  /** What `send` returned for the message of this request. */
  markOf(request: ReceivedRequest): string;
  /** Waits until the receiver has got `count` messages in total. */
  received(count: number): Promise<void>;
  requests(): readonly ReceivedRequest[];
  /** The number of failed attempts, at most 250. */
  countFailed(): Promise<number>;
}

export interface Access {
  readonly url: string;
  readonly token: string;
}

/** An application with one endpoint, at a path of its own at the receiver. */
export interface Place extends Omit<Traffic, 'send' | 'markOf'> {
  readonly svix: Svix;
  readonly applicationId: string;
}

/** @param base - the receiver's URL, or another one that leads there */
export async function createPlace(
  access: Access,
  receiver: Receiver,
  { base = receiver.url, uid = null }: { readonly base?: string | undefined; readonly uid?: string | null } = {},
): Promise<Place> {
  const path = `/${randomUUID()}`;
  const svix = new Svix(access.token, { serverUrl: access.url });
  const { id } = await svix.application.create({ name: 'bench', uid });
  const endpoint = await svix.endpoint.create(id, { url: `${base}${path}` });
  return {
    svix,
    applicationId: id,
    async received(count) {
      const deadline = performance.now() + waitMs;
      while (receiver.requestsTo(path).length < count) {
        if (performance.now() > deadline) throw new Error(`not ${count} requests within ${waitMs} ms`);
        await sleep(lookEveryMs);
      }
    },
    requests: () => receiver.requestsTo(path),
    countFailed: async () =>
      (await svix.messageAttempt.listByEndpoint(id, endpoint.id, { status: 2, limit: 250 })).data.length,
  };
}

/** Messages that are posted to an application of their own. */
export async function createTraffic(access: Access, receiver: Receiver, base?: string): Promise<Traffic> {
  const { svix, applicationId, ...place } = await createPlace(access, receiver, { base });
  let sent = 0;
  return {
    ...place,
    send: async () => {
      sent += 1;
      // The SDK adds an idempotency key to every POST.
      return (await svix.message.create(applicationId, { eventType, payload: payloads[sent % payloads.length] })).id;
    },
    markOf: ({ headers }) => String(headers['webhook-id']),
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

/** Milliseconds until the message arrives at the receiver, from the response to `send` and from its start. */
export interface Latency {
  readonly fromAccept: Percentiles;
  readonly fromPost: Percentiles;
}
type Percentiles = { readonly p50: number; readonly p95: number; readonly p99: number };

/** Sends at an even rate, even if responses are late, and measures the time until each message arrives. */
export async function measureLatency(traffic: Traffic, rate: { perSecond: number; seconds: number }): Promise<Latency> {
  const before = traffic.requests().length;
  const count = rate.perSecond * rate.seconds;
  const startedAt = performance.now();
  const sends = Array.from({ length: count }, async (_, index) => {
    const dueMs = (index * 1_000) / rate.perSecond - (performance.now() - startedAt);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs)));
    const postedAt = Date.now();
    const mark = await traffic.send();
    return { mark, postedAt, acceptedAt: Date.now() };
  });
  const sent = await Promise.all(sends);
  await traffic.received(before + count);
  const arrivals = new Map(traffic.requests().map((request) => [traffic.markOf(request), request.arrivedAt.getTime()]));
  const since = (from: 'postedAt' | 'acceptedAt') =>
    toPercentiles(sent.map((message) => (arrivals.get(message.mark) ?? Number.POSITIVE_INFINITY) - message[from]));
  return { fromAccept: since('acceptedAt'), fromPost: since('postedAt') };
}

const toPercentiles = (values: readonly number[]): Percentiles => ({
  p50: percentile(values, 0.5),
  p95: percentile(values, 0.95),
  p99: percentile(values, 0.99),
});
