import { flushCompileCache } from 'node:module';
import type { RunningMapping } from '@posthorn/local-event-sources';
import { createFaults, type FaultPlan, readFaultPlan } from '@posthorn/local-event-sources';
import { answerFailures } from './http/answer-failures.ts';
import { changeRequests } from './http/change-requests.ts';
import { keepBodyBytes } from './http/keep-body-bytes.ts';
import { keepLastSlash } from './http/keep-last-slash.ts';
import { httpPortOf, joinPorts, type OfflineOptions, portsOf } from './http/offline-ports.ts';
import { CannotJoin, joinCloud } from './join/join-cloud.ts';
import { announceReady, endWithParent, waitForPorts } from './service/announce-ready.ts';
import { createInvoker, type Invoker } from './service/lambda-pool.ts';
import { passEnvironment } from './service/pass-environment.ts';
import { type FunctionEvents, readMappings } from './service/read-mappings.ts';
import { type CheckpointPlace, startMappings } from './service/start-mappings.ts';

const graceMs = 2_000;
const defaultConcurrency = 5;
const defaultPace = { activeMs: 20, idleMs: 250 };

/** `custom.eventSources` of a serverless.yml. */
export interface EventSourceSettings {
  /** Prefixes of environment variables of this process that the functions get too. */
  readonly passEnvironment?: readonly string[];
  /** Export name => name of the table or queue, for `Fn::ImportValue`. */
  readonly imports?: Readonly<Record<string, string>>;
  /** The most invocations at a time for one queue. Default 5. */
  readonly maximumConcurrency?: number;
  /** Milliseconds between reads of a stream: while it changes (default 20), and at most (default 250). */
  readonly polling?: { readonly activeMs?: number; readonly idleMs?: number };
  /** Folder for the checkpoints of streams. `EVENT_SOURCE_CHECKPOINTS` overrides it. */
  readonly checkpoints?: string;
  /**
   * File in which a local cloud describes itself (`CloudDescription`), from the folder of the service. The service joins
   * that cloud, unless the environment names endpoints.
   */
  readonly localCloud?: string;
  /** The command that starts a local cloud. It is printed if none runs. */
  readonly startLocalCloud?: string;
  /**
   * Variable of the functions with a list of ports, such as `8071,9000`. The ports on which serverless-offline listens
   * are added to it.
   */
  readonly ownPorts?: string;
  /** For fault tests. `EVENT_SOURCE_FAULTS` overrides it. */
  readonly faults?: FaultPlan;
}

/** The part of Serverless that this plugin uses. */
interface Serverless {
  readonly serviceDir: string;
  readonly classes: { readonly Error: new (message: string, code: string) => Error };
  readonly service: {
    readonly service: string;
    readonly provider: { region?: string; stage?: string; environment?: Record<string, unknown> };
    readonly custom?: { readonly eventSources?: EventSourceSettings; readonly 'serverless-offline'?: OfflineOptions };
    readonly plugins?: readonly string[] | { readonly modules?: readonly string[] };
    readonly resources?: { readonly Resources?: Readonly<Record<string, unknown>> };
    getAllFunctions(): readonly string[];
    getFunction(functionKey: string): { readonly events?: FunctionEvents['events'] };
  };
  readonly processedInput: { readonly commands: readonly string[] };
  readonly pluginManager: { readonly plugins: readonly object[] };
  readonly configSchemaHandler: { defineCustomProperties(schema: unknown): void };
}

interface Writers {
  readonly log: { error(text: string): void; warning(text: string): void; notice(text: string): void };
}

/**
 * The Serverless plugin. During `serverless offline` it runs the `sqs` and `stream` events of the functions, and
 * corrects how serverless-offline handles their `httpApi` events. List it after the plugin of a bundler and before
 * serverless-offline. It is a class because Serverless calls `new`.
 */
export default class EventSourcesPlugin {
  readonly hooks: Readonly<Record<string, () => Promise<void> | void>>;

  constructor(serverless: Serverless, options: OfflineOptions, { log }: Writers) {
    defineSettings(serverless);
    const run = createRun(serverless, options, log);
    this.hooks = {
      initialize: () => prepareEnvironment(serverless, options),
      'offline:start': run.start,
      'offline:start:init': run.start,
      'offline:start:end': run.stop,
    };
  }
}

