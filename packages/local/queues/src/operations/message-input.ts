import { hash } from 'node:crypto';
import type { NewMessage } from '../queue/send.ts';
import type { QueueState } from '../queue/state.ts';
import type { StoredAttribute } from '../rows/message-row.ts';
import type { Input } from './context.ts';
import { invalidValue, missing, SqsFailure } from './failure.ts';

/** 1 MiB, as in SQS since August 2025. */
export const maxMessageBytes = 1_048_576;
export const maxDelaySeconds = 900;
const maxAttributes = 10;

/** Everything but what SQS accepts in a body. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
const invalidCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
/** Up to 128 letters, digits and punctuation characters, without spaces. */
const identifier = /^[!-~]{1,128}$/;

const notForThisType = 'The request include parameter that is not valid for this queue type';

/** Checks a message to send. */
export function toNewMessage(queue: QueueState, input: Input): NewMessage {
  const { MessageBody: body } = input;
  if (typeof body !== 'string' || body === '') throw missing('MessageBody');
  if (invalidCharacters.test(body) || !body.isWellFormed())
    throw new SqsFailure(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF and #xE000 to #xFFFD.',
    );
  const attributes = toAttributes(input.MessageAttributes);
  const message = {
    body,
    ...groupOf(queue, input),
    ...deduplicationOf(queue, input, body),
    ...delayOf(queue, input),
    ...(attributes === undefined ? {} : { attributes }),
  };
  if (bytesOf(message) > maxMessageBytes)
    throw new SqsFailure(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${maxMessageBytes} bytes.`,
    );
  return message;
}

function groupOf({ fifo }: QueueState, { MessageGroupId: group }: Input): { group: string } {
  if (group === undefined) {
    if (fifo) throw missing('MessageGroupId');
    return { group: '' };
  }
  return { group: requireIdentifier('MessageGroupId', group) };
}

function deduplicationOf(queue: QueueState, { MessageDeduplicationId: id }: Input, body: string) {
  if (!queue.fifo) {
    if (id !== undefined) throw invalidValue(id, 'MessageDeduplicationId', notForThisType);
    return {};
  }
  if (id !== undefined) return { deduplicationId: requireIdentifier('MessageDeduplicationId', id) };
  if (queue.definition.contentBasedDeduplication !== true)
    throw new SqsFailure(
      'InvalidParameterValue',
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    );
  return { deduplicationId: hash('sha256', body) };
}

function requireIdentifier(parameter: string, value: unknown): string {
  if (typeof value === 'string' && identifier.test(value)) return value;
  throw invalidValue(
    value,
    parameter,
    `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length`,
  );
}

function delayOf({ fifo }: QueueState, { DelaySeconds: delay }: Input): { delaySeconds?: number } {
  if (delay === undefined) return {};
  if (fifo && delay !== 0) throw invalidValue(delay, 'DelaySeconds', notForThisType);
  if (typeof delay !== 'number' || !Number.isInteger(delay) || delay < 0 || delay > maxDelaySeconds)
    throw invalidValue(delay, 'DelaySeconds', `DelaySeconds must be >= 0 and <= ${maxDelaySeconds}`);
  return fifo ? {} : { delaySeconds: delay };
}

function toAttributes(value: unknown): Readonly<Record<string, StoredAttribute>> | undefined {
  if (value === undefined || value === null) return undefined;
  // The fields are checked one by one.
  const entries = Object.entries(value as Record<string, Input>);
  if (entries.length === 0) return undefined;
  if (entries.length > maxAttributes)
    throw new SqsFailure(
      'InvalidParameterValue',
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${maxAttributes}].`,
    );
  return Object.fromEntries(entries.map(([name, attribute]) => [name, toAttribute(name, attribute)]));
}

function toAttribute(name: string, { DataType: type, StringValue: text, BinaryValue: bytes }: Input): StoredAttribute {
  if (!/^[\w.-]{1,256}$/.test(name) || /^(aws|amazon)\.|^\.|\.$|\.\./i.test(name))
    throw new SqsFailure('InvalidParameterValue', `The message attribute name '${name}' is invalid.`);
  const kind = typeof type === 'string' ? type.split('.')[0] : undefined;
  if (typeof type !== 'string' || !['String', 'Number', 'Binary'].includes(kind ?? ''))
    throw new SqsFailure(
      'InvalidParameterValue',
      `The message attribute '${name}' has an invalid message attribute type, ` +
        'the set of supported type prefixes is Binary, Number, and String.',
    );
  if (kind === 'Binary') {
    // The protocol has base64, the SDK has bytes.
    const binary = bytes instanceof Uint8Array ? Buffer.from(bytes).toString('base64') : bytes;
    if (typeof binary === 'string' && binary !== '') return { type, binary };
  } else if (typeof text === 'string' && text !== '') return { type, text };
  throw new SqsFailure(
    'InvalidParameterValue',
    `The message attribute '${name}' must contain a non-empty message attribute value ` +
      `for message attribute type '${type}'.`,
  );
}

/** The size of a message as SQS counts it, in bytes: the body, and the names, types and values of its attributes. */
export function bytesOf({ body, attributes = {} }: Pick<NewMessage, 'body' | 'attributes'>): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, { type, text = '', binary = '' }] of Object.entries(attributes))
    bytes += Buffer.byteLength(name + type + text) + Buffer.byteLength(binary, 'base64');
  return bytes;
}
