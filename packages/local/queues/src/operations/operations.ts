import type { Operation, OperationContext, RequestContext } from './context.ts';
import { SqsFailure, toFailure } from './failure.ts';
import {
  createQueue,
  getQueueAttributes,
  getQueueUrl,
  listQueues,
  purgeQueue,
  setQueueAttributes,
} from './manage-queues.ts';
import { listMessageMoveTasks, startMessageMoveTask } from './move-tasks.ts';
import { receiveMessage } from './receive-message.ts';
import { sendMessage, sendMessageBatch } from './send-messages.ts';
import {
  changeMessageVisibility,
  changeMessageVisibilityBatch,
  deleteMessage,
  deleteMessageBatch,
} from './settle-messages.ts';

const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries({
    ChangeMessageVisibility: changeMessageVisibility,
    ChangeMessageVisibilityBatch: changeMessageVisibilityBatch,
    CreateQueue: createQueue,
    DeleteMessage: deleteMessage,
    DeleteMessageBatch: deleteMessageBatch,
    GetQueueAttributes: getQueueAttributes,
    GetQueueUrl: getQueueUrl,
    ListMessageMoveTasks: listMessageMoveTasks,
    ListQueues: listQueues,
    PurgeQueue: purgeQueue,
    ReceiveMessage: receiveMessage,
    SendMessage: sendMessage,
    SendMessageBatch: sendMessageBatch,
    SetQueueAttributes: setQueueAttributes,
    StartMessageMoveTask: startMessageMoveTask,
  }),
);

/** @throws SqsFailure */
export async function runOperation(
  context: OperationContext,
  name: string,
  input: object,
  request: RequestContext,
): Promise<object> {
  const operation = operations.get(name);
  if (operation === undefined)
    throw new SqsFailure('UnsupportedOperation', `The local queues do not have the operation ${name}.`);
  try {
    // Each operation checks the fields that it uses.
    return await operation(context, input as Readonly<Record<string, unknown>>, request);
  } catch (error) {
    throw toFailure(error);
  }
}
