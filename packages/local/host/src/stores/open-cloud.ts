import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { maxTries, retryPauseMs } from '@posthorn/aws-calls/retry-strategy';
import { type Table, tableName } from '@posthorn/contracts';
import { createInProcessClient, type Faults, openEmbeddedDynamodb, serveDynamodb } from '@posthorn/local-dynamodb';
import type { CheckpointStore, StreamSource } from '@posthorn/local-event-sources';
import { createRemoteStreams } from '@posthorn/local-event-sources';
import { createInProcessSqsClient, type LocalQueues, openQueues, serveSqs } from '@posthorn/local-queues';
import type { Storage } from '@posthorn/local-storage';
import type { TablesClient } from '@posthorn/models/client';
import type { QueuesClient } from '@posthorn/queues';
import type { CloudOptions } from './cloud-options.ts';
import { localQueues } from './local-queues.ts';
import { createLocalStreams } from './local-streams.ts';
import { onPort } from './on-port.ts';
import { openOwnStorage } from './open-own-storage.ts';
import { programRights } from './program-rights.ts';
import { reportState } from './report-state.ts';
import { createStoredCheckpoints } from './stored-checkpoints.ts';

/** The retries of a client that the functions have on AWS. */
const retries = { maxAttempts: maxTries, pauseMs: (failedTry: number) => retryPauseMs(failedTry, Math.random()) };
/** How long a read at the end of a stream waits. It is woken by the next change. */
const streamWaitMs = 60_000;

/**
 * What is written of a delivery that is in flight: its attempt, where it is, its group, and when the next attempt is due.
 * These tables are written also if the disk has little free space. Otherwise an attempt would be repeated that was
 * already made.
 */
const essential: readonly Table[] = ['attempts', 'deliveries', 'groups', 'due-deliveries'];

/** The endpoints for other programs on this machine. */
export interface Endpoints {
  readonly dynamodb: string;
  readonly sqs: string;
}

/** What stands for AWS: the clients for the functions, and the sources for what invokes them. */
export interface Cloud {
  readonly tables: TablesClient;
  readonly queues: QueuesClient;
  readonly streams: StreamSource;
  /** The queues in this process. Absent if the queues are at another endpoint. */
  readonly localQueues: LocalQueues | undefined;
  /** The client of the queues at another endpoint. */
  readonly remoteQueues: SQSClient | undefined;
  readonly storage: Storage;
  /** Where a test sets how calls of the tables fail. Absent if the tables are at another endpoint. */
  readonly tableFaults?: Faults;
  /** Sends a text to the queue with this name. */
  sendToQueue(queueName: string, text: string): Promise<void>;
  checkpoints(name: string): CheckpointStore;
  /** The endpoints for other programs on this machine. */
  readonly endpoints: Endpoints;
  /** Ends the waiting of readers. */
  stopReading(): void;
  close(): Promise<void>;
}

export interface CloudChanges {
  /** Returns what everything uses instead of the storage. */
  readonly wrap?: ((storage: Storage) => Storage) | undefined;
  /** After how many seconds the job of a failed worker comes back. By default as deployed. */
  readonly hiddenSeconds?: number | undefined;
}

/**
 * Opens the tables and queues. Those that are not at another endpoint are kept in one storage.
 *
 * @param changes - what is different while it is measured or tested
 * @throws FolderInUse, DataFolderDamaged, SecretDiffers, FolderNotOpened, FormatUnknown
 */
export async function openCloud(
  options: CloudOptions,
  log: (line: string) => void,
  { wrap = (storage) => storage, hiddenSeconds }: CloudChanges = {},
): Promise<Cloud> {
  const { region, sqsUrl, stage } = options;
  const storage = wrap(await openOwnStorage(options, log));
  const stopReports = reportState(storage, log);
  const reading = new AbortController();
  const tables = await openTables(options, storage, reading.signal);
  const queues =
    sqsUrl === undefined ? await openQueues({ storage, region, queues: localQueues(stage, hiddenSeconds) }) : undefined;
  const front = queues && (await serveSqs({ queues, port: options.ports.sqs, accessKey: options.accessKey }));
  const remoteQueues =
    sqsUrl === undefined ? undefined : new SQSClient({ region, endpoint: sqsUrl, useQueueUrlAsEndpoint: false });
  // One of the two exists.
  const client = (queues ? createInProcessSqsClient(queues) : remoteQueues) as unknown as QueuesClient;
  return {
    ...tables,
    queues: client,
    async sendToQueue(QueueName, MessageBody) {
      const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName }));
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    },
    localQueues: queues,
    remoteQueues,
    storage,
    checkpoints: (name) => createStoredCheckpoints(storage, name),
    endpoints: { dynamodb: tables.endpoint, sqs: front?.endpoint ?? sqsUrl ?? '' },
    stopReading: () => reading.abort(),
    async close() {
      stopReports();
      await front?.stop();
      await Promise.all([queues?.close(), tables.stop()]);
      remoteQueues?.destroy();
      await storage.close();
    },
  };
}

async function openTables(
  { dynamodbUrl, region, stage, folder, ports, accessKey, programKey }: CloudOptions,
  storage: Storage,
  signal: AbortSignal,
) {
  if (dynamodbUrl !== undefined) {
    const sdk = { region, endpoint: dynamodbUrl };
    const clients = { dynamodb: new DynamoDBClient(sdk), streams: new DynamoDBStreamsClient(sdk) };
    return {
      tables: clients.dynamodb as TablesClient,
      streams: createRemoteStreams(clients),
      endpoint: dynamodbUrl,
      stop: async () => {
        clients.dynamodb.destroy();
        clients.streams.destroy();
      },
    };
  }
  const essentialTables = new Set(essential.map((table) => tableName(stage, table)));
  const store = await openEmbeddedDynamodb({
    storage,
    region,
    streamWaitMs,
    essentialTables,
    ...(folder === undefined ? {} : { folder }),
  });
  const limitedKeys = programKey ? [{ ...programKey, rights: programRights(stage) }] : [];
  const serve = (port: number) => serveDynamodb(store, { port, accessKey, limitedKeys });
  const server = await (ports.mayChange ? onPort(ports.dynamodb, serve) : serve(ports.dynamodb));
  return {
    // Both have the SDK's `send`, which has an overload for each command.
    tables: createInProcessClient(store, retries) as unknown as TablesClient,
    streams: createLocalStreams(store, signal),
    tableFaults: store.faults,
    endpoint: server.endpoint,
    stop: async () => {
      await server.stop();
      await store.close();
    },
  };
}
