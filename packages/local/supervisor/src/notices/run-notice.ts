import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { toTaskData } from '@posthorn/contracts/api/task-data';
import {
  attemptEventOf,
  attemptFactsOf,
  type Delivery,
  isOperationalApplicationId,
  type OperationalEvent,
  taskEventOf,
  UnusableData,
} from '@posthorn/core';
import { createEventTelling } from '@posthorn/intake';
import { createListForFanOut } from '@posthorn/models/endpoint-reads';
import { createRecountHour, recountableFrom } from '@posthorn/models/statistics/recount-hour';
import { readAttemptImage, readMessageImage } from '@posthorn/models/stream-images';
import { createTaskRepository } from '@posthorn/models/tasks';
import { createDeliveriesQueue, createTasksQueue, sliceJobOf } from '@posthorn/queues';
import type { RunNotice } from '../dead-letters/redrive.ts';
import { loadIntake } from '../load-intake.ts';
import type { OperatorClients } from '../operator-clients.ts';
import { reconcileMessage } from '../reconcile/run-reconcile.ts';
import { type NoticedRecord, readNotice } from './read-notice.ts';

const hourMs = 3_600_000;

/**
 * Runs the records of a notice again, by the rows that they are about. What is done may be repeated: deliveries have the
 * identity that they always have, and an hour of statistics is counted anew. A notice stays if one of its records stays.
 *
 * @param now - for hours that are too young to be recounted
 */
export const createRunNotice =
  (clients: OperatorClients, now: Date): RunNotice =>
  async (body) => {
    const notice = await readNotice(clients, body);
    if (notice.kind === 'unknown') return notice.why;
    const reasons: string[] = [];
    for (const record of notice.records) {
      const why = await tryToRun(clients, record, now);
      if (why !== undefined) reasons.push(why);
    }
    return reasons[0];
  };

/** What cannot be used stays, with the reason. An outage ends the command. */
async function tryToRun(clients: OperatorClients, record: NoticedRecord, now: Date): Promise<string | undefined> {
  try {
    return await runRecord(clients, record, now);
  } catch (error) {
    if (error instanceof UnusableData) return error.message;
    throw error;
  }
}

async function runRecord(clients: OperatorClients, { table, key }: NoticedRecord, now: Date) {
  const { stage } = clients;
  switch (table) {
    case tableName(stage, 'messages'):
      return runMessageRow(clients, key);
    case tableName(stage, 'attempts'):
      return runAttempt(clients, key, now);
    case tableName(stage, 'tasks'):
      return runTask(clients, key);
    case tableName(stage, 'endpoints'):
      return 'what a change of an endpoint was is not stored, so nobody was told. If it exists, disable and enable it once';
    case tableName(stage, 'outbox'):
      return 'put the row again, with another createdAt: see docs/outbox.md';
    default:
      return 'it is about a table of your own: a later change of the item makes an event again';
  }
}

type Key = NoticedRecord['key'];

/** The client's values are those of a stream image. */
type Image = Parameters<typeof readMessageImage>[0];

async function readRow({ tables }: OperatorClients, TableName: string, key: Key): Promise<Image | undefined> {
  const Key = Object.fromEntries(Object.entries(key).map(([name, value]) => [name, { S: value }]));
  const { Item } = await tables.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
  return Item as Image | undefined;
}

const gone = 'its row is no longer stored, so there is nothing to run';

async function runMessageRow(clients: OperatorClients, key: Key): Promise<string | undefined> {
  const image = await readRow(clients, tableName(clients.stage, 'messages'), key);
  if (!image) return gone;
  const row = readMessageImage(image);
  const queue = createDeliveriesQueue({ client: clients.queues, stage: clients.stage });
  switch (row.kind) {
    case 'message':
      return reconcileMessage(clients, row.message);
    case 'relay':
      return reconcileMessage(clients, row);
    case 'resend': {
      const { requestedAt, ...ids } = row.resend;
      const delivery: Delivery = { ...ids, attemptNumber: 1, scheduledAt: requestedAt, trigger: 'manual' };
      return requireSent(await queue.sendStandard([{ delivery }]));
    }
    case 'command':
      return requireSent(await queue.sendCommands([{ command: row.command }]));
    case 'chunk':
      return undefined;
  }
}

function requireSent([unsent]: readonly { readonly error: unknown }[]): undefined {
  if (unsent) throw unsent.error;
}

/** Tells what follows from an attempt, and counts its hour anew. */
async function runAttempt(clients: OperatorClients, key: Key, now: Date): Promise<string | undefined> {
  const image = await readRow(clients, tableName(clients.stage, 'attempts'), key);
  if (!image) return gone;
  const attempt = readAttemptImage(image);
  if (attempt.facts) await tell(clients, attemptFactsOf(attempt.facts).map(attemptEventOf));
  return isOperationalApplicationId(attempt.applicationId) ? undefined : recount(clients, attempt, now);
}

/** Makes the messages that were not made yet: the ids of the others are stored already. */
async function tell({ tables, stage }: OperatorClients, events: readonly OperationalEvent[]): Promise<void> {
  const listEndpoints = createListForFanOut({ client: tables, stage });
  const tellEvent = createEventTelling({ ...loadIntake(tables, stage), listEndpoints })();
  for (const event of events) await tellEvent(event);
}

async function recount(
  clients: OperatorClients,
  { applicationId, endpointId, attemptedAt, plannedAt }: ReturnType<typeof readAttemptImage>,
  now: Date,
): Promise<string | undefined> {
  const hour = new Date(Math.floor(attemptedAt.getTime() / hourMs) * hourMs);
  const from = recountableFrom(hour);
  if (now < from) return `its hour can be recounted after ${from.toISOString()}: the trigger may still count in it`;
  const recountHour = createRecountHour({ client: clients.tables, stage: clients.stage });
  switch (await recountHour({ applicationId, endpointId, hour, plannedAt })) {
    case 'recounted':
      return undefined;
    case 'changed':
      return 'its hour was counted at the same time: run this again';
    case 'kept':
      return 'its hour cannot be recounted: some of its attempts have expired, or an earlier version has counted them';
  }
}

async function runTask(clients: OperatorClients, key: Key): Promise<string | undefined> {
  const { tables, queues, stage } = clients;
  const { organisationId = '', taskId = '' } = key;
  const task = await createTaskRepository({ client: tables, stage }).find(organisationId, taskId);
  if (!task) return gone;
  if (task.status !== 'running') {
    await tell(clients, [taskEventOf(task, toTaskData(task))]);
    return undefined;
  }
  await createTasksQueue({ client: queues, stage }).send(sliceJobOf(task), 0);
  return undefined;
}
