import {
  defaultRetentionSeconds,
  defaultVisibilitySeconds,
  nameIn,
  type QueueDefinition,
  toArn,
} from '../definition.ts';
import { countsOf } from '../queue/local-queue.ts';
import type { QueueState } from '../queue/state.ts';
import type { Input, OperationContext } from './context.ts';
import { SqsFailure } from './failure.ts';
import { maxDelaySeconds, maxMessageBytes } from './message-input.ts';
import { maxVisibilitySeconds } from './settle-messages.ts';

/** Returns all attributes of a queue, as GetQueueAttributes does. */
export function attributesOf(queue: QueueState, region: string): Readonly<Record<string, string>> {
  const { definition, arn, fifo } = queue;
  const { visibilityTimeoutSeconds, retentionSeconds, delaySeconds, contentBasedDeduplication, deadLetters } =
    definition;
  const { waiting, delayed, inFlight } = countsOf(queue);
  return {
    QueueArn: arn,
    ApproximateNumberOfMessages: String(waiting),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    VisibilityTimeout: String(visibilityTimeoutSeconds ?? defaultVisibilitySeconds),
    MessageRetentionPeriod: String(retentionSeconds ?? defaultRetentionSeconds),
    DelaySeconds: String(delaySeconds ?? 0),
    MaximumMessageSize: String(maxMessageBytes),
    ReceiveMessageWaitTimeSeconds: '0',
    ...(fifo ? { FifoQueue: 'true', ContentBasedDeduplication: String(contentBasedDeduplication === true) } : {}),
    ...(deadLetters === undefined
      ? {}
      : {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: toArn(region, deadLetters.name),
            maxReceiveCount: deadLetters.maxReceiveCount,
          }),
        }),
  };
}

const ranges = {
  VisibilityTimeout: { from: 0, to: maxVisibilitySeconds, field: 'visibilityTimeoutSeconds' },
  MessageRetentionPeriod: { from: 60, to: 1_209_600, field: 'retentionSeconds' },
  DelaySeconds: { from: 0, to: maxDelaySeconds, field: 'delaySeconds' },
} as const;

/** Returns a definition with the attributes of CreateQueue or SetQueueAttributes. */
export function withAttributes(
  context: OperationContext,
  definition: QueueDefinition,
  attributes: Input,
): QueueDefinition {
  return Object.entries(attributes).reduce(
    (changed, [name, value]) => withAttribute(context, changed, name, String(value)),
    definition,
  );
}

function withAttribute(
  context: OperationContext,
  definition: QueueDefinition,
  name: string,
  value: string,
): QueueDefinition {
  switch (name) {
    case 'VisibilityTimeout':
    case 'MessageRetentionPeriod':
    case 'DelaySeconds': {
      const { from, to, field } = ranges[name];
      if (!/^\d+$/.test(value) || Number(value) < from || Number(value) > to) throw invalid(name);
      return { ...definition, [field]: Number(value) };
    }
    case 'FifoQueue':
      if (value !== String(definition.name.endsWith('.fifo'))) throw invalid(name);
      return { ...definition, fifo: true };
    case 'ContentBasedDeduplication':
      if (definition.fifo !== true) throw unknown(name);
      if (value !== 'true' && value !== 'false') throw invalid(name);
      return { ...definition, contentBasedDeduplication: value === 'true' };
    case 'RedrivePolicy':
      return withRedrivePolicy(context, definition, value);
    default:
      throw unknown(name);
  }
}

/** An empty policy removes it. */
function withRedrivePolicy(context: OperationContext, definition: QueueDefinition, text: string): QueueDefinition {
  const { deadLetters: _, ...rest } = definition;
  if (text === '') return rest;
  const { deadLetterTargetArn, maxReceiveCount } = parsePolicy(text);
  const count = Number(maxReceiveCount);
  if (typeof deadLetterTargetArn !== 'string' || !Number.isInteger(count) || count < 1 || count > 1_000)
    throw new SqsFailure(
      'InvalidParameterValue',
      `Value ${text} for parameter RedrivePolicy is invalid. ` +
        'Reason: it must have a deadLetterTargetArn and a maxReceiveCount from 1 to 1000.',
    );
  const target = context.queues.get(nameIn(deadLetterTargetArn));
  if (target === undefined || target.fifo !== (definition.fifo === true))
    throw new SqsFailure(
      'InvalidParameterValue',
      `Value ${text} for parameter RedrivePolicy is invalid. ` +
        'Reason: Dead letter target does not exist, or is not of the same type as this queue.',
    );
  return { ...rest, deadLetters: { name: target.name, maxReceiveCount: count } };
}

function parsePolicy(text: string): Input {
  try {
    const value: unknown = JSON.parse(text);
    // Its fields are checked by the caller.
    if (typeof value === 'object' && value !== null) return value as Input;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return {};
}

const invalid = (name: string): SqsFailure =>
  new SqsFailure('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
const unknown = (name: string): SqsFailure => new SqsFailure('InvalidAttributeName', `Unknown Attribute ${name}.`);
