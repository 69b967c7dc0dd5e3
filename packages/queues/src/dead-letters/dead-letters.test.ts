import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type Queue, queueName, queues } from '@posthorn/contracts';
import type { SqsServer } from '@posthorn/local-queues';
import { startSqs } from '@posthorn/local-queues/testing/start-sqs';
import { aDelivery, nthId } from '@posthorn/testing';
import { queueDefinitions } from '../definitions.ts';
import { createFindQueueUrl } from '../queue-address.ts';
import { createReceivedJobs } from '../received-jobs.ts';
import { createSetAside } from '../set-aside.ts';
import { createDeadLetters } from './dead-letters.ts';

const stage = 'test';
let sqs: SqsServer;
let client: SQSClient;
beforeEach(async () => {
  sqs = await startSqs({
    queues: queues.map((queue) => ({ name: queueName(stage, queue), fifo: queueDefinitions[queue].fifo })),
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new SQSClient({ endpoint: sqs.endpoint, region: 'us-east-1', credentials });
});
afterEach(async () => {
  client.destroy();
  await sqs.stop();
});

async function received(queue: Queue) {
  const QueueUrl = await createFindQueueUrl({ client, stage })(queue);
  const command = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['All'],
  });
  return (await client.send(command)).Messages ?? [];
}

describe('dead letters', () => {
  it('are received with reason and age, hidden, and shown again', async () => {
    const letters = createDeadLetters({ client, stage });
    await createSetAside({ client, stage }).delivery({ queue: 'standard', delivery: aDelivery() }, 'row is invalid');
    const [entry, ...others] = await letters.receive('deliveries-dead-letters', 60);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ queue: 'deliveries-dead-letters', reason: 'row is invalid' });
    expect(entry?.sentAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(entry).not.toHaveProperty('group');
    expect(await letters.receive('deliveries-dead-letters', 60)).toEqual([]);
    expect(await letters.count('deliveries-dead-letters')).toBe(1);
    if (entry) await letters.show(entry);
    expect(await letters.receive('deliveries-dead-letters', 60)).toHaveLength(1);
  });

  it('are moved to their queue', async () => {
    const letters = createDeadLetters({ client, stage });
    await createSetAside({ client, stage }).delivery({ queue: 'standard', delivery: aDelivery() }, 'row is invalid');
    const [entry] = await letters.receive('deliveries-dead-letters', 60);
    if (!entry) throw new Error('there is no dead letter');
    await letters.moveTo(entry, 'deliveries');
    expect(await letters.count('deliveries-dead-letters')).toBe(0);
    expect((await received('deliveries')).map(({ Body }) => Body)).toEqual([entry.body]);
  });

  it('go back into their groups, in their order, also just after their first send', async () => {
    const letters = createDeadLetters({ client, stage });
    const { sendToDeadLetters } = createReceivedJobs({ client, stage, queue: 'deliveries.fifo' });
    for (const n of [1, 2]) await sendToDeadLetters({ id: nthId('message', n), body: `job ${n}`, group: 'g' }, 'x');
    for (;;) {
      const entries = await letters.receive('deliveries-dead-letters.fifo', 60);
      if (entries.length === 0) break;
      for (const entry of entries) await letters.moveTo(entry, 'deliveries.fifo');
    }
    const moved = await received('deliveries.fifo');
    expect(moved.map(({ Body, Attributes }) => [Body, Attributes?.MessageGroupId])).toEqual([
      ['job 1', 'g'],
      ['job 2', 'g'],
    ]);
  });
});
