import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SendMessageBatchCommandOutput,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { parseJob, type Queue, queueName, queues, toDeliveryJob, toSweepJob, toWakeJob } from '@posthorn/contracts';
import { type Delivery, PassingError, wakeIdOf } from '@posthorn/core';
import type { SqsServer } from '@posthorn/local-queues';
import { startSqs } from '@posthorn/local-queues/testing/start-sqs';
import { aDelivery, aWake, ids, nthId } from '@posthorn/testing';
import { queueDefinitions } from './definitions.ts';
import { createDeliveriesQueue } from './deliveries-queue.ts';
import { createFindQueueUrl } from './queue-address.ts';
import { createReceivedJobs } from './received-jobs.ts';

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

const deliveries = (count: number): readonly Delivery[] =>
  Array.from({ length: count }, (_, n) => aDelivery({ messageId: nthId('message', n) }));
function messageIdOf(body: string): string {
  const job = parseJob(body);
  return job.kind === 'delivery' ? job.delivery.messageId : body;
}
const urlOf = (queue: Queue) => createFindQueueUrl({ client, stage })(queue);

/** Everything that lies in a queue, in the order of receipt. */
async function drain(queue: Queue) {
  const QueueUrl = await urlOf(queue);
  const received = [];
  for (;;) {
    const command = new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    const { Messages = [] } = await client.send(command);
    if (Messages.length === 0) return received;
    for (const { ReceiptHandle } of Messages) await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    received.push(...Messages);
  }
}

/** The real queue, except that the entries that `refuses` selects are not sent and are listed as failed. */
function refusing(refuses: (body: string, time: number) => boolean): SQSClient {
  let time = 0;
  const send = async (command: SendMessageBatchCommand): Promise<SendMessageBatchCommandOutput | object> => {
    if (!(command instanceof SendMessageBatchCommand)) return client.send(command);
    time += 1;
    const entries = command.input.Entries ?? [];
    const refused = entries.filter(({ MessageBody = '' }) => refuses(MessageBody, time));
    const Entries = entries.filter((entry) => !refused.includes(entry));
    const sent =
      Entries.length > 0 ? await client.send(new SendMessageBatchCommand({ ...command.input, Entries })) : {};
    return { ...sent, Failed: refused.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })) };
  };
  // Only `send` is used of a client.
  return { send } as unknown as SQSClient;
}
const pause = async () => undefined;

describe('the standard queue', () => {
  it('takes any number of deliveries, and does not change them', async () => {
    const sent = deliveries(25);
    const queue = createDeliveriesQueue({ client, stage });
    expect(await queue.sendStandard(sent.map((delivery) => ({ delivery })))).toEqual([]);
    const received = (await drain('deliveries')).map(({ Body = '' }) => Body);
    expect(received.toSorted()).toEqual(sent.map(toDeliveryJob).toSorted());
  });

  it('sends entries again that were listed as failed', async () => {
    const queue = createDeliveriesQueue({ client: refusing((_, time) => time === 1), stage, pause });
    expect(await queue.sendStandard(deliveries(3).map((delivery) => ({ delivery })))).toEqual([]);
    expect(await drain('deliveries')).toHaveLength(3);
  });

  it('returns the entries that were not accepted in the end, and only those', async () => {
    const lost = nthId('message', 1);
    const queue = createDeliveriesQueue({ client: refusing((body) => body.includes(lost)), stage, pause });
    const unsent = await queue.sendStandard(deliveries(12).map((delivery) => ({ delivery })));
    expect(unsent.map(({ delivery }) => delivery.messageId)).toEqual([lost]);
    expect(await drain('deliveries')).toHaveLength(11);
  });

  it('delays entries as requested, by at most 15 minutes', async () => {
    const queue = createDeliveriesQueue({ client, stage });
    await queue.sendStandard(deliveries(2).map((delivery) => ({ delivery, delaySeconds: 100_000 })));
    expect(await drain('deliveries')).toEqual([]);
  });

  it('takes a sweep at once, or delays it', async () => {
    const { sendSweep } = createDeliveriesQueue({ client, stage });
    const { organisationId, applicationId, endpointId, scheduledAt: requestedAt } = aDelivery();
    const sweep = { organisationId, applicationId, endpointId, requestedAt };
    await sendSweep(sweep);
    await sendSweep({ ...sweep, after: 'b' }, 120);
    expect((await drain('deliveries')).map(({ Body }) => Body)).toEqual([toSweepJob(sweep)]);
  });
});

describe('the FIFO queue', () => {
  const entries = deliveries(9).map((delivery, n) => ({ delivery, group: `group-${n % 3}` }));
  const orderOf = (group: string, received: Awaited<ReturnType<typeof drain>>) =>
    received.filter(({ Attributes }) => Attributes?.MessageGroupId === group).map(({ Body = '' }) => messageIdOf(Body));

  it('keeps the order of each group', async () => {
    expect(await createDeliveriesQueue({ client, stage }).sendFifo(entries)).toEqual([]);
    const received = await drain('deliveries.fifo');
    expect(received).toHaveLength(9);
    for (const n of [0, 1, 2])
      expect(orderOf(`group-${n}`, received)).toEqual([n, n + 3, n + 6].map((own) => nthId('message', own)));
  });

  it('sends nothing of a group behind an entry that was not accepted', async () => {
    const lost = nthId('message', 3);
    const queue = createDeliveriesQueue({ client: refusing((body) => body.includes(lost)), stage, pause });
    const unsent = await queue.sendFifo(entries);
    expect(unsent.map(({ delivery }) => delivery.messageId)).toEqual([3, 6].map((n) => nthId('message', n)));
    expect(orderOf('group-0', await drain('deliveries.fifo'))).toEqual([nthId('message', 0)]);
  });

  it('returns every later entry of a group with the error of the one that was not sent', async () => {
    const lost = nthId('message', 3);
    const queue = createDeliveriesQueue({ client: refusing((body) => body.includes(lost)), stage, pause });
    const unsent = await queue.sendFifo(entries);
    expect(unsent.map(({ group, error }) => ({ group, error }))).toEqual(
      [3, 6].map(() => ({
        group: 'group-0',
        error: new PassingError('the queue did not accept the entry: InternalError'),
      })),
    );
  });

  it('takes a delivery that is sent twice once', async () => {
    const queue = createDeliveriesQueue({ client, stage });
    await queue.sendFifo(entries);
    await queue.sendFifo(entries);
    expect(await drain('deliveries.fifo')).toHaveLength(9);
  });
});

