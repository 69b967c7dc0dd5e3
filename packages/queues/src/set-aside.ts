import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { type Queue, toDeliveryJob } from '@posthorn/contracts';
import { deliveryIdOf, type RecordPlace, type RefusedDelivery, unplacedGroupOf } from '@posthorn/core';
import { createFindQueueUrl, type QueueAccess } from './queue-address.ts';

/**
 * Sets aside the records and deliveries that a stream trigger can never do, so that it can go on. Doing it twice is
 * harmless: the queue then has two equal entries.
 */
export interface SetAside {
  /** Puts a delivery among the dead letters of its queue, as a job that can be redriven. */
  delivery(refused: Pick<RefusedDelivery, 'queue' | 'delivery'>, reason: string): Promise<void>;
  /** Sends the place of a record and the reason to the queue `stream-failures`. No content of the row is sent. */
  record(place: RecordPlace, reason: string): Promise<void>;
}

export function createSetAside(access: QueueAccess): SetAside {
  const findQueueUrl = createFindQueueUrl(access);
  const send = async (queue: Queue, entry: { MessageBody: string; MessageGroupId?: string }, reason: string) => {
    await access.client.send(
      new SendMessageCommand({
        ...entry,
        QueueUrl: await findQueueUrl(queue),
        MessageAttributes: { reason: { DataType: 'String', StringValue: reason } },
      }),
    );
  };
  return {
    async delivery({ queue, delivery }, reason) {
      const MessageBody = toDeliveryJob(delivery);
      if (queue !== 'fifo') return send('deliveries-dead-letters', { MessageBody }, reason);
      const inOrder = { MessageGroupId: unplacedGroupOf(delivery), MessageDeduplicationId: deliveryIdOf(delivery) };
      return send('deliveries-dead-letters.fifo', { MessageBody, ...inOrder }, reason);
    },
    record: ({ table, key, sequenceNumber }, reason) =>
      send('stream-failures', { MessageBody: JSON.stringify({ table, key, sequenceNumber, reason }) }, reason),
  };
}
