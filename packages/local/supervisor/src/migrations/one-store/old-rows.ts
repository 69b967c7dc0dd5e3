import { hash } from 'node:crypto';
import type { ImportedMessage, ImportedQueue } from '@posthorn/local-queues';

/** A queue in the database of format 1. `attributes` are those of SQS, in JSON. */
export interface QueueRow {
  readonly name: string;
  readonly attributes: string;
  readonly sequence_counter: number;
}

/** A message in the database of format 1. Times are milliseconds since 1970. */
export interface MessageRow {
  readonly rowid: number;
  readonly message_id: string;
  readonly queue_name: string;
  readonly body: string;
  readonly md5_of_body: string;
  /** In the form of SQS, in JSON. */
  readonly message_attributes: string;
  readonly sent_timestamp: number;
  readonly approximate_receive_count: number;
  readonly approximate_first_receive_timestamp: number | null;
  readonly delay_until: number | null;
  readonly message_group_id: string | null;
  readonly message_deduplication_id: string | null;
}

interface OldAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}

/** A row does not say what it should. */
export class UnusableRow extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'UnusableRow';
  }
}

/** @throws UnusableRow */
export function toImportedQueue({ name, attributes: text, sequence_counter: lastSequence }: QueueRow): ImportedQueue {
  const attributes = parse<Record<string, string>>(text, `the attributes of the queue ${name}`);
  const { VisibilityTimeout, MessageRetentionPeriod, DelaySeconds, ContentBasedDeduplication, RedrivePolicy } =
    attributes;
  const policy = RedrivePolicy ? parse<Policy>(RedrivePolicy, `the redrive policy of the queue ${name}`) : undefined;
  return {
    lastSequence,
    definition: {
      name,
      ...(attributes.FifoQueue === 'true' ? { fifo: true } : {}),
      ...(VisibilityTimeout === undefined ? {} : { visibilityTimeoutSeconds: Number(VisibilityTimeout) }),
      ...(MessageRetentionPeriod === undefined ? {} : { retentionSeconds: Number(MessageRetentionPeriod) }),
      ...(DelaySeconds === undefined ? {} : { delaySeconds: Number(DelaySeconds) }),
      ...(ContentBasedDeduplication === 'true' ? { contentBasedDeduplication: true } : {}),
      ...(policy === undefined ? {} : { deadLetters: toDeadLetters(policy) }),
    },
  };
}

interface Policy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number | string;
}

const toDeadLetters = ({ deadLetterTargetArn: arn, maxReceiveCount }: Policy) => ({
  name: arn.slice(arn.lastIndexOf(':') + 1),
  maxReceiveCount: Number(maxReceiveCount),
});

/**
 * The order of the rows is the order of the messages: a row that moves to another queue gets a new number, and a message
 * that is received keeps it.
 *
 * @throws UnusableRow
 */
export function toImportedMessage(row: MessageRow): ImportedMessage {
  const { message_group_id: group, message_deduplication_id: deduplicationId, delay_until: dueAt } = row;
  const firstReceivedAt = row.approximate_first_receive_timestamp;
  const attributes = toAttributes(row);
  if (row.message_id.includes(' ') || group?.includes(' ')) {
    throw new UnusableRow(`the message ${row.message_id} has a space in its id or in the name of its group`);
  }
  return {
    queue: row.queue_name,
    sequence: row.rowid,
    id: row.message_id,
    body: row.body,
    sentAt: row.sent_timestamp,
    receives: row.approximate_receive_count,
    ...(group === null ? {} : { group }),
    ...(deduplicationId === null ? {} : { deduplicationId }),
    ...(dueAt === null ? {} : { dueAt }),
    ...(firstReceivedAt === null ? {} : { firstReceivedAt }),
    ...(attributes === undefined ? {} : { attributes }),
  };
}

function toAttributes({ message_id: id, message_attributes: text }: MessageRow): ImportedMessage['attributes'] {
  const entries = Object.entries(parse<Record<string, OldAttribute>>(text, `the attributes of the message ${id}`));
  if (entries.length === 0) return undefined;
  return Object.fromEntries(
    entries.map(([name, { DataType: type, StringValue, BinaryValue }]) => [
      name,
      {
        type,
        ...(StringValue === undefined ? {} : { text: StringValue }),
        ...(BinaryValue === undefined ? {} : { binary: BinaryValue }),
      },
    ]),
  );
}

/** @throws UnusableRow if the body is not the one that was sent */
export function requireWholeBody({ message_id: id, body, md5_of_body: digest }: MessageRow): void {
  if (hash('md5', body) !== digest) throw new UnusableRow(`the body of the message ${id} is not the one that was sent`);
}

function parse<Value extends object>(text: string, what: string): Value {
  try {
    const value: unknown = JSON.parse(text);
    // Only the queue server of that time wrote it.
    if (typeof value === 'object' && value !== null) return value as Value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new UnusableRow(`${what} cannot be read`);
}
