import { Worker } from 'node:worker_threads';
import { InvalidSources, readSources } from '@posthorn/change-events/file';
import { createPayloadCheck } from '@posthorn/checking';
import { threadOptions as checkingOptions } from '@posthorn/checking/thread-data';
import { tableName } from '@posthorn/contracts';
import { createLogNotices } from '@posthorn/core/poller/log-notices';
import { findFreePort } from '@posthorn/local-cloud/stores/free-port';
import { createFaults, type FaultPlan } from '@posthorn/local-event-sources';
import { createTables } from '@posthorn/models/tables';
import { createTransform } from '@posthorn/transforming';
import { threadOptions } from '@posthorn/transforming/thread-data';
import { runSchedules } from './clock/run-schedules.ts';
import { createTally } from './counters/tally.ts';
import type { ShareLimits } from './event-sources/shares.ts';
import { type RunningSources, startSources } from './event-sources/start-sources.ts';
import { openFaultHooks } from './faults/fault-hooks.ts';
import { createInvoker } from './functions/invoker.ts';
import { type LoadedFunction, loadFunctions } from './functions/load-functions.ts';
import { listOwnPorts } from './functions/own-ports.ts';
import { judgeHealth } from './health/judge-health.ts';
import { createOpenRequests } from './http/open-requests.ts';
import { createRoutes } from './http/routes.ts';
import { serveHttp } from './http/serve.ts';
import { createMeasurements } from './metrics/measurements.ts';
import { type Operator, type OperatorOptions, serveOperator } from './operator.ts';
import { type Cloud, type Endpoints, openCloud } from './stores/open-cloud.ts';
import type { CheckpointsEndpoint } from './stores/serve-checkpoints.ts';

export interface HostOptions extends OperatorOptions {
  /** The folder that contains `services`. */
  readonly root: string;
  /** The address and port of the API. 0 for any free port. */
  readonly address: { readonly host: string; readonly port: number };
  readonly limits: ShareLimits;
  /** Connections at a time from one address of another machine. 0 for any number. */
  readonly connectionsPerAddress: number;
  readonly faults: FaultPlan;
  /** The file of the user's own tables, which may be missing, and the organisation of those for which it names none. */
  readonly sources: { readonly file: string; readonly organisationId: string };
  /** `none`: the functions run in other processes, under `serverless offline`, and this one serves the stores to them. */
  readonly functions: 'all' | 'none';
}

export interface HostObserver {
  readonly log: (line: string) => void;
  /** Writes a line of the access log. */
  readonly writeAccess: (line: string) => void;
  /** An invocation still runs a minute after its time limit: the process must be restarted. */
  readonly onStuck: (functionKey: string) => void;
}