function createRun(serverless: Serverless, cliOptions: OfflineOptions, log: Writers['log']) {
  let running: RunningMapping | undefined;
  let invoker: Invoker | undefined;
  const stopping = new AbortController();
  const stop = async (): Promise<void> => {
    stopping.abort();
    await running?.stop(graceMs);
    await invoker?.close();
  };
  const start = async (): Promise<void> => {
    requireOrder(serverless);
    endTogether(serverless, stop);
    endWithParent(() => process.kill(process.pid, 'SIGTERM'));
    const settings = serverless.service.custom?.eventSources ?? {};
    const options = offlineOptions(serverless, cliOptions);
    await mendHttp(options, log);
    const mappings = readMappings(functionEvents(serverless), {
      imports: settings.imports ?? {},
      resources: serverless.service.resources?.Resources ?? {},
      maximumConcurrency: settings.maximumConcurrency ?? defaultConcurrency,
    });
    invoker = await openPool(serverless, options);
    running = startMappings(mappings, {
      cloud: {
        sqsEndpoint: process.env.AWS_ENDPOINT_URL_SQS,
        dynamodbEndpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB,
        region: process.env.AWS_REGION || serverless.service.provider.region || 'us-east-1',
      },
      invoke: invoker.invoke,
      faults: createFaults(readFaultPlan(process.env.EVENT_SOURCE_FAULTS, settings.faults), {
        random: Math.random,
        die: () => process.kill(process.pid, 'SIGKILL'),
      }),
      log: (line) => log.warning(`event sources: ${line}`),
      pace: { ...defaultPace, ...settings.polling },
      checkpoints: checkpointPlace(settings),
    });
    log.notice(`Event sources: ${mappings.map(({ functionKey }) => functionKey).join(', ') || 'none'}`);
    // Not awaited: serverless-offline starts its servers after this hook.
    void waitForPorts(
      String(options.host ?? 'localhost'),
      listeningPorts(serverless, cliOptions),
      stopping.signal,
    ).then(() => {
      if (stopping.signal.aborted) return;
      announceReady();
      // At the end of the process it would take part of the time in which it must end.
      flushCompileCache();
    });
  };
  return { start, stop };
}

/** serverless-offline runs its functions through the same class, so this also changes the functions behind HTTP. */
async function mendHttp(options: OfflineOptions, log: Writers['log']): Promise<void> {
  const { default: Lambda } = await import('serverless-offline/lambda');
  answerFailures(Lambda.prototype, (line) => log.warning(`http: ${line}`));
  changeRequests(new Set([httpPortOf(options)]), (request) => {
    keepBodyBytes(request);
    keepLastSlash(request);
  });
}

async function openPool(serverless: Serverless, options: OfflineOptions): Promise<Invoker> {
  const { default: Lambda } = await import('serverless-offline/lambda');
  const lambda = new Lambda(serverless, { host: 'localhost', ...options, noTimeout: false });
  const { service } = serverless;
  lambda.create(
    service
      .getAllFunctions()
      .map((functionKey) => ({ functionKey, functionDefinition: service.getFunction(functionKey) })),
  );
  return createInvoker(lambda);
}

const offlineOptions = ({ service }: Serverless, options: OfflineOptions): OfflineOptions => ({
  ...service.custom?.['serverless-offline'],
  ...options,
});

const listeningPorts = (serverless: Serverless, options: OfflineOptions): readonly number[] =>
  portsOf(
    functionEvents(serverless).flatMap(({ events }) => events),
    offlineOptions(serverless, options),
  );

const functionEvents = ({ service }: Serverless): readonly FunctionEvents[] =>
  service
    .getAllFunctions()
    .map((functionKey) => ({ functionKey, events: service.getFunction(functionKey).events ?? [] }));

