import { taskKinds, taskStatuses } from '@posthorn/core';
import * as z from 'zod/mini';
import { attemptStatus } from './attempt.ts';
import { component, described } from './documentation.ts';
import { channel, eventTypeName, instant, tag } from './fields.ts';
import { defineOperations } from './operation.ts';
import { idIterator, listOf, listQuery, requestInstant } from './paging.ts';
import { problemOut } from './problem.ts';

/** The kinds of background tasks that exist. */
const taskKind = z.enum(taskKinds);

const taskStatus = z.enum(taskStatuses);

/** Kinds that Svix has and Posthorn does not: a list of them is empty. */
const foreignKinds = ['message.broadcast', 'sdk.generate'] as const;

/** The time of the messages that a task looks at. */
const window = () => ({
  since: described('Messages that were accepted from this time on.', requestInstant()),
  until: z.nullish(described('Messages that were accepted before this time. Absent: now.', requestInstant())),
});
export interface WindowIn {
  readonly since: Date;
  readonly until?: Date | null | undefined;
}

const recoverIn = component('RecoverIn', z.object(window()));
const replayIn = component('ReplayIn', z.object(window()));

const maxEventTypes = 250;
const messageStatus = z.union(Object.values(attemptStatus).map((value) => z.literal(value)));

/** The messages that are sent again. Every filter that is given must match. */
const bulkReplayIn = component(
  'BulkReplayIn',
  z.object({
    ...window(),
    eventTypes: z.nullish(z.array(eventTypeName).check(z.minLength(1), z.maxLength(maxEventTypes))),
    channel: z.nullish(channel),
    tag: z.nullish(tag),
    status: z.nullish(
      described('Status at the endpoint: 0 success, 1 pending, 2 fail, 3 sending, 4 canceled.', messageStatus),
    ),
    statusCodeClass: z.nullish(
      described(
        'Class of the status code of the last attempt. 0: there was no answer.',
        z.union([0, 100, 200, 300, 400, 500].map((value) => z.literal(value))),
      ),
    ),
  }),
);
export type BulkReplayIn = z.output<typeof bulkReplayIn>;

/** The fields that every task has. */
export const taskFields = { id: z.string(), status: taskStatus, task: taskKind, updatedAt: instant };

/** A task that was begun. */
const recoverOut = component('RecoverOut', z.object(taskFields));
const replayOut = component('ReplayOut', z.object(taskFields));
const expungeAllContentsOut = component('ExpungeAllContentsOut', z.object(taskFields));
export type BegunTaskOut = z.output<typeof recoverOut>;

const error = () => z.optional(described('Why the task failed.', z.string()));

/** How far a task is that goes through messages. */
const progress = () => ({
  messagesSkipped: described('Messages that were looked at and left as they were.', z.int()),
  appId: z.string(),
  until: instant,
  reached: described('How far the task is: the time of the last message that it looked at.', z.nullable(instant)),
  error: error(),
});

/** How far a task of an endpoint is. */
const endpointTaskData = z.object({
  messagesSent: described('Messages that were sent to the queue of the endpoint.', z.int()),
  endpointId: z.string(),
  since: instant,
  ...progress(),
});

/** How far the expunging of an application's messages is. */
const purgeData = z.object({
  messagesPurged: described('Messages that have lost their payload since the task was started.', z.int()),
  ...progress(),
});

/** How far the removal of an application is. */
const removalData = z.object({
  messagesPurged: described('Messages that were removed.', z.int()),
  rowsPurged: described('Other things that were removed, such as attempts.', z.int()),
  appId: z.string(),
  appUid: z.nullable(z.string()),
  error: error(),
});

const appStats = z.object({
  appId: z.string(),
  appUid: z.nullable(z.string()),
  messageDestinations: described('Attempts that were made.', z.int()),
});

/** The attempts of applications. */
const appStatsData = z.object({
  since: described('The start of the first hour that is counted.', instant),
  until: described('The end of the last hour that is counted.', instant),
  appsCounted: z.int(),
  appStats: z.optional(described('Only of a finished task, and not in lists.', z.array(appStats))),
  error: error(),
});

const appEventTypes = z.object({
  appId: z.string(),
  explicitlySubscribedEventTypes: z.array(z.string()),
  hasCatchAllEndpoint: described('Whether an endpoint gets all event types.', z.boolean()),
});

/** The event types that endpoints ask for. */
const eventTypesData = z.object({
  appsCounted: described('Applications that were looked at.', z.int()),
  event_types: z.optional(described('Only of a finished task, and not in lists.', z.array(appEventTypes))),
  error: error(),
});

const backgroundTaskOut = component(
  'BackgroundTaskOut',
  z.object({
    ...taskFields,
    data: z.union([endpointTaskData, purgeData, removalData, appStatsData, eventTypesData]),
  }),
);
export type BackgroundTaskOut = z.output<typeof backgroundTaskOut>;

const backgroundTaskListQuery = z.extend(listQuery, {
  ...idIterator('task'),
  status: z.optional(taskStatus),
  task: z.optional(z.enum([...taskKinds, ...foreignKinds])),
});

const endpoint = '/api/v1/app/{app_id}/endpoint/{endpoint_id}';
const answerNames = { thing: 'background-task', field: 'id' } as const;

export const backgroundTaskOperations = defineOperations('background-tasks', {
  'v1.background-task.list': {
    method: 'GET',
    path: '/api/v1/background-task',
    access: 'application',
    summary: 'List background tasks, newest first',
    query: backgroundTaskListQuery,
    answers: { 200: listOf('BackgroundTaskOut', backgroundTaskOut) },
  },
  'v1.background-task.get': {
    method: 'GET',
    path: '/api/v1/background-task/{task_id}',
    access: 'application',
    summary: 'Get a background task: how far it is',
    answers: { 200: backgroundTaskOut },
  },
  'v1.endpoint.recover': {
    method: 'POST',
    path: `${endpoint}/recover`,
    access: 'application',
    capability: 'CreateAttempts',
    summary: 'Send all failed messages again',
    body: recoverIn,
    // 400: the window is empty, or too old.
    answers: { 202: recoverOut, 400: problemOut },
    answerNames,
  },
  'v1.endpoint.replay-missing': {
    method: 'POST',
    path: `${endpoint}/replay-missing`,
    access: 'application',
    capability: 'CreateAttempts',
    summary: 'Send messages that were never sent',
    body: replayIn,
    answers: { 202: replayOut, 400: problemOut },
    answerNames,
  },
  'v1.endpoint.bulk-replay': {
    method: 'POST',
    path: `${endpoint}/bulk-replay`,
    access: 'application',
    capability: 'CreateAttempts',
    summary: 'Send messages again, by filters',
    body: bulkReplayIn,
    answers: { 202: replayOut, 400: problemOut },
    answerNames,
  },
  'v1.message.expunge-all-contents': {
    method: 'POST',
    path: '/api/v1/app/{app_id}/msg/expunge-all-contents',
    access: 'organisation',
    summary: 'Remove the payloads of all messages of an application',
    answers: { 202: expungeAllContentsOut },
    answerNames,
  },
});
