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

/** Where the tables and queues are that the services meet in. */
export interface Stores {
  readonly dynamodb: string;
  readonly sqs: string;
  /** Resolves when all tables are there. */
  readonly ready: Promise<void>;
  /** Process ids of the stores that are processes of their own. */
  processes(): Readonly<Record<string, number>>;
  /** Resolves, with how, when a store is gone that cannot be started again. */
  readonly lost: Promise<string>;
  stop(): Promise<void>;
}

export interface StoresOptions extends Pick<ProcessDefinition, 'onLine' | 'onChange'> {
  readonly settings: Settings;
  readonly folder: StoreFolder;
  readonly stage: string;
  readonly account: Account;
}

/** A store, as far as it depends on which one it is. */
interface Tables extends Pick<Stores, 'processes' | 'lost' | 'stop'> {
  readonly endpoint: string;
  readonly opened: Promise<void>;
  /** Words what went wrong when tables were to be created. */
  readonly explain: (cause: Error) => never;
}

/**
 * Starts what the settings ask for. Where the store keeps what it holds, so do the queues; next to DynamoDB Local, which is
 * in memory, they begin empty as well.
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
    // Whether anybody waits for it or not, it may come to nothing.
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
const asItIs = (cause: Error): never => {
  throw cause;
};

async function startQueues({ settings, folder, stage, account: { region } }: StoresOptions) {
  if (settings.queueServer !== 'local') return { endpoint: settings.queueServer, stop: nothing };
  const kept = { dataDir: folder.sqs, durability: settings.durability, releaseInFlight: true };
  return startSqs({ region, queues: localQueues(stage), ...(settings.store === 'local' ? {} : kept) });
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
    throw new Error(`POSTHORN_DYNAMODB: no tables there. ${cause.message}`, { cause });
  },
  processes: () => ({}),
  lost: never,
  stop: nothing,
});

/** A process that is started again when it dies, on the same port: what it held is in its folder. */
async function startEmbedded({ settings, folder, account, onLine, onChange }: StoresOptions): Promise<Tables> {
  const port = await findFreePort();
  const { durability } = settings;
  const definition = embeddedStoreProcess({ folder: folder.dynamodb, port, region: account.region, durability });
  const store = superviseProcess({ ...definition, onLine, onChange });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    opened: store.ready(),
    explain: asItIs,
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
    explain: asItIs,
    processes: () => ({ dynamodb: store.pid }),
    lost: store.exited,
    stop: store.stop,
  };
}