/** What this process runs: all functions, or only the stores. */
export interface Host {
  /** The port of the API, if the functions run here. */
  readonly port?: number;
  readonly endpoints: Endpoints;
  /** Where the operator's commands are served. */
  readonly control: string;
  /** Where the metrics are served, if they are. */
  readonly metrics?: string;
  /** Names of the services whose functions run here. */
  readonly runs: readonly string[];
  /** Where other processes keep the checkpoints of their streams, if the functions run there. */
  readonly checkpoints?: CheckpointsEndpoint;
  /** Takes no new work, finishes what is in flight within the grace time, and closes the stores. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Opens the stores, loads all functions, and runs what invokes them: HTTP requests, queues, streams and the clock.
 *
 * @throws what `openCloud` throws, or Node's error if the port is taken
 */
export async function startHost(options: HostOptions, { log, writeAccess, onStuck }: HostObserver): Promise<Host> {
  const { root, stage, region, address } = options;
  const hooks = openFaultHooks(process.env, tableName(stage, 'attempts'));
  const measurements = options.metrics === undefined ? undefined : createMeasurements();
  const cloud = await openCloud(options, log, { wrap: measurements?.wrap, hiddenSeconds: hooks?.plan.hiddenSeconds });
  let operator: Operator | undefined;
  try {
    const tally = createTally();
    const invoker = createInvoker(onStuck);
    let sources: RunningSources | undefined;
    const messages = tableName(stage, 'messages');
    const fanOutBehindSince = () => sources?.streams.find((stream) => stream.tableName === messages)?.behindSince();
    const health = () =>
      judgeHealth({ storage: cloud.storage.state(), fanOutBehindSince: fanOutBehindSince(), now: new Date() });
    const streams = () => sources?.streams ?? [];
    const seen = { cloud, tally, invoker, health, streams, fanOutBehindSince, measurements };
    operator = await serveOperator(options, seen);
    const { control, metrics, stop: stopOperator } = operator;
    const port = address.port || (await findFreePort({ program: 'Posthorn' }));
    const urls = [`http://localhost:${port}`, control, metrics ?? '', ...Object.values(cloud.endpoints)];
    // Powertools reads the environment of the process, so the functions have the same one, but for what is known only now.
    const environment = {
      ...process.env,
      POSTHORN_FORBIDDEN_PORTS: listOwnPorts(urls, process.env.POSTHORN_FORBIDDEN_PORTS),
    };
    const { createCounters } = tally;
    const changeSources = await loadSources(options, log);
    const clients = { tables: cloud.tables, queues: cloud.queues };
    const openRequests = createOpenRequests();
    const transform = createTransform(startTransformingThread);
    const checkPayload = createPayloadCheck(startCheckingThread);
    const host = {
      environment,
      ...clients,
      health,
      createCounters,
      transform,
      checkPayload,
      sources: changeSources,
      writeAccess,
      logNotices: createLogNotices(),
      endOfRequest: openRequests.endOf,
    };
    const adapt = (key: string, given: typeof host) => ({ ...given, ...hooks?.wrapClients(key, clients) });
    const [functions] = await Promise.all([loadFunctions(root, host, adapt), prepareTables(cloud, options)]);
    const invokeOf = (one: LoadedFunction) => {
      if (!hooks) return invoker.of(one);
      const limited = hooks.limit(one);
      return hooks.wrapInvoke(limited, invoker.of(limited));
    };
    const faults =
      hooks?.eventSources ??
      createFaults(options.faults, { random: Math.random, die: () => process.kill(process.pid, 'SIGKILL') });
    if (cloud.tableFaults) hooks?.failTables(cloud.tableFaults);
    const server = await serveHttp({
      host: address.host,
      port,
      findRoute: createRoutes(functions, invokeOf),
      log,
      writeAccess: process.env.POSTHORN_ACCESS_LOG === 'off' ? undefined : writeAccess,
      openRequests,
      limits: { connectionsPerAddress: options.connectionsPerAddress },
      ...(measurements && { count: measurements.requests.count }),
    });
    const running = startSources(functions, cloud, {
      stage,
      region,
      isTablesLocal: options.dynamodbUrl === undefined,
      limits: options.limits,
      invokeOf,
      faults,
      areQueuesReachable: () => !hooks?.areQueuesUnreachable(),
      log,
    });
    sources = running;
    const stopClock = runSchedules(functions, invokeOf, log);
    return {
      port: server.port,
      endpoints: cloud.endpoints,
      runs: [...new Set(functions.map(({ service }) => service))],
      control,
      ...(metrics !== undefined && { metrics }),
      async stop(graceMs) {
        stopClock();
        await Promise.all([server.stop(graceMs), running.stop(graceMs), stopOperator()]);
        invoker.close();
        await cloud.close();
      },
    };
  } catch (error) {
    await operator?.stop();
    await cloud.close();
    throw error;
  }
}

const startCheckingThread = (): Worker =>
  new Worker(new URL(import.meta.resolve('@posthorn/checking/thread')), checkingOptions);
const startTransformingThread = (): Worker =>
  new Worker(new URL(import.meta.resolve('@posthorn/transforming/thread')), threadOptions);

/**
 * Reads the user's own tables. If the file is wrong when the process is started again, its tables wait, and everything else
 * goes on.
 *
 * @throws InvalidSources at the first start
 */
async function loadSources(
  { stage, sources: { file, organisationId }, restarts }: HostOptions,
  log: HostObserver['log'],
) {
  const read = readSources(file, { stage, organisationId });
  const { sources, absent } = await read.catch((error: unknown) => {
    if (restarts === 0 || !(error instanceof InvalidSources)) throw error;
    log(
      `Warning: no table of a source is read until Posthorn is started again with a corrected file. ${error.message}`,
    );
    return { sources: [], absent: [] };
  });
  for (const name of absent)
    log(`source ${name} is not read here: its table has neither the stage ${stage} nor default in ${file}`);
  return sources;
}

/** @throws an error that names the setting if another endpoint cannot be used */
export async function prepareTables({ tables }: Cloud, { stage, dynamodbUrl }: HostOptions): Promise<void> {
  try {
    await createTables(tables, stage);
  } catch (cause) {
    if (dynamodbUrl === undefined) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`POSTHORN_DYNAMODB: could not create the tables. ${message}`, { cause });
  }
}
