import type { Sent } from '../queue/deduplication.ts';
import { toSequenceNumber } from '../queue/local-queue.ts';
import { type NewMessage, send } from '../queue/send.ts';
import type { QueueState } from '../queue/state.ts';
import { prepareEntries, requireEntries, toBatchResponse } from './batch.ts';
import { type Operation, requireQueue } from './context.ts';
import { digestOfAttributes, digestOfBody } from './digests.ts';
import { SqsFailure } from './failure.ts';
import { bytesOf, maxMessageBytes, toNewMessage } from './message-input.ts';

export const sendMessage: Operation = async (context, input) => {
  const queue = requireQueue(context, input);
  const message = toNewMessage(queue, input);
  const [sent] = await send(queue, [message]);
  return toOutput(queue, message, sent);
};

export const sendMessageBatch: Operation = async (context, input) => {
  const queue = requireQueue(context, input);
  const { prepared, failed } = prepareEntries(requireEntries(input), (entry) => toNewMessage(queue, entry));
  const messages = prepared.map(({ value }) => value);
  if (messages.reduce((sum, message) => sum + bytesOf(message), 0) > maxMessageBytes)
    throw new SqsFailure(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${maxMessageBytes} bytes. Send fewer or smaller messages.`,
    );
  const sent = messages.length === 0 ? [] : await send(queue, messages);
  return toBatchResponse(
    prepared.map(({ Id, value }, index) => ({ Id, ...toOutput(queue, value, sent[index]) })),
    failed,
  );
};

function toOutput({ fifo }: QueueState, { body, attributes }: NewMessage, sent: Sent | undefined): object {
  const digest = digestOfAttributes(attributes);
  return {
    MessageId: sent?.id,
    MD5OfMessageBody: digestOfBody(body),
    ...(digest === undefined ? {} : { MD5OfMessageAttributes: digest }),
    ...(fifo && sent !== undefined ? { SequenceNumber: toSequenceNumber(sent.sequence) } : {}),
  };
}
