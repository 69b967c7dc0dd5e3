import { join, resolve } from 'node:path';
import type { HostOptions } from '@posthorn/local-host';
import { type DataFolder, storeOf } from './data-folder.ts';
import type { Keys } from './local-cloud-file.ts';
import { ownOrganisation } from './organisation.ts';
import type { Settings } from './settings.ts';

/** The stage in the names of a local system's tables and queues. */
export const localStage = 'local';

/** An attempt in flight is a socket and a timer, so there may be thousands. Each application and endpoint has a share. */
const limits = { total: 4_096, application: 1_024, endpoint: 256 };

export interface HostSetup {
  readonly settings: Settings;
  readonly folder: DataFolder;
  readonly port: number;
  readonly region: string;
  /** Stores of the folder that have data. */
  readonly stores: readonly string[];
  /** The endpoint of DynamoDB Local, if it was started. */
  readonly dynamodbUrl: string | undefined;
  /** `none` if the functions run in processes of their own. */
  readonly functions: HostOptions['functions'];
  /** Ports of the stores and of the checkpoints. */
  readonly ports: HostOptions['ports'];
}

/** Any free ports. They may change with each start of the host. */
export const anyPorts: HostOptions['ports'] = { dynamodb: 0, sqs: 0, checkpoints: 0, mayChange: true };

/** The options of the host, from the settings. */
export function hostOptions({ settings, folder, port, region, stores, dynamodbUrl, functions, ports }: HostSetup) {
  const { store, queueServer, durability } = settings;
  const own = storeOf(store);
  const remote = dynamodbUrl ?? (store === 'embedded' ? undefined : store);
  const options: Omit<HostOptions, 'root' | 'accessKey' | 'programKey' | 'restarts'> & {
    readonly compileCache: string;
  } = {
    stage: localStage,
    region,
    durability,
    address: { host: settings.host, port },
    functions,
    sources: { file: resolve(settings.sourcesFile), organisationId: ownOrganisation() },
    ports,
    limits,
    connectionsPerAddress: settings.connectionsPerAddress,
    ...(settings.metricsPort === undefined
      ? {}
      : { metrics: { port: settings.metricsPort, tokenFile: folder.metricsTokenFile } }),
    faults: process.env.EVENT_SOURCE_FAULTS ? JSON.parse(process.env.EVENT_SOURCE_FAULTS) : {},
    compileCache: join(folder.path, 'build', 'compiled'),
    ...(own === undefined ? {} : { folder: join(folder.path, own), hadRows: stores.includes(own) }),
    secretFiles: { 'master-key': folder.masterKeyFile, 'jwt-secret': folder.jwtSecretFile },
    ...(remote === undefined ? {} : { dynamodbUrl: remote }),
    ...(queueServer === 'local' ? {} : { sqsUrl: queueServer }),
  };
  return options;
}

/** The environment of the host and its functions. */
export const hostEnvironment = (
  settings: Settings,
  folder: DataFolder,
  { region, system: { accessKeyId, secretAccessKey }, program }: Keys,
): NodeJS.ProcessEnv => ({
  POWERTOOLS_LOG_LEVEL: 'WARN',
  ...process.env,
  POWERTOOLS_METRICS_DISABLED: 'true',
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  ...(program && {
    POSTHORN_PROGRAM_KEY_ID: program.accessKeyId,
    POSTHORN_PROGRAM_KEY: program.secretAccessKey,
  }),
  ...functionEnvironment(settings, folder),
});

/** On one machine a write unit costs nothing, and deflating 1 KB takes as long as writing it. AWS bills units. */
const deflateFromByDefault = ({ store }: Pick<Settings, 'store'>): string => (store.includes('://') ? '1' : '4096');

/** The variables of the functions, wherever they run. */
export const functionEnvironment = (settings: Settings, folder: DataFolder): Readonly<Record<string, string>> => ({
  POSTHORN_STAGE: localStage,
  POSTHORN_ORGANISATION: ownOrganisation(),
  POSTHORN_SOURCES: resolve(settings.sourcesFile),
  POSTHORN_RETRY_SCHEDULE: settings.retrySchedule,
  POSTHORN_ALLOWED_SUBNETS: settings.allowedSubnets.join(',') || 'none',
  POSTHORN_ALLOW_HTTP: String(settings.allowHttp),
  POSTHORN_DEFLATE_FROM: process.env.POSTHORN_DEFLATE_FROM || deflateFromByDefault(settings),
  POSTHORN_JWT_SECRET_FILE: folder.jwtSecretFile,
  POSTHORN_MASTER_KEY_FILE: folder.masterKeyFile,
});
