import type { LocalQueues } from '@posthorn/local-queues';
import type { Storage } from '@posthorn/local-storage';
import type { Tally } from '../counters/tally.ts';
import type { RunningStream } from '../event-sources/start-sources.ts';
import type { EventLoopLag } from './event-loop-lag.ts';
import type { StorageTimes } from './measured-storage.ts';
import { createPrometheusText, type PrometheusText } from './prometheus-text.ts';
import type { RequestCounts } from './request-counts.ts';

/** Where the numbers come from. */
export interface MetricSources {
  readonly requests: RequestCounts;
  readonly tally: Tally;
  /** Absent if the queues are at another endpoint. */
  readonly queues: Pick<LocalQueues, 'find' | 'names'> | undefined;
  readonly streams: () => readonly RunningStream[];
  readonly storage: Pick<Storage, 'state'>;
  readonly times: StorageTimes;
  readonly lag: EventLoopLag;
  readonly runningInvocations: () => number;
  /** How often the process was started again. */
  readonly restarts: number;
}

/** Writes all metrics in the text format of Prometheus. */
export function writeMetrics(sources: MetricSources, now: Date): string {
  const text = createPrometheusText();
  writeRequests(text, sources);
  writeCounters(text, sources);
  writeWaiting(text, sources, now);
  writeStore(text, sources);
  writeProcess(text, sources);
  return text.text();
}

function writeRequests(text: PrometheusText, { requests }: MetricSources): void {
  text.counter('posthorn_requests_total', 'Requests to the API by route and class of status.', requests.byStatus());
  const routes = [...requests.byRoute()];
  text.counter(
    'posthorn_request_seconds_total',
    'Time until requests were answered, added up by route.',
    routes.map(([route, { seconds }]) => [{ route }, seconds]),
  );
}

function writeCounters(text: PrometheusText, { tally }: MetricSources): void {
  text.counter(
    'posthorn_attempts_total',
    'Attempts by outcome: accepted, rejected, gone, or the reason why there was no answer.',
    [...tally.outcomes()].map(([outcome, count]) => [{ outcome }, count]),
  );
  for (const [name, sum] of tally.sums()) {
    text.counter(`posthorn_${toSnakeCase(name)}_total`, `The counter ${name} of the functions.`, sum);
  }
}

const toSnakeCase = (name: string): string => name.replace(/(?<=[a-z])[A-Z]/g, '_$&').toLowerCase();

function writeWaiting(text: PrometheusText, { queues, streams }: MetricSources, now: Date): void {
  const counts = (queues?.names() ?? []).flatMap((queue) => {
    const found = queues?.find(queue);
    return found ? [{ queue, ...found.counts() }] : [];
  });
  text.gauge(
    'posthorn_queue_messages',
    'Entries of each queue: waiting, delayed until a retry is due, or in flight.',
    counts.flatMap(({ queue, waiting, delayed, inFlight }) => [
      [{ queue, state: 'waiting' }, waiting],
      [{ queue, state: 'delayed' }, delayed],
      [{ queue, state: 'in_flight' }, inFlight],
    ]),
  );
  text.gauge(
    'posthorn_queue_oldest_waiting_seconds',
    'Age of the oldest entry that waits, 0 if none waits.',
    counts.map(({ queue, oldestWaitingAt }) => [{ queue }, secondsSince(oldestWaitingAt, now)]),
  );
  text.gauge(
    'posthorn_stream_behind_seconds',
    'Age of the oldest change that a function has not handled, 0 if none waits. onMessageInserted is the fan-out.',
    behindByFunction(streams(), now).map(([name, seconds]) => [{ function: name }, seconds]),
  );
}

/** A function that reads several streams is as far behind as on the slowest of them. */
function behindByFunction(streams: readonly RunningStream[], now: Date): readonly (readonly [string, number])[] {
  const behind = new Map<string, number>();
  for (const { functionKey, behindSince } of streams) {
    const seconds = secondsSince(behindSince()?.getTime(), now);
    behind.set(functionKey, Math.max(seconds, behind.get(functionKey) ?? 0));
  }
  return [...behind];
}

const secondsSince = (time: number | undefined, now: Date): number =>
  time === undefined ? 0 : Math.max(0, (now.getTime() - time) / 1_000);

function writeStore(text: PrometheusText, { storage, times }: MetricSources): void {
  text.gauge('posthorn_store_writable', '1 if new data can be written, else 0.', storage.state().writable ? 1 : 0);
  text.histogram('posthorn_store_commit_seconds', 'Time until a commit was durable.', times.commits);
  text.histogram('posthorn_store_read_seconds', 'Time of a read of one row.', times.reads);
}

function writeProcess(text: PrometheusText, { lag, runningInvocations, restarts }: MetricSources): void {
  const { median, p99, max } = lag.read();
  text.gauge('posthorn_event_loop_lag_seconds', 'How late timers were since the last scrape.', [
    [{ quantile: '0.5' }, median],
    [{ quantile: '0.99' }, p99],
    [{ quantile: '1' }, max],
  ]);
  text.gauge('posthorn_invocations_running', 'Functions that are running now.', runningInvocations());
  text.counter('posthorn_restarts_total', 'How often the process died and was started again.', restarts);
  const { rss, heapUsed, external } = process.memoryUsage();
  text.gauge('process_resident_memory_bytes', 'Memory of the process.', rss);
  text.gauge('nodejs_heap_used_bytes', 'Memory of JavaScript values.', heapUsed);
  text.gauge('nodejs_external_memory_bytes', 'Memory of buffers and native objects.', external);
  const { user, system } = process.cpuUsage();
  text.counter('process_cpu_seconds_total', 'CPU time of the process.', (user + system) / 1e6);
  text.gauge('process_start_time_seconds', 'Start of the process, since 1970.', performance.timeOrigin / 1_000);
}
