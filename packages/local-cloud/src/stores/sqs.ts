import { startFauxqs } from 'fauxqs';
import { findFreePort } from './free-port.ts';

export { PortTaken } from './free-port.ts';

/** A queue to create: what AWS::SQS::Queue says of it in CloudFormation, in this language's words. */
export interface LocalQueue {
  readonly name: string;
  readonly fifo?: boolean;
  readonly visibilityTimeoutSeconds?: number;
  readonly retentionSeconds?: number;
  readonly delaySeconds?: number;
  readonly contentBasedDeduplication?: boolean;
  /** Where a message goes that was received more often than this. */
  readonly deadLetters?: { readonly name: string; readonly maxReceiveCount: number };
}

export interface LocalSqsOptions {
  /** Any free one when absent or 0. */
  readonly port?: number;
  /** Keeps queues and messages in this folder (SQLite) over restarts; in memory when absent. */
  readonly dataDir?: string;
  /** `us-east-1` when absent. */
  readonly region?: string;
  readonly queues: readonly LocalQueue[];
}

export interface LocalSqs {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const account = '000000000000';

/**
 * Starts a local SQS (fauxqs, which also answers S3 on the same port) in this process, with the given queues. Queues that
 * the data folder holds already are kept as they are.
 *
 * @throws PortTaken when something else listens on the port
 */
export async function startSqs({ port, dataDir, region = 'us-east-1', queues }: LocalSqsOptions): Promise<LocalSqs> {
  const server = await startFauxqs({
    port: await findFreePort('the local SQS', port),
    // Queue URLs are made of this name, and only a name (not an address) makes valid ones.
    host: 'localhost',
    logger: false,
    defaultRegion: region,
    ...(dataDir === undefined ? {} : { dataDir }),
  });
  for (const queue of deadLetterQueuesFirst(queues)) {
    if (server.inspectQueue(queue.name) === undefined) {
      server.createQueue(queue.name, { region, attributes: toAttributes(queue, region) });
    }
  }
  return { endpoint: `http://localhost:${server.port}`, stop: () => server.stop() };
}

/** SQS asks that a dead-letter queue is there before the queue that names it. */
export function deadLetterQueuesFirst(queues: readonly LocalQueue[]): readonly LocalQueue[] {
  const named = new Set(queues.flatMap(({ deadLetters }) => deadLetters?.name ?? []));
  return [...queues.filter(({ name }) => named.has(name)), ...queues.filter(({ name }) => !named.has(name))];
}

/** The queue's attributes as SQS's CreateQueue takes them. */
export function toAttributes(queue: LocalQueue, region: string): Record<string, string> {
  const { fifo, visibilityTimeoutSeconds, retentionSeconds, delaySeconds, contentBasedDeduplication, deadLetters } =
    queue;
  return Object.fromEntries(
    Object.entries({
      FifoQueue: fifo === true ? 'true' : undefined,
      VisibilityTimeout: visibilityTimeoutSeconds,
      MessageRetentionPeriod: retentionSeconds,
      DelaySeconds: delaySeconds,
      ContentBasedDeduplication: contentBasedDeduplication === true ? 'true' : undefined,
      RedrivePolicy: deadLetters && JSON.stringify(toRedrivePolicy(deadLetters, region)),
    }).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}

const toRedrivePolicy = ({ name, maxReceiveCount }: { name: string; maxReceiveCount: number }, region: string) => ({
  deadLetterTargetArn: `arn:aws:sqs:${region}:${account}:${name}`,
  maxReceiveCount,
});
