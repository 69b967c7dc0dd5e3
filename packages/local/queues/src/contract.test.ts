import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { openStorage } from '@posthorn/local-storage';
import { createInProcessSqsClient, openQueues, serveSqs } from './index.ts';

const definitions = [
  { name: 'jobs', visibilityTimeoutSeconds: 60, deadLetters: { name: 'dead', maxReceiveCount: 1 } },
  { name: 'dead' },
  { name: 'jobs.fifo', fifo: true },
];
const accessKey = { id: 'local-key', secret: 'local-secret' };
const credentials = { accessKeyId: accessKey.id, secretAccessKey: accessKey.secret };

/** Both clients take the SDK's commands. What they return is typed by the SDK's client. */
interface Subject {
  readonly sqs: SQSClient;
  stop(): Promise<void>;
}

async function inProcess(): Promise<Subject> {
  const queues = await openQueues({ storage: await openStorage({}), queues: definitions });
  // It has the SDK's inputs and outputs: this suite checks that.
  return { sqs: createInProcessSqsClient(queues) as unknown as SQSClient, stop: queues.close };
}

async function overHttp(): Promise<Subject> {
  const queues = await openQueues({ storage: await openStorage({}), queues: definitions });
  const server = await serveSqs({ queues, accessKey });
  const { endpoint } = server;
  const sqs = new SQSClient({ region: 'us-east-1', credentials, endpoint, maxAttempts: 1 });
  return {
    sqs,
    async stop() {
      sqs.destroy();
      await server.stop();
      await queues.close();
    },
  };
}

