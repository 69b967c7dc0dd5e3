import { openQueues, type QueueDefinition, serveSqs } from '@posthorn/local-queues';
import { openStorage } from '@posthorn/local-storage';
import { findFreePort } from './free-port.ts';

export { PortTaken } from './free-port.ts';

export interface LocalSqsOptions {
  /** Any free port if absent or 0. */
  readonly port?: number;
  /** Folder for queues and messages. Only one process at a time may use it. In memory if absent. */
  readonly dataDir?: string;
  /**
   * What a message survives: a crash of the process (default) or also of the machine (each commit is synced to disk).
   */
  readonly durability?: 'process' | 'machine';
  /** Default: `us-east-1`. */
  readonly region?: string;
  readonly queues: readonly QueueDefinition[];
}

export interface LocalSqs {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * Starts a local SQS with the given queues, in this process and on loopback. Queues that are already in the data folder
 * keep their messages and get the current attributes. Messages that were in flight when it ended are visible again.
 *
 * @throws PortTaken if another program listens on the port
 */
export async function startSqs(options: LocalSqsOptions): Promise<LocalSqs> {
  const { port: wanted, dataDir, durability = 'process', region = 'us-east-1' } = options;
  const port = await findFreePort({ program: 'The local SQS', wanted });
  const storage = await openStorage({ durability, ...(dataDir === undefined ? {} : { folder: dataDir }) });
  const queues = await openQueues({ storage, queues: options.queues, region });
  const server = await serveSqs({ queues, port });
  return {
    endpoint: server.endpoint,
    async stop() {
      await server.stop();
      await queues.close();
      await storage.close();
    },
  };
}
