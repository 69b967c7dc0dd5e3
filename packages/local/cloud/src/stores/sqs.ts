import { startFauxqs } from 'fauxqs';
import { findFreePort } from './free-port.ts';
import { bringUpToDate } from './kept-queues.ts';
import { deadLetterQueuesFirst, type LocalQueue, toAttributes } from './queue-attributes.ts';

export { PortTaken } from './free-port.ts';
export type { LocalQueue } from './queue-attributes.ts';

export interface LocalSqsOptions {
  /** Any free port if absent or 0. */
  readonly port?: number;
  /** Folder for queues and messages (SQLite). Only one process at a time may use it. In memory if absent. */
  readonly dataDir?: string;
  /**
   * What a message survives: a crash of the process (default) or also of the machine (each commit is synced to disk).
   */
  readonly durability?: 'process' | 'machine';
  /**
   * Makes messages in flight visible again at the start. Use it if the consumers end with the server, so that they can
   * no longer acknowledge those messages.
   */
  readonly releaseInFlight?: boolean;
  /** Default: `us-east-1`. */
  readonly region?: string;
  readonly queues: readonly LocalQueue[];
}

export interface LocalSqs {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * Starts a local SQS with the given queues, in this process and on loopback. It is fauxqs, which also serves S3 on the
 * same port. Queues that are already in the data folder keep their messages and get the current attributes.
 *
 * @throws PortTaken if another program listens on the port
 */
export async function startSqs(options: LocalSqsOptions): Promise<LocalSqs> {
  const { port, dataDir, durability = 'process', region = 'us-east-1', queues } = options;
  const server = await startFauxqs({
    port: await findFreePort({ program: 'The local SQS', wanted: port }),
    // Queue URLs contain this host. They are valid only with a name, not with an address.
    host: 'localhost',
    listenHost: 'localhost',
    logger: false,
    defaultRegion: region,
    ...(dataDir === undefined ? {} : { dataDir, synchronous: durability === 'machine' ? 'FULL' : 'NORMAL' }),
  });
  const endpoint = `http://localhost:${server.port}`;
  const kept = queues.filter(({ name }) => server.inspectQueue(name) !== undefined);
  for (const queue of deadLetterQueuesFirst(queues.filter((one) => !kept.includes(one)))) {
    server.createQueue(queue.name, { region, attributes: toAttributes(queue, region) });
  }
  await bringUpToDate(kept, { server, endpoint, region, releaseInFlight: options.releaseInFlight === true });
  return { endpoint, stop: () => server.stop() };
}
