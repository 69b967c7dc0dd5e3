import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { openQueues, serveSqs } from '@posthorn/local-queues';
import { openStorage } from '@posthorn/local-storage';
import { say } from './local-tables.ts';

const queues = await openQueues({ storage: await openStorage({}), queues: [{ name: 'jobs.fifo', fifo: true }] });
const server = await serveSqs({ queues });
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const sqs = new SQSClient({ region: 'us-east-1', endpoint: server.endpoint, credentials });
const QueueUrl = `${server.endpoint}/000000000000/jobs.fifo`;

const send = (id: string) =>
  sqs.send(
    new SendMessageCommand({ QueueUrl, MessageBody: id, MessageGroupId: 'order-7', MessageDeduplicationId: id }),
  );
const receive = async () => {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  return Messages;
};

// The queue accepts a message once, although its sender has sent it twice.
await send('msg_1');
await send('msg_1');
await send('msg_2');
say(`on the queue: ${(await queues.find('jobs.fifo')?.counts())?.waiting}`);

/** Somebody's HTTP server. The first one charges a card for each request, the second one for each id. */
const charged = { byRequest: 0, byId: new Set<string>() };
function post(webhookId: string): void {
  charged.byRequest += 1;
  charged.byId.add(webhookId);
}

// A worker posts the first message, and dies before it has deleted the job: the job becomes visible again.
const [first, second] = await receive();
say(`received together, in order: ${first?.Body}, ${second?.Body}`);
post(first?.Body ?? '');
for (const { ReceiptHandle } of [first, second].flatMap((message) => message ?? []))
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));

// The next worker cannot know what the first one did.
for (let batch = await receive(); batch.length > 0; batch = await receive())
  for (const { Body = '', ReceiptHandle } of batch) {
    post(Body);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }
say(`charged by request: ${charged.byRequest}, charged by id: ${charged.byId.size}`);

sqs.destroy();
await server.stop();
await queues.close();
