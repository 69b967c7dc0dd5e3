import type { ServerResponse } from 'node:http';
import { controlToken } from './control/control-token.ts';
import { holdSnapshot } from './control/hold-snapshot.ts';
import { serveControl } from './control/serve-control.ts';
import type { Tally } from './counters/tally.ts';
import { ownerOf } from './event-sources/owner-of.ts';
import type { RunningStream } from './event-sources/start-sources.ts';
import type { Invoker } from './functions/invoker.ts';
import type { Health } from './health/judge-health.ts';
import type { Measurements } from './metrics/measurements.ts';
import { readMetricsToken } from './metrics/metrics-token.ts';
import { serveMetrics } from './metrics/serve-metrics.ts';
import { writeMetrics } from './metrics/write-metrics.ts';
import { countDue } from './status/count-due.ts';
import { readStatus } from './status/read-status.ts';
import type { CloudOptions } from './stores/cloud-options.ts';
import { localQueues } from './stores/local-queues.ts';
import type { Cloud } from './stores/open-cloud.ts';

export interface OperatorOptions extends CloudOptions {
  /** The port of the metrics, 0 for any free one, and the file of their token. Without it there are none. */
  readonly metrics?: { readonly port: number; readonly tokenFile: string };
  /** How often the parent has started this process again. */
  readonly restarts: number;
}

/** What the operator may see. */
export interface OperatorSources {
  readonly cloud: Cloud;
  readonly tally: Tally;
  readonly invoker: Pick<Invoker, 'running'>;
  readonly health: () => Health;
  readonly streams: () => readonly RunningStream[];
  readonly fanOutBehindSince: () => Date | undefined;
  /** Present if there are metrics. */
  readonly measurements: Measurements | undefined;
}

/** The servers for the operator and their programs, on loopback. */
export interface Operator {
  /** The endpoint of the commands, such as `run status`. */
  readonly control: string;
  /** The endpoint of the metrics, if there are any. */
  readonly metrics?: string;
  stop(): Promise<void>;
}

export async function serveOperator(options: OperatorOptions, sources: OperatorSources): Promise<Operator> {
  const { cloud } = sources;
  const status = createStatus(options, sources);
  const control = await serveControl({
    handlers: {
      'POST /snapshot': holdSnapshot(cloud.storage, options.folder),
      'GET /status': (response) => status(response, false),
      'GET /status/applications': (response) => status(response, true),
    },
    token: controlToken(options.accessKey.secret),
    port: 0,
  });
  try {
    const metrics = await startMetrics(options, sources);
    return {
      control: control.endpoint,
      ...(metrics && { metrics: metrics.endpoint }),
      stop: async () => void (await Promise.all([control.stop(), metrics?.stop()])),
    };
  } catch (error) {
    await control.stop();
    throw error;
  }
}

function createStatus({ stage, restarts }: OperatorOptions, { cloud, ...sources }: OperatorSources) {
  const find = (hasJobs: boolean) =>
    localQueues(stage)
      .filter(({ deadLetters }) => (deadLetters !== undefined) === hasJobs)
      .flatMap(({ name }) => cloud.localQueues?.find(name) ?? []);
  const statusSources = {
    ...sources,
    restarts,
    startedAt: new Date(performance.timeOrigin),
    jobQueues: cloud.localQueues && find(true),
    deadLetterQueues: find(false),
    countDue: (limit: number) => countDue(cloud.tables, stage, limit),
    applicationOf: (body: string) => ownerOf(body).application,
  };
  return async (response: ServerResponse, applications: boolean): Promise<void> => {
    const text = JSON.stringify(await readStatus(statusSources, { now: new Date(), applications }));
    response.writeHead(200, { 'content-type': 'application/json' }).end(text);
  };
}

async function startMetrics({ metrics, restarts }: OperatorOptions, sources: OperatorSources) {
  const { cloud, tally, streams, invoker, measurements } = sources;
  if (metrics === undefined || measurements === undefined) return undefined;
  const { requests, lag } = measurements;
  const all = {
    requests,
    lag,
    tally,
    streams,
    restarts,
    times: measurements.times(),
    queues: cloud.localQueues,
    storage: cloud.storage,
    runningInvocations: invoker.running,
  };
  const server = await serveMetrics({
    port: metrics.port,
    token: await readMetricsToken(metrics.tokenFile),
    write: () => writeMetrics(all, new Date()),
  });
  return {
    endpoint: server.endpoint,
    async stop() {
      lag.stop();
      await server.stop();
    },
  };
}
