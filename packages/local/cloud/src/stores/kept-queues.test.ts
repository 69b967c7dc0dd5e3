import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { eventually } from '../testing/eventually.ts';
import { createSqsClient } from '../testing/local-stores.ts';
import type { LocalQueue } from './queue-attributes.ts';
import { type LocalSqs, type LocalSqsOptions, startSqs } from './sqs.ts';

const queues: readonly LocalQueue[] = [
  { name: 'jobs', visibilityTimeoutSeconds: 600, deadLetters: { name: 'dead-jobs', maxReceiveCount: 5 } },
  { name: 'dead-jobs' },
  { name: 'jobs.fifo', fifo: true, visibilityTimeoutSeconds: 600 },
];

let folder: string;
let killed: ChildProcess;
let before: SQSClient;
let after: SQSClient;
let server: LocalSqs | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-queues-'));
});
afterEach(async () => {
  killed.kill('SIGKILL');
  for (const client of [before, after]) client?.destroy();
  await server?.stop();
  server = undefined;
  await rm(folder, { recursive: true });
});

/** Starts the queues in another process. */
async function startElsewhere(): Promise<void> {
  const program = `import(${JSON.stringify(join(import.meta.dirname, 'sqs.ts'))})
    .then(({ startSqs }) => startSqs(${JSON.stringify({ queues, dataDir: folder })}))
    .then(({ endpoint }) => console.log(endpoint))`;
  killed = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = killed.stdout ? await once(killed.stdout, 'data') : [];
  before = createSqsClient(String(line).trim());
}

/** Kills that process, and starts the queues of the same folder in this process. */
async function startAgain(options: Partial<LocalSqsOptions> = {}): Promise<void> {
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  server = await startSqs({ queues, dataDir: folder, ...options });
  after = createSqsClient(server.endpoint);
}

