import { access } from 'node:fs/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startDynamodbLocal } from '@posthorn/local-cloud/stores/dynamodb-local';
import { startSqs } from '@posthorn/local-cloud/stores/sqs';
import { createTables } from '@posthorn/models/tables';
import type { StoreFolder } from '../data-folder.ts';
import type { Account } from '../local-cloud-file.ts';
import { localQueues } from '../local-queues.ts';
import { findFreePort } from '../ports.ts';
import { type ProcessDefinition, superviseProcess } from '../processes/supervised-process.ts';
import type { Settings } from '../settings.ts';
import { embeddedStoreProcess } from './embedded-store.ts';

/** The running stores, and the endpoints of the tables and queues. */
export interface Stores {
  readonly dynamodb: string;
  readonly sqs: string;
  /** Resolves when all tables exist. */
  readonly ready: Promise<void>;
  /** Process ids of the stores that have their own process. */
  processes(): Readonly<Record<string, number>>;
  /** Resolves when a store that cannot be started again has ended, with its signal or exit code. */
  readonly lost: Promise<string>;
  stop(): Promise<void>;
}

export interface StoresOptions extends Pick<ProcessDefinition, 'onLine' | 'onChange'> {
  readonly settings: Settings;
  readonly folder: StoreFolder;
  readonly stage: string;
  readonly account: Account;
}

/** The running table store: the part of `Stores` that differs between the kinds of store. */
interface Tables extends Pick<Stores, 'processes' | 'lost' | 'stop'> {
  readonly endpoint: string;
  readonly opened: Promise<void>;
  /** Throws an error that explains why the tables could not be created. */
  readonly explain: (cause: Error) => never;
}

/**
 * Starts the stores that the settings name. With DynamoDB Local, the tables and queues are in memory and start empty.
 * With any other store, the local queues are kept in the data folder.
 */
export async function startStores(options: StoresOptions): Promise<Stores> {
  const { stage, account } = options;
  const queues = await startQueues(options);
  try {
    const tables = await startTables(options);
    const client = new DynamoDBClient({
      endpoint: tables.endpoint,
      region: account.region,
      credentials: { ...account },
    });
    const create = () => createTables(client, stage).catch(tables.explain);
    const ready = tables.opened.then(create).finally(() => client.destroy());
    // It may reject while nobody waits for it, which would otherwise end this process.
    ready.catch(() => undefined);
    return {
      ...tables,
      dynamodb: tables.endpoint,
      sqs: queues.endpoint,
      ready,
      stop: async () => void (await Promise.all([queues.stop(), tables.stop()])),
    };
  } catch (error) {
    await queues.stop();
    throw error;
  }
}

const nothing = async () => undefined;
const never = new Promise<never>(() => undefined);
const rethrow = (cause: Error): never => {
  throw cause;
};

async function startQueues({ settings, folder, stage, account: { region } }: StoresOptions) {
  if (settings.queueServer !== 'local') return { endpoint: settings.queueServer, stop: nothing };
  await requireNoEarlierQueues(folder);
  const kept = { dataDir: folder.queues, durability: settings.durability };
  return startSqs({ region, queues: localQueues(stage), ...(settings.store === 'local' ? {} : kept) });
}

/** The queues of an earlier version are in SQLite. Their jobs must not be left behind. */
async function requireNoEarlierQueues({ earlierQueues }: StoreFolder): Promise<void> {
  const isThere = await access(earlierQueues).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  throw new Error(
    `${earlierQueues} has queues of an earlier version, which this version cannot read. Nothing was changed. ` +
      'Let the earlier version deliver what waits, or set POSTHORN_DATA_DIR to another folder',
  );
}

function startTables(options: StoresOptions): Promise<Tables> {
  switch (options.settings.store) {
    case 'embedded':
      return startEmbedded(options);
    case 'local':
      return startLocal();
    default:
      return Promise.resolve(elsewhere(options.settings.store));
  }
}

const elsewhere = (endpoint: string): Tables => ({
  endpoint,
  opened: Promise.resolve(),
  explain(cause) {
    throw new Error(`POSTHORN_DYNAMODB: could not create the tables. ${cause.message}`, { cause });
  },
  processes: () => ({}),
  lost: never,
  stop: nothing,
});

/** Starts the store's process. If it dies, it is started again on the same port. Its data is in its folder. */
async function startEmbedded({ settings, folder, account, onLine, onChange }: StoresOptions): Promise<Tables> {
  const port = await findFreePort();
  const { durability } = settings;
  const definition = embeddedStoreProcess({ folder: folder.dynamodb, port, region: account.region, durability });
  const store = superviseProcess({ ...definition, onLine, onChange });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    opened: store.ready(),
    explain: rethrow,
    processes() {
      const pid = store.pid();
      return pid === undefined ? {} : { [store.name]: pid };
    },
    lost: never,
    stop: store.stop,
  };
}

async function startLocal(): Promise<Tables> {
  const store = await startDynamodbLocal({ inMemory: true });
  return {
    endpoint: store.endpoint,
    opened: Promise.resolve(),
    explain: rethrow,
    processes: () => ({ dynamodb: store.pid }),
    lost: store.exited,
    stop: store.stop,
  };
}
