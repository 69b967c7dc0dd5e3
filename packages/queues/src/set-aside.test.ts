import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type Queue, queueName, toDeliveryJob } from '@posthorn/contracts';
import type { SqsServer } from '@posthorn/local-queues';
import { startSqs } from '@posthorn/local-queues/testing/start-sqs';
import { aDelivery } from '@posthorn/testing';
import { queueDefinitions } from './definitions.ts';
import { createFindQueueUrl } from './queue-address.ts';
import { createSetAside } from './set-aside.ts';

const stage = 'test';
const queues = ['deliveries-dead-letters', 'deliveries-dead-letters.fifo', 'stream-failures'] as const;
let sqs: SqsServer;
let client: SQSClient;
beforeAll(async () => {
  sqs = await startSqs({
    queues: queues.map((queue) => ({ name: queueName(stage, queue), fifo: queueDefinitions[queue].fifo })),
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new SQSClient({ endpoint: sqs.endpoint, region: 'us-east-1', credentials });
});
afterAll(async () => {
  client.destroy();
  await sqs.stop();
});

async function receive(queue: Queue) {
  const command = new ReceiveMessageCommand({
    QueueUrl: await createFindQueueUrl({ client, stage })(queue),
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  return (await client.send(command)).Messages ?? [];
}

describe('setting aside', () => {
  it.each([
    ['standard', 'deliveries-dead-letters'],
    ['fifo', 'deliveries-dead-letters.fifo'],
  ] as const)('puts a delivery of the %s queue among its dead letters, with the reason', async (queue, deadLetters) => {
    await createSetAside({ client, stage }).delivery(
      { queue, delivery: aDelivery() },
      'row has an invalid attribute: x',
    );
    expect(await receive(deadLetters)).toEqual([
      expect.objectContaining({
        Body: toDeliveryJob(aDelivery()),
        MessageAttributes: { reason: expect.objectContaining({ StringValue: 'row has an invalid attribute: x' }) },
      }),
    ]);
  });

  it('keeps the deliveries of an endpoint in order on the FIFO queue, and takes each one once', async () => {
    const delivery = aDelivery({ endpointId: 'ep_other' });
    const { delivery: setAside } = createSetAside({ client, stage });
    await setAside({ queue: 'fifo', delivery }, 'reason');
    await setAside({ queue: 'fifo', delivery }, 'reason');
    const [first, ...others] = await receive('deliveries-dead-letters.fifo');
    expect(first?.Attributes).toMatchObject({ MessageGroupId: `aside_${delivery.endpointId}` });
    expect(others).toEqual([]);
  });

  it('reports a record by its place and the reason only', async () => {
    const place = { table: 'posthorn-dev-messages', key: { partition: 'app_1#0', row: 'msg_1' }, sequenceNumber: '42' };
    await createSetAside({ client, stage }).record(place, 'fault in Posthorn: TypeError');
    const [notice] = await receive('stream-failures');
    expect(JSON.parse(notice?.Body ?? '')).toEqual({ ...place, reason: 'fault in Posthorn: TypeError' });
    expect(notice?.MessageAttributes?.reason?.StringValue).toBe('fault in Posthorn: TypeError');
  });
});