const urlOf = async (sqs: SQSClient, name: string) =>
  (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl;

async function send(sqs: SQSClient, name: string, body: string, group?: string, DelaySeconds?: number): Promise<void> {
  const fifo = group === undefined ? {} : { MessageGroupId: group, MessageDeduplicationId: body };
  const QueueUrl = await urlOf(sqs, name);
  await sqs.send(
    new SendMessageCommand({ QueueUrl, MessageBody: body, ...fifo, ...(DelaySeconds && { DelaySeconds }) }),
  );
}

async function receive(sqs: SQSClient, name: string, count = 10): Promise<readonly Message[]> {
  const QueueUrl = await urlOf(sqs, name);
  const command = { QueueUrl, MaxNumberOfMessages: count, MessageSystemAttributeNames: ['All' as const] };
  return (await sqs.send(new ReceiveMessageCommand(command))).Messages ?? [];
}

const remove = async (sqs: SQSClient, name: string, { ReceiptHandle }: Message) =>
  sqs.send(new DeleteMessageCommand({ QueueUrl: await urlOf(sqs, name), ReceiptHandle }));

async function receiveOne(sqs: SQSClient, name: string): Promise<Message> {
  const [message] = await receive(sqs, name, 1);
  if (message === undefined) throw new Error(`${name} shows no message`);
  return message;
}

const bodies = (messages: readonly Message[]) => messages.map(({ Body }) => Body);
const countOf = ({ Attributes }: Message) => Number(Attributes?.ApproximateReceiveCount);

/** Receives and deletes all messages of a queue, in order. */
async function drain(sqs: SQSClient, name: string): Promise<readonly unknown[]> {
  const taken: unknown[] = [];
  for (let batch = await receive(sqs, name); batch.length > 0; batch = await receive(sqs, name))
    for (const message of batch) {
      taken.push(message.Body);
      await remove(sqs, name, message);
    }
  return taken;
}

describe('queues in a folder, when their process is killed', () => {
  it('keep waiting messages, forget deleted ones, and show delayed ones in time', async () => {
    await startElsewhere();
    for (const body of ['deleted', 'waits']) await send(before, 'jobs', body);
    await remove(before, 'jobs', await receiveOne(before, 'jobs'));
    await send(before, 'jobs', 'late', undefined, 2);
    await startAgain();
    expect(await drain(after, 'jobs')).toEqual(['waits']);
    await eventually(async () => (await drain(after, 'jobs')).includes('late'));
  });

  it('keep messages in flight hidden, with their receipt and count', async () => {
    await startElsewhere();
    await send(before, 'jobs', 'taken');
    const message = await receiveOne(before, 'jobs');
    await startAgain();
    expect(await receive(after, 'jobs')).toEqual([]);
    const { ReceiptHandle } = message;
    const change = { QueueUrl: await urlOf(after, 'jobs'), ReceiptHandle, VisibilityTimeout: 0 };
    await after.send(new ChangeMessageVisibilityCommand(change));
    expect(countOf(await receiveOne(after, 'jobs'))).toBe(2);
  });

  it('show messages in flight again at once with releaseInFlight, and keep their count', async () => {
    await startElsewhere();
    for (let n = 0; n < 25; n += 1) await send(before, 'jobs', `taken ${n}`);
    for (let n = 0; n < 25; n += 1) await receiveOne(before, 'jobs');
    await startAgain({ releaseInFlight: true });
    const again: Message[] = [];
    for (let n = 0; n < 3; n += 1) again.push(...(await receive(after, 'jobs')));
    expect(new Set(bodies(again)).size).toBe(25);
    expect(again.map(countOf)).toEqual(again.map(() => 2));
  });

  it('keep the count of a message that was released', async () => {
    await startElsewhere();
    await send(before, 'jobs', 'given back');
    const { ReceiptHandle } = await receiveOne(before, 'jobs');
    const change = { QueueUrl: await urlOf(before, 'jobs'), ReceiptHandle, VisibilityTimeout: 0 };
    await before.send(new ChangeMessageVisibilityCommand(change));
    await startAgain();
    expect(countOf(await receiveOne(after, 'jobs'))).toBe(2);
  });

  it('keep the order of a group whose first message is in flight', async () => {
    await startElsewhere();
    for (const body of ['a1', 'b1', 'a2', 'a3', 'b2']) await send(before, 'jobs.fifo', body, body[0]);
    const heads = await receive(before, 'jobs.fifo');
    expect(bodies(heads)).toEqual(['a1', 'b1']);
    await startAgain();
    expect(await receive(after, 'jobs.fifo')).toEqual([]);
    for (const head of heads) await remove(after, 'jobs.fifo', head);
    expect(await drain(after, 'jobs.fifo')).toEqual(['a2', 'b2', 'a3']);
  });

  it('put the first message of a group back in front when it is released', async () => {
    await startElsewhere();
    for (const body of ['a1', 'a2']) await send(before, 'jobs.fifo', body, 'a');
    await receiveOne(before, 'jobs.fifo');
    await startAgain({ releaseInFlight: true });
    expect(await drain(after, 'jobs.fifo')).toEqual(['a1', 'a2']);
  });

  it('deduplicate messages that are still in the queue, but not deleted ones', async () => {
    await startElsewhere();
    for (const body of ['gone', 'there']) await send(before, 'jobs.fifo', body, 'a');
    await remove(before, 'jobs.fifo', await receiveOne(before, 'jobs.fifo'));
    await startAgain();
    for (const body of ['gone', 'there']) await send(after, 'jobs.fifo', body, 'a');
    // SQS would also drop the second `gone` within five minutes.
    expect(await drain(after, 'jobs.fifo')).toEqual(['there', 'gone']);
  });

  it('move a message to the dead-letter queue after too many receives, also over the restart', async () => {
    await startElsewhere();
    await send(before, 'jobs', 'poison');
    for (let n = 0; n < 5; n += 1) {
      const { ReceiptHandle } = await receiveOne(before, 'jobs');
      const change = { QueueUrl: await urlOf(before, 'jobs'), ReceiptHandle, VisibilityTimeout: 0 };
      await before.send(new ChangeMessageVisibilityCommand(change));
    }
    await startAgain();
    expect(await receive(after, 'jobs')).toEqual([]);
    expect(await drain(after, 'dead-jobs')).toEqual(['poison']);
  });

  it('have the current attributes, and URLs with the new port', async () => {
    await startElsewhere();
    await startAgain({ queues: [{ name: 'jobs', visibilityTimeoutSeconds: 7 }, { name: 'more-jobs' }] });
    const QueueUrl = await urlOf(after, 'jobs');
    const { Attributes } = await after.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes).toMatchObject({ VisibilityTimeout: '7', DelaySeconds: '0' });
    expect(Attributes).not.toHaveProperty('RedrivePolicy');
    expect(new URL(QueueUrl ?? '').port).toBe(new URL(server?.endpoint ?? '').port);
    expect(await urlOf(after, 'more-jobs')).toMatch(/more-jobs$/);
  });
});
