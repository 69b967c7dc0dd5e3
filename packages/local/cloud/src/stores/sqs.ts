import { startFauxqs } from 'fauxqs';
import { findFreePort } from './free-port.ts';
import { bringUpToDate } from './kept-queues.ts';
import { deadLetterQueuesFirst, type LocalQueue, toAttributes } from './queue-attributes.ts';

export { PortTaken } from './free-port.ts';
export type { LocalQueue } from './queue-attributes.ts';

export interface LocalSqsOptions {
  /** Any free one when absent or 0. */
  readonly port?: number;
  /** Keeps queues and messages in this folder (SQLite), of which one process at a time may be in charge; in memory when absent. */
  readonly dataDir?: string;
  /** What a kept message survives: the death of the process (default), or also of the machine (each commit is synced to disk). */
  readonly durability?: 'process' | 'machine';
  /**
   * Shows messages again at once that were in flight when the folder was used last. Right where no consumer outlives the
   * server: whoever had received them cannot acknowledge them any more.
   */
  readonly releaseInFlight?: boolean;
  /** `us-east-1` when absent. */
  readonly region?: string;
  readonly queues: readonly LocalQueue[];
}

export interface LocalSqs {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * Starts a local SQS (fauxqs, which also answers S3 on the same port) in this process, on loopback, with the given queues.
 * Those that the data folder holds already keep their messages and get the attributes of now.
 *
 * @throws PortTaken when something else listens on the port
 */
export async function startSqs(options: LocalSqsOptions): Promise<LocalSqs> {
  const { port, dataDir, durability = 'process', region = 'us-east-1', queues } = options;
  const server = await startFauxqs({
    port: await findFreePort({ program: 'The local SQS', wanted: port }),
    // Queue URLs are made of this name, and only a name (not an address) makes valid ones.
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
