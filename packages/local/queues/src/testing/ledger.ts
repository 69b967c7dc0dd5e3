import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** What a test knows about the messages of one group. Their bodies are `group:number`, from 1. */
export interface Ledger {
  readonly group: string;
  /** All up to this number were acknowledged. */
  sent: number;
  /** All up to this number were sent, some of them without an answer. */
  tried: number;
  readonly deleted: Set<number>;
  /** Deleted, but the answer is missing. */
  readonly perhapsDeleted: Set<number>;
}

export const createLedger = (group: string): Ledger => ({
  group,
  sent: 0,
  tried: 0,
  deleted: new Set(),
  perhapsDeleted: new Set(),
});

export interface Findings {
  outOfOrder: number;
  cameBack: number;
  deletes: number;
}

/** Sends batches of a group, each until it is acknowledged, until the queues are gone. */
export async function sendUntilGone(sqs: SQSClient, name: string, ledger: Ledger, random: () => number) {
  const QueueUrl = await urlOf(sqs, name);
  for (;;) {
    // What was sent without an answer is sent again as it was. On a FIFO queue its deduplication ids are known.
    const to = ledger.tried > ledger.sent ? ledger.tried : ledger.sent + 1 + Math.floor(random() * 5);
    ledger.tried = to;
    const Entries = Array.from({ length: to - ledger.sent }, (_, index) => {
      const MessageBody = `${ledger.group}:${ledger.sent + 1 + index}`;
      const fifo = name.endsWith('.fifo') ? { MessageDeduplicationId: MessageBody } : {};
      return { Id: String(index), MessageBody, MessageGroupId: ledger.group, ...fifo };
    });
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    ledger.sent = to;
  }
}

/** Receives, checks and deletes messages, until the queues are gone or `isDone`. Sometimes it releases them instead. */
export async function receiveUntilGone(
  sqs: SQSClient,
  name: string,
  options: {
    readonly ledgers: ReadonlyMap<string, Ledger>;
    readonly findings: Findings;
    readonly random: () => number;
    readonly isDone?: (messages: readonly Message[]) => boolean;
  },
): Promise<void> {
  const QueueUrl = await urlOf(sqs, name);
  for (;;) {
    const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
    const { Messages = [] } = await sqs.send(command);
    if (options.isDone?.(Messages)) return;
    if (Messages.length === 0) continue;
    const before = new Set<string>();
    const found = Messages.map((message) => check(message, { fifo: name.endsWith('.fifo'), before, ...options }));
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    if (options.random() < 0.2) {
      const released = Entries.map((entry) => ({ ...entry, VisibilityTimeout: 0 }));
      await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: released }));
      continue;
    }
    for (const { ledger, number } of found) ledger.perhapsDeleted.add(number);
    const { Failed = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    if (Failed.length > 0) throw new Error(`a delete failed: ${Failed[0]?.Message}`);
    for (const { ledger, number } of found) ledger.deleted.add(number);
    options.findings.deletes += found.length;
  }
}

interface Check {
  readonly fifo: boolean;
  /** The bodies before this one in the same response. */
  readonly before: Set<string>;
  readonly ledgers: ReadonlyMap<string, Ledger>;
  readonly findings: Findings;
}

/** How far back the order is checked. */
const orderWindow = 50;

function check({ Body = '' }: Message, { fifo, before, ledgers, findings }: Check) {
  const [group = '', text] = Body.split(':');
  const number = Number(text);
  const ledger = ledgers.get(group);
  if (ledger === undefined) throw new Error(`an unknown message: ${Body}`);
  // On a standard queue a send without an answer is repeated, and makes a second message.
  if (fifo && ledger.deleted.has(number)) findings.cameBack += 1;
  // All earlier ones of its group are deleted, or come with it.
  for (let earlier = Math.max(1, number - orderWindow); fifo && earlier < number; earlier += 1)
    if (!ledger.perhapsDeleted.has(earlier) && !before.has(`${group}:${earlier}`)) findings.outOfOrder += 1;
  before.add(Body);
  return { ledger, number };
}

/** Runs something until the connection is closed. An answer that says that something is wrong is an error. */
export async function untilGone(work: Promise<void>): Promise<void> {
  await work.catch((error: unknown) => {
    if (error instanceof Error && '$response' in error && error.$response !== undefined && '$fault' in error)
      throw error;
  });
}

const urlOf = async (sqs: SQSClient, QueueName: string) =>
  (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
