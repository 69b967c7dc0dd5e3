import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { JsonObject } from '../json.ts';

/** A received message: the record for the function, and what the mapping needs to delete or release it. */
export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  /** Only on a FIFO queue. One batch of a group runs at a time. */
  readonly groupId?: string;
  readonly record: JsonObject & { readonly body: string };
}

export interface QueueIdentity {
  readonly arn: string;
  readonly region: string;
}

/** Converts a received message to a record of Lambda's SQS event. */
export function toQueueMessage(message: Message, { arn, region }: QueueIdentity): QueueMessage {
  const { MessageId: messageId = '', ReceiptHandle: receiptHandle = '', Body: body = '', Attributes = {} } = message;
  const groupId = Attributes.MessageGroupId;
  const record = {
    messageId,
    receiptHandle,
    body,
    attributes: { ...Attributes },
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, toAttribute(value)]),
    ),
    md5OfBody: message.MD5OfBody ?? '',
    ...(message.MD5OfMessageAttributes === undefined ? {} : { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
    eventSource: 'aws:sqs',
    eventSourceARN: arn,
    awsRegion: region,
  };
  return { messageId, receiptHandle, record, ...(groupId === undefined ? {} : { groupId }) };
}

function toAttribute({ StringValue, BinaryValue, DataType }: MessageAttributeValue): JsonObject {
  return {
    ...(StringValue === undefined ? {} : { stringValue: StringValue }),
    ...(BinaryValue === undefined ? {} : { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType ?? 'String',
  };
}
