import { idPrefixes } from '@posthorn/core/identifier/identifier';
import { pollMark } from '@posthorn/core/poller/poll-mark';
import { taskStatuses } from '@posthorn/core/task/task';
import {
  type FunctionDefinition,
  onTable,
  readSourceStreams,
  readStream,
  type ServiceDefinition,
  sendTo,
} from '@posthorn/deployment';
import { functionTimeoutSeconds } from './src/time-limits.ts';

const limits = { timeoutSeconds: functionTimeoutSeconds, memoryMb: 512 };
/**
 * A record that fails is tried again until it is six hours old; then a notice of it goes to the failure queue. The
 * functions themselves set aside what can never succeed.
 */
const onFailure = {
  maximumRecordAgeSeconds: 21_600,
  onFailureQueue: 'stream-failures',
} as const;

/** What telling an organisation takes, by an operational webhook: who listens, what is told, and the message. */
const tellEvents = [
  onTable('endpoints', 'Query'),
  onTable('applications', 'GetItem'),
  onTable('messages', 'GetItem', 'PutItem'),
];

/** What the streams of the tables invoke. */
export const service: ServiceDefinition = {
  name: 'posthorn-db-triggers',
  functions: {
    'on-message-inserted': {
      ...limits,
      events: [
        {
          kind: 'stream',
          table: 'messages',
          filterPatterns: [
            {
              eventName: ['INSERT'],
              dynamodb: { NewImage: { kind: { S: ['message', 'relay', 'resend', 'command'] } } },
            },
          ],
          batchSize: 200,
          batchWindowSeconds: 0,
          ...onFailure,
        },
      ],
      permissions: [
        readStream('messages'),
        onTable('endpoints', 'Query'),
        onTable('messages', 'GetItem'),
        // The order of the messages of applications that are polled.
        onTable('message-log', 'GetItem', 'Query', 'PutItem'),
        // Receipts of what is set aside.
        onTable('deliveries', 'PutItem'),
        sendTo('deliveries'),
        sendTo('deliveries-slow'),
        sendTo('deliveries.fifo'),
        sendTo('deliveries-dead-letters'),
        sendTo('deliveries-dead-letters.fifo'),
        sendTo('stream-failures'),
      ],
    },
    'on-outbox-inserted': {
      ...limits,
      events: [
        {
          kind: 'stream',
          table: 'outbox',
          // A row that is put over another one is a new row. The trigger removes rows itself.
          filterPatterns: [{ eventName: ['INSERT', 'MODIFY'] }],
          batchSize: 100,
          batchWindowSeconds: 0,
          ...onFailure,
        },
      ],
      permissions: [
        readStream('outbox'),
        onTable('outbox', 'DeleteItem'),
        onTable('applications', 'GetItem'),
        onTable('claims', 'PutItem'),
        // A message that is replayed after it was expunged: its chunks are deleted again.
        onTable('messages', 'GetItem', 'PutItem', 'DeleteItem'),
        sendTo('stream-failures'),
      ],
    },
    'on-message-removed': {
      ...limits,
      events: [
        {
          kind: 'stream',
          table: 'messages',
          // Messages that a program deleted. Those that expired do not come here: all of their rows expire by themselves.
          filterPatterns: [
            {
              eventName: ['REMOVE'],
              userIdentity: { type: [{ exists: false }] },
              dynamodb: { Keys: { row: { S: [{ prefix: idPrefixes.message }] } } },
            },
          ],
          batchSize: 100,
          batchWindowSeconds: 0,
          ...onFailure,
        },
      ],
      permissions: [
        readStream('messages'),
        onTable('messages', 'GetItem', 'Query', 'DeleteItem'),
        sendTo('stream-failures'),
      ],
    },
    'on-endpoint-changed': {
      ...limits,
      events: [
        {
          kind: 'stream',
          table: 'endpoints',
          // The rows of uids are no endpoints. When the mark of an application that was polled expires, its order can end.
          filterPatterns: [
            { dynamodb: { Keys: { endpointId: { S: [{ prefix: idPrefixes.endpoint }] } } } },
            { eventName: ['REMOVE'], dynamodb: { Keys: { endpointId: { S: [pollMark] } } } },
          ],
          batchSize: 100,
          batchWindowSeconds: 0,
          ...onFailure,
        },
      ],
      permissions: [
        readStream('endpoints'),
        ...tellEvents,
        onTable('applications', 'UpdateItem'),
        onTable('due-deliveries', 'PutItem'),
        sendTo('deliveries'),
        sendTo('stream-failures'),
      ],
    },
    'on-task-changed': {
      ...limits,
      events: [
        {
          kind: 'stream',
          table: 'tasks',
          // A new task, one that has finished a slice, and one that has ended.
          filterPatterns: [
            { eventName: ['INSERT', 'MODIFY'], dynamodb: { NewImage: { status: { S: [...taskStatuses] } } } },
          ],
          batchSize: 100,
          batchWindowSeconds: 0,
          ...onFailure,
        },
      ],
      permissions: [readStream('tasks'), ...tellEvents, sendTo('tasks'), sendTo('stream-failures')],
    },
    'on-attempt-inserted': {
      ...limits,
      events: [
        {
          kind: 'stream',
          table: 'attempts',
          filterPatterns: [{ eventName: ['INSERT'] }],
          // Attempts are counted by batch: waiting a few seconds turns many attempts into one write.
          batchSize: 1_000,
          batchWindowSeconds: 5,
          ...onFailure,
        },
      ],
      permissions: [
        readStream('attempts'),
        ...tellEvents,
        onTable('statistics', 'UpdateItem', 'Query'),
        onTable('endpoints', 'GetItem', 'UpdateItem'),
        onTable('due-deliveries', 'PutItem'),
        sendTo('deliveries'),
        sendTo('stream-failures'),
      ],
    },
  },
};

/** A stream of one of the user's own tables. */
export interface SourceStream {
  readonly tableName: string;
  readonly streamArn: string;
}

/**
 * The service with the function that reads the user's own tables, which only an installation with sources has.
 *
 * @param streams - one for each table
 */
export const createService = (streams: readonly SourceStream[]): ServiceDefinition =>
  streams.length === 0
    ? service
    : { ...service, functions: { ...service.functions, 'on-source-changed': onSourceChanged(streams) } };

const onSourceChanged = (streams: readonly SourceStream[]): FunctionDefinition => ({
  ...limits,
  events: streams.map((stream) => ({
    kind: 'source-stream',
    ...stream,
    filterPatterns: [{ eventName: ['INSERT', 'MODIFY', 'REMOVE'] }],
    batchSize: 100,
    batchWindowSeconds: 0,
    ...onFailure,
  })),
  permissions: [
    readSourceStreams(streams.map(({ streamArn }) => streamArn)),
    // To find an application by id or uid, and to create it.
    onTable('applications', 'GetItem', 'PutItem'),
    onTable('messages', 'GetItem', 'PutItem', 'DeleteItem'),
    sendTo('stream-failures'),
  ],
});