describe('a received job', () => {
  it('that is held back comes back after that time, or at once with 0 seconds', async () => {
    const queue = createDeliveriesQueue({ client, stage });
    await queue.sendFifo([{ delivery: aDelivery(), group: 'a' }]);
    const receive = async () =>
      (await client.send(new ReceiveMessageCommand({ QueueUrl: await urlOf('deliveries.fifo') }))).Messages?.[0];
    const { holdBack } = createReceivedJobs({ client, stage, queue: 'deliveries.fifo' });
    const first = await receive();
    const job = { receiptHandle: first?.ReceiptHandle ?? '' };
    await holdBack(job, 100_000);
    expect(await receive()).toBeUndefined();
    await holdBack(job, 0);
    expect(await receive()).toMatchObject({ MessageId: first?.MessageId });
  });

  it('that is finished frees its group, also if it is finished twice', async () => {
    const queue = createDeliveriesQueue({ client, stage });
    const [one, other] = [1, 2].map((n) => aDelivery({ messageId: nthId('message', n) }));
    for (const delivery of [one, other]) if (delivery) await queue.sendFifo([{ delivery, group: 'a' }]);
    const QueueUrl = await urlOf('deliveries.fifo');
    const receive = async () =>
      (await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1 }))).Messages ?? [];
    const { finish } = createReceivedJobs({ client, stage, queue: 'deliveries.fifo' });
    const jobs = (await receive()).map(({ ReceiptHandle = '' }) => ({ receiptHandle: ReceiptHandle }));
    expect(await receive()).toEqual([]);
    await finish(jobs);
    await finish(jobs);
    expect(await receive()).toHaveLength(1);
  });

  it.each(['deliveries', 'deliveries.fifo'] as const)(
    'of %s goes to the dead letters with its reason',
    async (queue) => {
      const { sendToDeadLetters } = createReceivedJobs({ client, stage, queue });
      const job = {
        id: 'sqs-1',
        body: 'no job',
        ...(queue.endsWith('fifo') ? { group: 'a' } : {}),
      };
      await sendToDeadLetters(job, 'not a delivery job');
      const [dead] = await drain(queue === 'deliveries' ? 'deliveries-dead-letters' : 'deliveries-dead-letters.fifo');
      expect(dead).toMatchObject({
        Body: 'no job',
        MessageAttributes: { reason: { StringValue: 'not a delivery job' } },
      });
    },
  );
});

describe('wakes', () => {
  const ofGroup = aWake({ group: 'ep_1#a' });

  it('of held deliveries go to the standard queue', async () => {
    const wakes = Array.from({ length: 12 }, (_, epoch) => aWake({ epoch }));
    const queue = createDeliveriesQueue({ client, stage });
    expect(await queue.sendWakes(wakes.map((wake) => ({ wake })))).toEqual([]);
    const received = await drain('deliveries');
    expect(received.map(({ Body }) => Body).toSorted()).toEqual(wakes.map(toWakeJob).toSorted());
    expect(received[0]?.Attributes?.MessageGroupId).toBe(ids.application);
    expect(await drain('deliveries.fifo')).toEqual([]);
  });

  it('of a group go into it, once', async () => {
    const queue = createDeliveriesQueue({ client, stage });
    await queue.sendWakes([{ wake: ofGroup }, { wake: { ...ofGroup, slice: 1 } }]);
    await queue.sendWakes([{ wake: ofGroup }]);
    const received = await drain('deliveries.fifo');
    expect(received.map(({ Body }) => Body)).toEqual([toWakeJob(ofGroup), toWakeJob({ ...ofGroup, slice: 1 })]);
    expect(received[0]?.Attributes).toMatchObject({
      MessageGroupId: 'ep_1#a',
      MessageDeduplicationId: wakeIdOf(ofGroup),
    });
  });

  it('of a group wait on the standard queue if they are delayed', async () => {
    const sent: unknown[] = [];
    const recording = {
      send: async (command: object) => {
        if (!(command instanceof SendMessageBatchCommand)) return client.send(command as never);
        sent.push(command.input);
        return {};
      },
    };
    // Only `send` is used of a client.
    const queue = createDeliveriesQueue({ client: recording as unknown as SQSClient, stage });
    expect(await queue.sendWakes([{ wake: ofGroup, delaySeconds: 0.2 }])).toEqual([]);
    expect(sent).toEqual([
      expect.objectContaining({
        QueueUrl: await urlOf('deliveries'),
        Entries: [{ Id: '0', MessageBody: toWakeJob(ofGroup), MessageGroupId: ofGroup.applicationId, DelaySeconds: 1 }],
      }),
    ]);
  });

  it('that the queue does not take are returned with the error', async () => {
    const queue = createDeliveriesQueue({ client: refusing(() => true), stage, pause });
    const entries = [{ wake: aWake() }, { wake: ofGroup }];
    expect(await queue.sendWakes(entries)).toEqual(
      expect.arrayContaining(entries.map((entry) => ({ ...entry, error: expect.any(PassingError) }))),
    );
  });
});
