import { openStorage } from '@posthorn/local-storage';
import type { QueueDefinition } from '../definition.ts';
import { type SqsServer, serveSqs } from '../front/serve-sqs.ts';
import { openQueues } from '../queues.ts';

export interface SqsOptions {
  readonly queues: readonly QueueDefinition[];
  /** Milliseconds. */
  readonly now?: () => number;
}

/** Serves queues in memory with SQS's protocol, in this process, on any free port of loopback. */
export async function startSqs(options: SqsOptions): Promise<SqsServer> {
  const storage = await openStorage({});
  const queues = await openQueues({ ...options, storage, region: 'us-east-1' });
  const { endpoint, stop } = await serveSqs({ queues });
  return {
    endpoint,
    async stop() {
      await stop();
      await queues.close();
      await storage.close();
    },
  };
}
