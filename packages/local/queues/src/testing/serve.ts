// Serves queues in a process of its own, which a test can kill.
import { openStorage } from '@posthorn/local-storage';
import type { QueueDefinition } from '../definition.ts';
import { serveSqs } from '../front/serve-sqs.ts';
import { openQueues } from '../queues.ts';

/** The argument, in JSON. */
export interface MortalOptions {
  readonly folder: string;
  readonly queues: readonly QueueDefinition[];
}

// The test wrote it.
const { folder, queues } = JSON.parse(process.argv[2] ?? '') as MortalOptions;
const server = await serveSqs({ queues: await openQueues({ storage: await openStorage({ folder }), queues }) });
process.once('disconnect', () => process.exit());
console.log(server.endpoint);
