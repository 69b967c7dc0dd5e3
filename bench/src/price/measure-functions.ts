import {
  DeleteMessageBatchCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { queueName, tableName } from '@posthorn/contracts';
import { createDynamoClient } from '@posthorn/models/client';
import { createTables } from '@posthorn/models/tables';
import { realisticBody } from '@posthorn/testing';
import { apiEvent } from './api-event.ts';
import { countOutput } from './count-output.ts';
import { type Invocation, type MeasuredFunction, meanOf } from './measured-function.ts';
import { startFunctions } from './own-functions.ts';
import { priceStage, type StoreAddresses } from './store-addresses.ts';
import { type LambdaRecord, readRecords } from './streams.ts';

/** All invocations that one message causes, and the bytes that are stored for it. */
export interface MeasuredPath {
  readonly bodyBytes: number;
  readonly postMessage: MeasuredFunction;
  readonly fanOut: MeasuredFunction;
  readonly deliver: MeasuredFunction;
  readonly statistics: MeasuredFunction;
  readonly stored: { readonly messageBytes: number; readonly attemptBytes: number };
}

const rounds = 60;
const many = { fanOut: 10, deliver: 10, statistics: 100 };
const messages = rounds * (1 + many.deliver) * 2;
/** The first rounds of each kind warm the code and are not counted. */
const warmRounds = rounds / 2;

type Functions = Awaited<ReturnType<typeof startFunctions>>;

/** Runs the functions that accept, fan out, deliver and count messages, one invocation at a time. */
export async function measurePath(addresses: StoreAddresses, bodyBytes: number): Promise<MeasuredPath> {
  const own = await startFunctions(addresses);
  try {
    const tables = createDynamoClient();
    await createTables(tables, priceStage);
    tables.destroy();
    const applicationId = await prepare(own, addresses.receiver);
    const postMessage = await measurePosts(own, { applicationId, bodyBytes });
    const inserted = await readRecords(addresses.dynamodb, tableName(priceStage, 'messages'));
    const toStreamEvent = (records: readonly LambdaRecord[]) => ({ Records: records });
    const fanOut = await measureBatches(own, 'onMessageInserted', {
      entries: inserted,
      many: many.fanOut,
      toEvent: toStreamEvent,
    });
    const jobs = await receiveAll(addresses.sqs);
    const deliver = await measureBatches(own, 'deliverStandard', {
      entries: jobs,
      many: many.deliver,
      toEvent: toQueueEvent,
    });
    const recorded = await readRecords(addresses.dynamodb, tableName(priceStage, 'attempts'));
    const statistics = await measureBatches(own, 'onAttemptInserted', {
      entries: recorded,
      many: many.statistics,
      toEvent: toStreamEvent,
    });
    return {
      bodyBytes,
      postMessage,
      fanOut,
      deliver: withReceiver(deliver),
      statistics,
      stored: { messageBytes: meanBytes(inserted), attemptBytes: meanBytes(recorded) },
    };
  } finally {
    await own.stop();
  }
}

const meanBytes = (records: readonly LambdaRecord[]): number =>
  records.reduce((sum, { bytes }) => sum + bytes, 0) / records.length;

/** All jobs of a batch are sent at the same time, between two reads or writes. */
const withReceiver = ({ few, many: high, ...rest }: MeasuredFunction): MeasuredFunction => ({
  ...rest,
  few: { ...few, waits: { ...few.waits, receiver: 1 } },
  // Answers come so fast here that the calls of a batch do not overlap as they do with real distances.
  many: { ...high, waits: { ...few.waits, receiver: 1 } },
});

async function prepare({ functions, token }: Functions, receiver: string): Promise<string> {
  const call = async (key: string, route: string, body: object, parameters: Record<string, string> = {}) => {
    const found = functions.find((own) => own.key === key);
    const event = apiEvent({ route, token, body: JSON.stringify(body), parameters });
    const { result } = await countOutput(async () => found?.handle(event, context, () => undefined));
    const { statusCode, body: text } = result as { statusCode: number; body: string };
    if (statusCode >= 300) throw new Error(`${route} answered ${statusCode}: ${text}`);
    return JSON.parse(text) as { readonly id: string };
  };
  const { id } = await call('applications', 'POST /api/v1/app', { name: 'price' });
  await call('endpoints', 'POST /api/v1/app/{app_id}/endpoint', { url: `${receiver}/hook` }, { app_id: id });
  return id;
}

async function measurePosts(
  own: Functions,
  { applicationId, bodyBytes }: { applicationId: string; bodyBytes: number },
): Promise<MeasuredFunction> {
  const route = 'POST /api/v1/app/{app_id}/msg';
  const measured: Invocation[] = [];
  for (let seed = 0; seed < messages; seed += 1) {
    const body = `{"eventType":"order.created","payload":${realisticBody({ bytes: bodyBytes, seed })}}`;
    const event = apiEvent({
      route,
      token: own.token,
      body,
      parameters: { app_id: applicationId },
      key: `key-${seed}-of-the-sdk-0123456789`,
    });
    const { invocation, result } = await invoke(own, 'postMessage', event, 1);
    const { statusCode, body: text } = result as { statusCode: number; body: string };
    if (statusCode !== 202) throw new Error(`a message was answered with ${statusCode}: ${text}`);
    measured.push(invocation);
  }
  const mean = meanOf(measured.slice(messages / 2));
  return { name: 'post-message', memoryMb: memoryOf(own, 'postMessage'), few: mean, many: mean };
}

async function measureBatches<Entry>(
  own: Functions,
  key: string,
  {
    entries,
    many: high,
    toEvent,
  }: { entries: readonly Entry[]; many: number; toEvent: (batch: readonly Entry[]) => object },
): Promise<MeasuredFunction> {
  let next = 0;
  const run = async (size: number, count: number): Promise<Invocation> => {
    const measured: Invocation[] = [];
    for (let round = 0; round < count && next + size <= entries.length; round += 1) {
      const { invocation, result } = await invoke(own, key, toEvent(entries.slice(next, next + size)), size);
      const { batchItemFailures = [] } = (result ?? {}) as { batchItemFailures?: readonly unknown[] };
      if (batchItemFailures.length > 0) throw new Error(`${key} failed ${batchItemFailures.length} of ${size} entries`);
      next += size;
      measured.push(invocation);
    }
    if (measured.length === 0) throw new Error(`${key} has too few entries`);
    return meanOf(measured);
  };
  await run(1, warmRounds);
  await run(high, 2);
  return { name: key, memoryMb: memoryOf(own, key), few: await run(1, rounds), many: await run(high, rounds) };
}

async function invoke({ functions, observer }: Functions, key: string, event: object, entries: number) {
  const found = functions.find((own) => own.key === key);
  observer.take();
  const before = process.cpuUsage();
  const { result, lines, bytes } = await countOutput(async () => found?.handle(event, context, () => undefined));
  const { user, system } = process.cpuUsage(before);
  const { units, queueRequests, waits } = observer.take();
  const invocation: Invocation = {
    entries,
    cpuMs: (user + system) / 1000,
    units,
    queueRequests,
    waits: { ...waits, receiver: 0 },
    log: { lines, bytes },
  };
  return { invocation, result: result as unknown };
}

const memoryOf = ({ functions }: Functions, key: string): number =>
  functions.find((own) => own.key === key)?.definition.memoryMb ?? 0;

const context = {
  awsRequestId: '8f5c3c4e-6d0b-4d5c-9f6b-2f0a3c1e7d11',
  functionName: 'posthorn-price',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:posthorn-price',
  memoryLimitInMB: '512',
  logGroupName: '/aws/lambda/posthorn-price',
  logStreamName: '2026/01/01/[$LATEST]0123456789abcdef',
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => 30_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};

/** The standard queue of deliveries, emptied. */
async function receiveAll(endpoint: string): Promise<readonly Message[]> {
  const client = new SQSClient({ endpoint });
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: queueName(priceStage, 'deliveries') }));
  const all: Message[] = [];
  for (;;) {
    const request = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] as ['All'] };
    const { Messages = [] } = await client.send(new ReceiveMessageCommand(request));
    if (Messages.length === 0) break;
    all.push(...Messages);
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
  client.destroy();
  return all;
}

const toQueueEvent = (batch: readonly Message[]) => ({
  Records: batch.map(({ MessageId, ReceiptHandle, Body, Attributes }) => ({
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: Attributes,
    messageAttributes: {},
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:deliveries',
  })),
});
