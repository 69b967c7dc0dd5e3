import { GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { queueName } from '@posthorn/contracts';
import type { LocalCloud } from '@posthorn/local-supervisor/local-cloud-file';
import type { DeadLetter } from './event.ts';
import { fixClock } from './fix-clock.ts';

const queues = ['deliveries-dead-letters', 'deliveries-dead-letters.fifo', 'stream-failures'] as const;
/** They stay in the queue, and can be read again at once. */
const VisibilityTimeout = 0;
const MaxNumberOfMessages = 10;

/**
 * Reads up to ten jobs of each queue of dead letters: more are not needed to see that something is wrong.
 *
 * @param clockMs - how far the clock of the system is moved, in milliseconds
 */
export async function readDeadLetters(
  { sqs, region, stage, ...cloud }: LocalCloud,
  clockMs: number,
): Promise<readonly DeadLetter[]> {
  const options = {
    endpoint: sqs,
    region,
    credentials: cloud.system ?? cloud,
    useQueueUrlAsEndpoint: false,
  };
  const client = fixClock(new SQSClient(options), clockMs);
  try {
    const read = queues.map(async (queue) => {
      const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: queueName(stage, queue) }));
      const command = new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout, MaxNumberOfMessages });
      const { Messages = [] } = await client.send(command);
      return Messages.map(({ Body = '{}' }) => toDeadLetter(queue, Body));
    });
    return (await Promise.all(read)).flat();
  } finally {
    client.destroy();
  }
}

function toDeadLetter(queue: string, body: string): DeadLetter {
  const { endpointId = '', messageId = '' } = JSON.parse(body) as {
    readonly endpointId?: string;
    readonly messageId?: string;
  };
  return { kind: 'dead-letter', endpointId, messageId, reason: queue };
}
