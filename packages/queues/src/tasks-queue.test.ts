import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { queueName, toTaskJob } from '@posthorn/contracts';
import { PassingError } from '@posthorn/core';
import type { SqsServer } from '@posthorn/local-queues';
import { startSqs } from '@posthorn/local-queues/testing/start-sqs';
import { ids } from '@posthorn/testing';
import type { SQSRecord } from 'aws-lambda';
import { createFindQueueUrl } from './queue-address.ts';
import { toReceivedTasks } from './sqs-event.ts';
import { createTasksQueue } from './tasks-queue.ts';

const stage = 'test';
const job = {
  organisationId: ids.organisation,
  applicationId: ids.application,
  endpointId: ids.endpoint,
  taskId: ids.task,
  slice: 2,
};
let sqs: SqsServer;
let client: SQSClient;
beforeEach(async () => {
  sqs = await startSqs({ queues: [{ name: queueName(stage, 'tasks'), fifo: false }] });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new SQSClient({ endpoint: sqs.endpoint, region: 'us-east-1', credentials });
});
afterEach(async () => {
  client.destroy();
  await sqs.stop();
});

async function receive() {
  const QueueUrl = await createFindQueueUrl({ client, stage })('tasks');
  const command = new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ['All'] });
  return (await client.send(command)).Messages ?? [];
}

describe('the queue of tasks', () => {
  it('takes a slice in the group of its application, so that applications take turns', async () => {
    await createTasksQueue({ client, stage }).send(job, 0);
    const [message, ...others] = await receive();
    expect(others).toEqual([]);
    expect([message?.Body, message?.Attributes?.MessageGroupId]).toEqual([toTaskJob(job), ids.application]);
  });

  it('lets a slice wait', async () => {
    await createTasksQueue({ client, stage }).send(job, 600);
    expect(await receive()).toEqual([]);
  });

  it('throws if the queue does not accept the slice', async () => {
    const failed = { Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false }] };
    const send = async (command: { readonly input: object }) =>
      'QueueName' in command.input ? { QueueUrl: 'http://localhost/tasks' } : failed;
    const refusing = { send } as unknown as SQSClient;
    const queue = createTasksQueue({ client: refusing, stage, pause: async () => undefined });
    await expect(queue.send(job, 0)).rejects.toThrow(PassingError);
  });
});

describe('an event of the queue of tasks', () => {
  it('has slices, or the reasons why its texts are none', () => {
    // The parts that are read.
    const aRecord = (body: string) =>
      ({ messageId: '1', body, attributes: { ApproximateReceiveCount: '3' } }) as unknown as SQSRecord;
    expect(toReceivedTasks({ Records: [aRecord(toTaskJob(job)), aRecord('no job')] })).toEqual([
      { id: '1', receives: 3, body: toTaskJob(job), content: { kind: 'task', job } },
      { id: '1', receives: 3, body: 'no job', content: { kind: 'refused', reason: 'not a slice of a task' } },
    ]);
  });
});