describe.each([
  ['in process', inProcess],
  ['over HTTP, with the SDK', overHttp],
])('the queues, %s', (_, start) => {
  let subject: Subject;
  let sqs: SQSClient;
  beforeEach(async () => {
    subject = await start();
    sqs = subject.sqs;
  });
  afterEach(() => subject.stop());

  const urlOf = async (QueueName: string) => (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
  const receive = async (QueueUrl: string | undefined, more: object = {}) =>
    (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...more }))).Messages ?? [];
  const failureOf = async (sending: Promise<unknown>) => {
    const error = await sending.then(
      () => undefined,
      (reason: Error & { $fault?: string; $metadata?: { httpStatusCode?: number } }) => reason,
    );
    return [error?.name, error?.$fault, error?.$metadata?.httpStatusCode, error?.message];
  };

  it('returns what was sent, with its attributes, and deletes it', async () => {
    const QueueUrl = await urlOf('jobs');
    const sent = await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'the body: "ü" \u{1f600}',
        MessageGroupId: 'app_1',
        MessageAttributes: {
          reason: { DataType: 'String', StringValue: 'why' },
          bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) },
        },
      }),
    );
    const [message] = await receive(QueueUrl, {
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    });
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: 'the body: "ü" \u{1f600}',
      MD5OfBody: sent.MD5OfMessageBody,
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
      Attributes: { MessageGroupId: 'app_1', ApproximateReceiveCount: '1' },
    });
    expect([...(message?.MessageAttributes?.bytes?.BinaryValue ?? [])]).toEqual([0, 255]);
    expect(message?.MessageAttributes?.reason).toEqual({ DataType: 'String', StringValue: 'why' });
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      VisibilityTimeout: '60',
      QueueArn: 'arn:aws:sqs:us-east-1:000000000000:jobs',
    });
  });

  it('returns only the attributes that are asked for', async () => {
    const QueueUrl = await urlOf('jobs');
    const MessageAttributes = { reason: { DataType: 'String', StringValue: 'why' } };
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageAttributes }));
    const [message] = await receive(QueueUrl);
    expect(message).not.toHaveProperty('Attributes');
    expect(message).not.toHaveProperty('MessageAttributes');
  });

  it('lists the entries of a batch that failed', async () => {
    const QueueUrl = await urlOf('jobs.fifo');
    const entry = { MessageBody: 'x', MessageGroupId: 'a' };
    const Entries = [
      { ...entry, Id: 'good', MessageDeduplicationId: '1' },
      { ...entry, Id: 'bad', MessageDeduplicationId: 'with space' },
    ];
    const { Successful, Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(Successful).toMatchObject([{ Id: 'good', SequenceNumber: expect.stringMatching(/^\d{20}$/) }]);
    expect(Failed).toMatchObject([{ Id: 'bad', Code: 'InvalidParameterValue', SenderFault: true }]);
  });

  it('deletes and shows messages in batches', async () => {
    const QueueUrl = await urlOf('jobs');
    for (const MessageBody of ['done', 'again']) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    const [done, again] = await receive(QueueUrl);
    const visible = await sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'a', ReceiptHandle: again?.ReceiptHandle, VisibilityTimeout: 0 },
          { Id: 'b', ReceiptHandle: 'not a handle', VisibilityTimeout: 0 },
        ],
      }),
    );
    expect([visible.Successful?.length, visible.Failed?.[0]?.Code]).toEqual([1, 'ReceiptHandleIsInvalid']);
    const Entries = [{ Id: 'a', ReceiptHandle: done?.ReceiptHandle }];
    const { Successful } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    expect(Successful).toEqual([{ Id: 'a' }]);
    // It was received as often as the queue allows.
    expect(await receive(QueueUrl)).toEqual([]);
    expect(await receive(await urlOf('dead'), { WaitTimeSeconds: 20 })).toMatchObject([{ Body: 'again' }]);
  });

  it('waits for the first message', async () => {
    const QueueUrl = await urlOf('jobs');
    const waiting = receive(QueueUrl, { WaitTimeSeconds: 20 });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', DelaySeconds: 1 }));
    expect(await waiting).toMatchObject([{ Body: 'x' }]);
  });

  it('gives nothing to a caller that has gone', async () => {
    const QueueUrl = await urlOf('jobs');
    const gone = new AbortController();
    const command = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 });
    const poll = sqs.send(command, { abortSignal: gone.signal }).catch(() => ({}));
    await sqs.send(new GetQueueUrlCommand({ QueueName: 'jobs' }));
    gone.abort();
    expect(await poll).toEqual({});
    await sqs.send(new GetQueueUrlCommand({ QueueName: 'jobs' }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'for the living' }));
    expect(await receive(QueueUrl)).toMatchObject([{ Body: 'for the living' }]);
  });

  it('creates, changes, lists and purges queues', async () => {
    const Attributes = { DelaySeconds: '3', RedrivePolicy: '{"deadLetterTargetArn":"a:b:dead","maxReceiveCount":"7"}' };
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'more', Attributes }));
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '0' } }));
    const found = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(found.Attributes).toMatchObject({
      DelaySeconds: '0',
      RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":7}',
    });
    expect((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'mo' }))).QueueUrls).toEqual([QueueUrl]);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    expect(await receive(QueueUrl)).toEqual([]);
    expect((await failureOf(sqs.send(new CreateQueueCommand({ QueueName: 'more' }))))[0]).toBe(undefined);
    const other = new CreateQueueCommand({ QueueName: 'more', Attributes: { DelaySeconds: '9' } });
    expect((await failureOf(sqs.send(other)))[0]).toBe('QueueNameExists');
  });

  it('moves dead letters back to where they came from, and only those', async () => {
    const QueueUrl = await urlOf('jobs');
    const SourceArn = 'arn:aws:sqs:us-east-1:000000000000:dead';
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison', MessageGroupId: 'app_1' }));
    const [poison] = await receive(QueueUrl);
    const { ReceiptHandle } = poison ?? {};
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    expect(await receive(QueueUrl)).toEqual([]);
    const { TaskHandle } = await sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));
    expect(TaskHandle).toEqual(expect.any(String));
    const [again] = await receive(QueueUrl, { WaitTimeSeconds: 20, MessageSystemAttributeNames: ['All'] });
    expect(again).toMatchObject({
      Body: 'poison',
      Attributes: { MessageGroupId: 'app_1', ApproximateReceiveCount: '1' },
    });
    const { Results } = await sqs.send(new ListMessageMoveTasksCommand({ SourceArn }));
    expect(Results).toMatchObject([{ SourceArn, ApproximateNumberOfMessagesMoved: 1 }]);
    const other = SourceArn.replace('dead', 'jobs');
    expect((await failureOf(sqs.send(new StartMessageMoveTaskCommand({ SourceArn: other }))))[0]).toBe(
      'InvalidParameterValue',
    );
  });

  it.each([
    ['a queue that does not exist', 'none', {}, 'QueueDoesNotExist', 'The specified queue does not exist.'],
    ['no body', 'jobs', {}, 'MissingParameter', 'The request must contain the parameter MessageBody.'],
    [
      'a character that is not allowed',
      'jobs',
      { MessageBody: '\u0001' },
      'InvalidMessageContents',
      'Invalid characters',
    ],
    [
      'a body over 1 MiB',
      'jobs',
      { MessageBody: 'x'.repeat(1_048_577) },
      'InvalidParameterValue',
      'shorter than 1048576',
    ],
    ['no group on a FIFO queue', 'jobs.fifo', { MessageBody: 'x' }, 'MissingParameter', 'MessageGroupId'],
    [
      'no deduplication id on a FIFO queue',
      'jobs.fifo',
      { MessageBody: 'x', MessageGroupId: 'a' },
      'InvalidParameterValue',
      'ContentBasedDeduplication',
    ],
    [
      'a delay on a FIFO queue',
      'jobs.fifo',
      { MessageBody: 'x', MessageGroupId: 'a', MessageDeduplicationId: '1', DelaySeconds: 1 },
      'InvalidParameterValue',
      'DelaySeconds',
    ],
    [
      'a deduplication id on a standard queue',
      'jobs',
      { MessageBody: 'x', MessageDeduplicationId: '1' },
      'InvalidParameterValue',
      'MessageDeduplicationId',
    ],
    ['a delay over 15 minutes', 'jobs', { MessageBody: 'x', DelaySeconds: 901 }, 'InvalidParameterValue', '900'],
  ])('refuses %s', async (_case, name, input, code, text) => {
    const QueueUrl = `${(await urlOf('jobs'))?.replace(/jobs$/, '')}${name}`;
    // The missing fields are what is tested.
    const failure = await failureOf(sqs.send(new SendMessageCommand({ QueueUrl, ...input } as never)));
    expect(failure).toEqual([code, 'client', 400, expect.stringContaining(text)]);
  });

  it('refuses batches that are empty, too long or have an id twice', async () => {
    const QueueUrl = await urlOf('jobs');
    const send = (...ids: readonly string[]) =>
      failureOf(
        sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: ids.map((Id) => ({ Id, MessageBody: 'x' })) })),
      );
    expect((await send())[0]).toBe('EmptyBatchRequest');
    expect((await send(...'abcdefghijk'))[0]).toBe('TooManyEntriesInBatchRequest');
    expect((await send('a', 'a'))[0]).toBe('BatchEntryIdsNotDistinct');
    expect((await send('not valid'))[0]).toBe('InvalidBatchEntryId');
    const MessageBody = 'x'.repeat(600_000);
    const Entries = ['a', 'b'].map((Id) => ({ Id, MessageBody }));
    expect((await failureOf(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))))[0]).toBe(
      'BatchRequestTooLong',
    );
  });

  it('refuses to change a message that is not in flight', async () => {
    const QueueUrl = await urlOf('jobs');
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    const [message] = await receive(QueueUrl);
    const change = new ChangeMessageVisibilityCommand({
      QueueUrl,
      ReceiptHandle: message?.ReceiptHandle,
      VisibilityTimeout: 0,
    });
    await sqs.send(change);
    expect((await failureOf(sqs.send(change)))[0]).toBe('MessageNotInflight');
  });
});

describe('the front', () => {
  it('refuses requests without the key', async () => {
    const queues = await openQueues({ storage: await openStorage({}), queues: definitions });
    const server = await serveSqs({ queues, accessKey });
    const nameOf = async (secrets: { accessKeyId: string; secretAccessKey: string }) => {
      const { endpoint } = server;
      const sqs = new SQSClient({ region: 'us-east-1', credentials: secrets, endpoint, maxAttempts: 1 });
      const error = await sqs.send(new ListQueuesCommand({})).catch((reason: Error) => reason);
      sqs.destroy();
      return 'name' in error ? error.name : undefined;
    };
    expect(await nameOf({ ...credentials, accessKeyId: 'other' })).toBe('InvalidClientTokenId');
    expect(await nameOf({ ...credentials, secretAccessKey: 'other' })).toBe('SignatureDoesNotMatch');
    const unsigned = await fetch(server.endpoint, { method: 'POST', body: '{}' });
    expect([unsigned.status, await unsigned.json()]).toMatchObject([
      403,
      { __type: 'com.amazonaws.sqs#MissingAuthenticationToken' },
    ]);
    await server.stop();
    await queues.close();
  });
});
