import {
  holdBackOn,
  onIndex,
  onTable,
  type Permission,
  receiveFrom,
  type ServiceDefinition,
  sendTo,
  useSecretsKey,
} from '@posthorn/deployment';
import { groupWorkerTimeoutSeconds, workerTimeoutSeconds } from '@posthorn/queues/definitions';
import { releaseTimeoutSeconds } from './src/time-limits.ts';

/** Most of the time they wait for answers, which costs by their memory. See ADR 0052. */
const memoryMb = 512;
const worker = { timeoutSeconds: workerTimeoutSeconds, memoryMb };
const deliverer = { ...worker, isBusy: true };
const batches = { kind: 'queue', batchSize: 10, maximumConcurrency: 200 } as const;
/** Slow endpoints fill only this room: 500 attempts at a time, of 15 s each at the worst. */
const slowBatches = { ...batches, maximumConcurrency: 50 } as const;

/** What making an attempt needs, whichever queue its job comes from. */
const makeAttempt: readonly Permission[] = [
  onTable('endpoints', 'GetItem', 'UpdateItem'),
  onTable('messages', 'GetItem'),
  onTable('attempts', 'GetItem', 'PutItem'),
  onTable('data-keys', 'GetItem'),
  onTable('retry-schedules', 'BatchGetItem'),
  // The limits of applications, and the turns of what is throttled.
  onTable('applications', 'GetItem'),
  onTable('throttles', 'UpdateItem'),
  // Notes of jobs that may kill their worker.
  onTable('job-runs', 'BatchGetItem', 'UpdateItem', 'DeleteItem'),
  useSecretsKey('Decrypt'),
];

/** What the queues and the clock invoke: deliver, with and without order, and release the deliveries that are due. */
export const service: ServiceDefinition = {
  name: 'posthorn-queue-workers',
  functions: {
    'deliver-standard': {
      ...deliverer,
      events: [{ ...batches, queue: 'deliveries' }],
      permissions: [
        receiveFrom('deliveries'),
        holdBackOn('deliveries'),
        sendTo('deliveries'),
        sendTo('deliveries-slow'),
        sendTo('deliveries.fifo'),
        onTable('groups', 'Query'),
        sendTo('deliveries-dead-letters'),
        onTable('due-deliveries', 'PutItem', 'BatchWriteItem'),
        onTable('deliveries', 'GetItem', 'BatchGetItem', 'PutItem', 'DeleteItem'),
        onIndex('deliveries', 'byState'),
        ...makeAttempt,
      ],
    },
    'deliver-slow': {
      ...deliverer,
      events: [{ ...slowBatches, queue: 'deliveries-slow' }],
      permissions: [
        receiveFrom('deliveries-slow'),
        holdBackOn('deliveries-slow'),
        sendTo('deliveries'),
        sendTo('deliveries-slow'),
        sendTo('deliveries-dead-letters'),
        onTable('due-deliveries', 'PutItem'),
        onTable('deliveries', 'GetItem', 'PutItem', 'DeleteItem'),
        // An accepted resend lets the group go on that its message blocks.
        onIndex('deliveries', 'byState'),
        sendTo('deliveries.fifo'),
        ...makeAttempt,
      ],
    },
    'deliver-fifo': {
      ...deliverer,
      timeoutSeconds: groupWorkerTimeoutSeconds,
      events: [{ ...batches, queue: 'deliveries.fifo' }],
      permissions: [
        receiveFrom('deliveries.fifo'),
        holdBackOn('deliveries.fifo'),
        // Wakes of groups: one that waits comes by way of the standard queue, which can delay it.
        sendTo('deliveries'),
        sendTo('deliveries.fifo'),
        sendTo('deliveries-dead-letters.fifo'),
        onIndex('attempts', 'byMessage'),
        onTable('attempts', 'BatchGetItem'),
        onTable('groups', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'),
        onTable('deliveries', 'GetItem', 'Query', 'PutItem', 'DeleteItem'),
        onTable('due-deliveries', 'PutItem'),
        ...makeAttempt,
      ],
    },
    'run-tasks': {
      ...worker,
      // One slice an invocation, so that no task waits for a slice of another one.
      events: [{ kind: 'queue', queue: 'tasks', batchSize: 1, maximumConcurrency: 10 }],
      permissions: [
        receiveFrom('tasks'),
        sendTo('tasks-dead-letters'),
        sendTo('deliveries'),
        sendTo('deliveries-slow'),
        sendTo('deliveries.fifo'),
        onTable('tasks', 'GetItem', 'PutItem', 'BatchWriteItem'),
        onIndex('tasks', 'byApplication'),
        // The names of applications, and their counts. An application that was deleted is removed from all tables.
        onTable('applications', 'GetItem', 'Query'),
        onTable('endpoints', 'GetItem', 'Query', 'PutItem', 'DeleteItem', 'BatchWriteItem'),
        // Expunging is an update of the message's row, and deletes the chunks of its body.
        onTable('messages', 'GetItem', 'Query', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'),
        onTable('attempts', 'GetItem', 'BatchGetItem', 'Query', 'BatchWriteItem'),
        onIndex('attempts', 'byMessage'),
        onTable('deliveries', 'GetItem', 'Query', 'PutItem', 'DeleteItem', 'BatchWriteItem'),
        onIndex('deliveries', 'byState'),
        onTable('groups', 'Query', 'BatchWriteItem'),
        onTable('due-deliveries', 'Query', 'BatchWriteItem'),
        onTable('statistics', 'Query', 'BatchWriteItem'),
        onTable('tokens', 'Query', 'BatchWriteItem'),
        onTable('message-log', 'Query', 'BatchWriteItem'),
        onTable('claims', 'BatchWriteItem'),
        onTable('throttles', 'BatchWriteItem'),
      ],
    },
    'release-due-deliveries': {
      timeoutSeconds: releaseTimeoutSeconds,
      memoryMb,
      events: [{ kind: 'schedule', everyMinutes: 1 }],
      permissions: [
        onTable('due-deliveries', 'Query', 'BatchWriteItem'),
        onTable('deliveries', 'PutItem'),
        sendTo('deliveries'),
        sendTo('deliveries.fifo'),
        sendTo('deliveries-dead-letters'),
      ],
    },
  },
};
