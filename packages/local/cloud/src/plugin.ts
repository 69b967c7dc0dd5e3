import { createFaults, type FaultPlan, readFaultPlan } from './event-sources/faults/fault-plan.ts';
import type { RunningMapping } from './event-sources/mapping.ts';
import { announceReady, endWithParent, waitForPorts } from './event-sources/service/announce-ready.ts';
import { createInvoker, type Invoker } from './event-sources/service/lambda-pool.ts';
import { passEnvironment } from './event-sources/service/pass-environment.ts';
import { type FunctionEvents, readMappings } from './event-sources/service/read-mappings.ts';
import { startMappings } from './event-sources/service/start-mappings.ts';
import { answerFailures } from './http/answer-failures.ts';
import { keepBodyBytes } from './http/keep-body-bytes.ts';

const graceMs = 2_000;
const defaultConcurrency = 5;
const defaultPace = { activeMs: 20, idleMs: 250 };

/** `custom.eventSources` of a serverless.yml. */
export interface EventSourceSettings {
  /** Beginnings of names: variables of this process that the functions get. */
  readonly passEnvironment?: readonly string[];
  /** Export name to table or queue name, for `Fn::ImportValue`. */
  readonly imports?: Readonly<Record<string, string>>;
  /** The most invocations that one queue has at a time; 5. */
  readonly maximumConcurrency?: number;
  /** Milliseconds between looks at a stream: while it changes (20), and at most (250). */
  readonly polling?: { readonly activeMs?: number; readonly idleMs?: number };
  /** A folder that keeps the streams' checkpoints; `EVENT_SOURCE_CHECKPOINTS` comes first. */
  readonly checkpoints?: string;
  /** For fault tests; `EVENT_SOURCE_FAULTS` comes first. */
  readonly faults?: FaultPlan;
}

type Options = Readonly<Record<string, unknown>>;

/** What this plugin uses of Serverless. */
interface Serverless {
  readonly service: {
    readonly provider: { readonly region?: string; environment?: Record<string, unknown> };
    readonly custom?: { readonly eventSources?: EventSourceSettings; readonly 'serverless-offline'?: Options };
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
 * The Serverless plugin: during `serverless offline` it runs the `sqs` and `stream` events of the service's functions, and
 * mends what serverless-offline does with their `httpApi` events.
 * List it after a bundler's plugin and before serverless-offline. (A class, since Serverless constructs it.)
 */
export default class EventSourcesPlugin {
  readonly hooks: Readonly<Record<string, () => Promise<void> | void>>;

  constructor(serverless: Serverless, options: Options, { log }: Writers) {
    defineSettings(serverless);
    const run = createRun(serverless, options, log);
    this.hooks = {
      initialize: () => setEnvironment(serverless),
      'offline:start': run.start,
      'offline:start:init': run.start,
      'offline:start:end': run.stop,
    };
  }
}

function createRun(serverless: Serverless, cliOptions: Options, log: Writers['log']) {
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
    const options = { ...serverless.service.custom?.['serverless-offline'], ...cliOptions };
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
      checkpoints: process.env.EVENT_SOURCE_CHECKPOINTS || settings.checkpoints,
    });
    log.notice(`Event sources: ${mappings.map(({ functionKey }) => functionKey).join(', ') || 'none'}`);
    // Not awaited: serverless-offline starts its servers when this hook is over.
    void waitForPorts(String(options.host ?? 'localhost'), portsOf(serverless, options), stopping.signal).then(() => {
      if (!stopping.signal.aborted) announceReady();
    });
  };
  return { start, stop };
}

/** For all functions of this process: what follows is made of the same class, serverless-offline's own functions too. */
async function mendHttp(options: Options, log: Writers['log']): Promise<void> {
  const { default: Lambda } = await import('serverless-offline/lambda');
  answerFailures(Lambda.prototype, (line) => log.warning(`http: ${line}`));
  keepBodyBytes(new Set([httpPortOf(options)]));
}

async function openPool(serverless: Serverless, options: Options): Promise<Invoker> {
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

const functionEvents = ({ service }: Serverless): readonly FunctionEvents[] =>
  service
    .getAllFunctions()
    .map((functionKey) => ({ functionKey, events: service.getFunction(functionKey).events ?? [] }));

/** Only under `serverless offline`: a package must not take over what the machine that builds it has set. */
function setEnvironment({ service, processedInput }: Serverless): void {
  if (processedInput.commands[0] !== 'offline') return;
  const prefixes = service.custom?.eventSources?.passEnvironment ?? [];
  service.provider.environment = passEnvironment(prefixes, process.env, service.provider.environment ?? {});
}

/** The ports that serverless-offline listens on once the service is up. */
function portsOf({ service }: Serverless, options: Options): readonly number[] {
  const events = service.getAllFunctions().flatMap((key) => service.getFunction(key).events ?? []);
  const hasHttp = events.some((event) => 'http' in event || 'httpApi' in event);
  return [Number(options.lambdaPort ?? 3002), ...(hasHttp ? [httpPortOf(options)] : [])];
}

const httpPortOf = ({ httpPort }: Options): number => Number(httpPort ?? 3000);

/** serverless-offline ends the process as soon as it has stopped itself, so it waits for this plugin's stop as well. */
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

/** Behind serverless-offline in the list, this plugin's turn would come when that one has ended. */
function requireOrder({ service: { plugins = [] } }: Serverless): void {
  const names = isList(plugins) ? plugins : (plugins.modules ?? []);
  const offline = names.indexOf('serverless-offline');
  const own = names.findIndex((name) => name.includes('local-cloud'));
  if (offline !== -1 && own > offline) throw new Error('List the local-cloud plugin before serverless-offline.');
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
    faults: { type: 'object' },
  };
  configSchemaHandler.defineCustomProperties({
    type: 'object',
    properties: { eventSources: { type: 'object', properties, additionalProperties: false } },
  });
}