/** Only under `serverless offline`: a package must not contain variables of the machine that builds it. */
async function prepareEnvironment(serverless: Serverless, options: OfflineOptions): Promise<void> {
  const { service, processedInput } = serverless;
  if (processedInput.commands[0] !== 'offline') return;
  const { passEnvironment: prefixes = [], ownPorts = '' } = service.custom?.eventSources ?? {};
  const { [ownPorts]: wanted = '', ...own } = process.env;
  const variables = await joinLocalCloud(serverless, options, own);
  Object.assign(process.env, variables);
  if (ownPorts !== '')
    process.env[ownPorts] = joinPorts(variables[ownPorts], wanted, listeningPorts(serverless, options).join(','));
  service.provider.environment = passEnvironment(prefixes, process.env, service.provider.environment ?? {});
}

/** Returns the variables with which this process and its functions use the local cloud. */
async function joinLocalCloud(
  serverless: Serverless,
  options: OfflineOptions,
  own: NodeJS.ProcessEnv,
): Promise<Readonly<Record<string, string>>> {
  const { service, serviceDir, classes } = serverless;
  const { localCloud, startLocalCloud } = service.custom?.eventSources ?? {};
  const { AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL_SQS } = own;
  if (localCloud === undefined || AWS_ENDPOINT_URL_DYNAMODB || AWS_ENDPOINT_URL_SQS) return {};
  try {
    const variables = await joinCloud({
      path: localCloud,
      serviceDir,
      serviceName: service.service,
      stage: String(options.stage ?? service.provider.stage ?? 'dev'),
      events: functionEvents(serverless),
      startCommand: startLocalCloud,
      own,
    });
    // serverless-offline gives functions this region, whatever the environment says.
    if (variables.AWS_REGION !== undefined) service.provider.region = variables.AWS_REGION;
    return variables;
  } catch (error) {
    // Serverless prints errors of this class without a stack.
    throw error instanceof CannotJoin ? new classes.Error(error.message, 'LOCAL_CLOUD') : error;
  }
}

function checkpointPlace({ checkpoints }: EventSourceSettings): CheckpointPlace {
  const { EVENT_SOURCE_CHECKPOINTS, EVENT_SOURCE_CHECKPOINTS_TOKEN: token } = process.env;
  const place = EVENT_SOURCE_CHECKPOINTS || checkpoints;
  if (!place) return undefined;
  return token ? { url: place, token } : { folder: place };
}

/** serverless-offline exits as soon as it has stopped. This makes it wait until this plugin has stopped too. */
function endTogether({ pluginManager }: Serverless, stop: () => Promise<void>): void {
  const offline = pluginManager.plugins.find(isOffline);
  if (offline === undefined) return;
  const end = offline.end.bind(offline);
  offline.end = async (skipExit) => {
    await Promise.all([stop(), end(true)]);
    if (!skipExit) process.exit(0);
  };
}

interface OfflinePlugin {
  end(skipExit?: boolean): Promise<void>;
}

const isOffline = (plugin: object): plugin is OfflinePlugin => plugin.constructor.name === 'ServerlessOffline';

/**
 * After serverless-offline in the list, the hooks of this plugin would run only when serverless-offline has stopped.
 */
function requireOrder({ service: { plugins = [] } }: Serverless): void {
  const names = isList(plugins) ? plugins : (plugins.modules ?? []);
  const offline = names.indexOf('serverless-offline');
  const own = names.findIndex((name) => name.includes('local-cloud'));
  if (offline !== -1 && own > offline)
    throw new Error('List @posthorn/local-cloud/plugin before serverless-offline under plugins');
}

const isList = (value: readonly string[] | object): value is readonly string[] => Array.isArray(value);

function defineSettings({ configSchemaHandler }: Serverless): void {
  const texts = { type: 'array', items: { type: 'string' } };
  const properties = {
    passEnvironment: texts,
    imports: { type: 'object', additionalProperties: { type: 'string' } },
    maximumConcurrency: { type: 'integer', minimum: 1 },
    polling: { type: 'object', properties: { activeMs: { type: 'number' }, idleMs: { type: 'number' } } },
    checkpoints: { type: 'string' },
    localCloud: { type: 'string' },
    startLocalCloud: { type: 'string' },
    ownPorts: { type: 'string' },
    faults: { type: 'object' },
  };
  configSchemaHandler.defineCustomProperties({
    type: 'object',
    properties: { eventSources: { type: 'object', properties, additionalProperties: false } },
  });
}
