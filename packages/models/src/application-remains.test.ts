import {
  BatchWriteItemCommand,
  CreateTableCommand,
  ScanCommand,
  type ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import { type Table, tableName, tables } from '@posthorn/contracts';
import { PassingError, type RemovalTask } from '@posthorn/core';
import { eventClaimKey } from '@posthorn/core/message/event-claim-key';
import { createInProcessClient, openEmbeddedDynamodb } from '@posthorn/local-dynamodb';
import {
  aCountedAttempt,
  aDelivery,
  aMessage,
  anApplication,
  anAttempt,
  anEndpoint,
  anIntegration,
  aRemovalTask,
  aResend,
  aStoredDelivery,
  aTask,
  aWake,
  ids,
  nthId,
  nthMessageId,
  secondsLater,
} from '@posthorn/testing';
import {
  createRemoveApplicationRows,
  type Removal,
  type RemovalPlace,
  type RemovedRows,
} from './application-remains.ts';
import { createApplicationRepository } from './applications.ts';
import { createAttemptRepository } from './attempts.ts';
import { createBeginRemoval } from './begin-removal.ts';
import { createClaimRepository } from './claims.ts';
import type { TablesClient } from './client.ts';
import { createDeliveryRepository } from './deliveries.ts';
import { createDueDeliveryRepository } from './due-deliveries.ts';
import { createEndpointRepository } from './endpoints.ts';
import { createIntegrationRepository } from './integrations.ts';
import { createMessageLogRepository } from './message-log.ts';
import { createMessageRepository } from './messages.ts';
import { createParkedGroupRepository } from './parked-groups.ts';
import { createPollStateRepository } from './poll-states.ts';
import { type Row, toRow } from './rows/row.ts';
import { createStatisticsRepository } from './statistics.ts';
import type { Store } from './store.ts';
import { toCreateTableInput } from './tables.ts';
import { createTaskRepository } from './tasks.ts';
import { createTestStore } from './test-store.ts';
import { createThrottleRepository } from './throttles.ts';

/**
 * Whether a table has rows of applications, which leave with their application. A new table must say so here. If it has
 * such rows, `fill` must write some.
 */
const hasRowsOfApplications: Readonly<Record<Table, boolean>> = {
  applications: true,
  endpoints: true,
  messages: true,
  'message-log': true,
  attempts: true,
  deliveries: true,
  groups: true,
  'due-deliveries': true,
  statistics: true,
  // The claims of eventIds. Those of idempotency keys, and kept answers, expire within a day.
  claims: true,
  throttles: true,
  tasks: true,
  tokens: true,
  'data-keys': false,
  'retry-schedules': false,
  'event-types': false,
  // Its rows are of the programs that put them.
  outbox: false,
  // Its rows name jobs of a queue, and expire within two weeks.
  'job-runs': false,
};

/** Does not get small enough for one row when it is deflated. */
const largeBody = JSON.stringify(Array.from({ length: 120_000 }, (_, n) => Math.imul(n + 1, 2_654_435_761) >>> 0));

/** The ids of everything of the nth application. */
const idsOf = (n: number) => ({
  application: nthId('application', n),
  endpoints: [0, 1, 2].map((index) => nthId('endpoint', n * 10 + index)),
  message: (index: number) => nthId('message', n * 100 + index),
  task: nthId('task', n * 10),
});

/** Writes something of an application into every table that can have it. */
async function fill(store: Store, n: number, messageCount = 3): Promise<void> {
  const { application: applicationId, endpoints: endpointIds, message } = idsOf(n);
  const [plain = '', ordered = '', deleted = ''] = endpointIds;
  const application = anApplication({ applicationId, uid: `shop-${n}` });
  await createApplicationRepository(store).insert(application);
  const endpoints = createEndpointRepository(store);
  const endpointOf = (endpointId: string) => anEndpoint({ applicationId, endpointId, uid: `uid-${endpointId}` });
  await endpoints.insert(endpointOf(plain));
  await endpoints.insert({ ...endpointOf(ordered), order: { onExhausted: 'block' } });
  await endpoints.insert(endpointOf(deleted));
  await endpoints.delete(endpointOf(deleted), secondsLater(1));

  const messages = createMessageRepository(store);
  const claims = createClaimRepository(store);
  for (let index = 0; index < messageCount; index += 1) {
    const eventId = `event-${index}`;
    const one = aMessage({ applicationId, messageId: message(index), eventId });
    const claim = { key: eventClaimKey(applicationId, eventId), messageId: one.messageId };
    await claims.claim({ ...claim, claimedAt: one.acceptedAt, expiresAt: one.expiresAt });
    await messages.insert(one);
    await messages.relay(one);
  }
  await messages.insert(aMessage({ applicationId, messageId: message(50), body: largeBody }));
  await messages.insert(aMessage({ applicationId, messageId: nthMessageId(n * 100 + 51, 'ordered') }));
  await messages.insertResend(aResend({ applicationId, endpointId: plain, messageId: message(0) }));
  const requestedAt = secondsLater(1);
  const command = { organisationId: ids.organisation, applicationId, endpointId: ordered, group: `${ordered}_a` };
  await messages.insertCommand({ ...command, action: 'skip', head: message(0), attempt: 1, requestedAt });

  const states = createPollStateRepository(store);
  await states.keepLog(application, { until: secondsLater(3_600), isComplete: true });
  const consumer = { applicationId, sink: 'orders', consumer: 'one' };
  await states.acknowledge(consumer, { position: '1', generation: 0, expiresAt: secondsLater(3_600) });
  const entries = [{ sequence: '1', messageId: message(0) }];
  const batch = { entries, committedAt: secondsLater(1), expiresAt: secondsLater(3_600) };
  await createMessageLogRepository(store).append(applicationId, batch);

  const attempts = createAttemptRepository(store);
  const deliveries = createDeliveryRepository(store);
  const of = { applicationId, messageId: message(0) };
  for (const [index, endpointId] of endpointIds.entries()) {
    const attemptId = nthId('attempt', n * 10 + index);
    await attempts.record(anAttempt({ ...of, endpointId, attemptId, status: 'failed' }));
    await deliveries.put(aStoredDelivery({ state: 'planned', reason: 'retry' }, { ...of, endpointId }));
  }
  const groups = createParkedGroupRepository(store);
  const owner = { organisationId: ids.organisation, applicationId, endpointId: ordered, group: `${ordered}_a` };
  const place = '1'.padStart(20, '0');
  const head = { state: 'waiting', epoch: 1, head: message(0), place, attempt: 1, reason: 'retry' } as const;
  const delivery = aDelivery({ ...of, endpointId: ordered });
  const now = secondsLater(2);
  await groups.open({ owner, to: { ...head, notBefore: secondsLater(900) }, delivery, wakeAt: secondsLater(900), now });
  const behind = aDelivery({ ...of, messageId: message(1), endpointId: ordered });
  await groups.park({ group: owner.group, place: '2'.padStart(20, '0'), delivery: behind, now });

  const due = createDueDeliveryRepository(store);
  await due.insert(aDelivery({ ...of, endpointId: plain, scheduledAt: secondsLater(7_200) }));
  await due.insertWake(aWake({ applicationId, endpointId: plain, at: secondsLater(7_200) }));
  const counted = endpointIds.map((endpointId) =>
    aCountedAttempt({ applicationId, endpointId, source: `${endpointId}#0` }),
  );
  await createStatisticsRepository(store).count(counted);
  const throttles = createThrottleRepository(store);
  const request = { rate: 5, count: 1, from: 0 };
  await throttles.reserve({ line: 'application', id: applicationId }, request);
  await throttles.reserve({ line: 'slow', id: applicationId }, request);
  await throttles.reserve({ line: 'endpoint', id: plain }, request);
  await throttles.reserve({ line: 'sends', id: plain }, request);
  await createIntegrationRepository(store).insert(
    anIntegration({ applicationId, integrationId: nthId('integration', n) }),
  );
  const tasks = createTaskRepository(store);
  await tasks.insert(aTask({ applicationId, endpointId: plain, taskId: nthId('task', n * 10 + 1) }));
}

const removalTask = (n: number): RemovalTask =>
  aRemovalTask({ applicationId: idsOf(n).application, taskId: idsOf(n).task });

/** The rows of every table that name the application or one of its endpoints, as texts. */
async function rowsOf(store: Store, n: number): Promise<Readonly<Record<Table, readonly string[]>>> {
  const { application, endpoints } = idsOf(n);
  const entries = tables.map(async (table) => {
    const texts = (await scan(store, table)).map((row) => JSON.stringify(row, withoutBytes));
    return [table, texts.filter((text) => [application, ...endpoints].some((id) => text.includes(id))).toSorted()];
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function scan({ client, stage }: Store, table: Table): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let start: ScanCommandInput['ExclusiveStartKey'];
  do {
    const command = new ScanCommand({ TableName: tableName(stage, table), ExclusiveStartKey: start });
    const { Items = [], LastEvaluatedKey } = await client.send(command);
    rows.push(...Items.map(toRow));
    start = LastEvaluatedKey;
  } while (start);
  return rows;
}

const withoutBytes = (_: string, value: unknown): unknown =>
  value instanceof Uint8Array ? `${value.length} bytes` : value;

/** Deletes the application and its endpoints, as the request and the first slice do. */
async function stop(store: Store, n: number): Promise<void> {
  const { application: applicationId, endpoints } = idsOf(n);
  await createBeginRemoval(store)(removalTask(n));
  const { delete: deleteEndpoint } = createEndpointRepository(store);
  for (const endpointId of endpoints.slice(0, 2)) await deleteEndpoint({ applicationId, endpointId }, secondsLater(3));
}

interface Round {
  readonly isFinal: boolean;
  readonly client?: TablesClient;
  readonly maxUnits?: number;
}

/** Removes an application part by part. A part that fails is done again from where it began. */
async function removeAll(store: Store, n: number, { isFinal, client = store.client, maxUnits }: Round) {
  const remove = createRemoveApplicationRows({ ...store, client }, maxUnits);
  const { application: applicationId, task: taskId } = idsOf(n);
  const sum = { messages: 0, others: 0, parts: 0 };
  let place: RemovalPlace | undefined = { stage: 'messages' };
  while (place) {
    const removal: Removal = { applicationId, taskId, place, isFinal, hasTime: () => true };
    const removed: RemovedRows = await remove(removal).catch((error: unknown) => {
      if (!(error instanceof PassingError)) throw error;
      return { messages: 0, others: 0, ...(removal.place && { next: removal.place }) };
    });
    sum.messages += removed.messages;
    sum.others += removed.others;
    sum.parts += 1;
    place = removed.next;
  }
  return sum;
}

const aStore = () => createTestStore(...tables);

/** The tables in which rows of the application are left. */
const tablesWith = (rows: Readonly<Record<Table, readonly string[]>>) =>
  tables.filter((table) => rows[table].length > 0);

describe('an application that was deleted', () => {
  it('leaves every table that has rows of applications, and nothing of another application is touched', async () => {
    const store = await aStore();
    for (const n of [0, 1]) await fill(store, n);
    expect(tablesWith(await rowsOf(store, 0))).toEqual(tables.filter((table) => hasRowsOfApplications[table]));
    const other = await rowsOf(store, 1);
    await stop(store, 0);
    const { messages } = await removeAll(store, 0, { isFinal: true });
    expect(messages).toBe(5);
    const left = await rowsOf(store, 0);
    expect(tablesWith(left)).toEqual(['tasks']);
    expect(await createTaskRepository(store).find(ids.organisation, idsOf(0).task)).toEqual(removalTask(0));
    expect(left.tasks).toHaveLength(1);
    expect(await rowsOf(store, 1)).toEqual(other);
  });

  it('keeps what leads to its rows until the last round', async () => {
    const store = await aStore();
    await fill(store, 0);
    await stop(store, 0);
    await removeAll(store, 0, { isFinal: false });
    const left = await rowsOf(store, 0);
    expect(tablesWith(left)).toEqual(
      tables.filter((table) =>
        ['endpoints', 'due-deliveries', 'statistics', 'throttles', 'tasks', 'tokens'].includes(table),
      ),
    );
    const late = { applicationId: ids.application, endpointId: idsOf(0).endpoints[1] ?? '' };
    await createAttemptRepository(store).record(anAttempt(late));
    await createMessageRepository(store).insert(aMessage({ messageId: nthId('message', 99) }));
    await removeAll(store, 0, { isFinal: true });
    expect(tablesWith(await rowsOf(store, 0))).toEqual(['tasks']);
  });

  it('is removed in parts', async () => {
    const store = await aStore();
    await fill(store, 0, 40);
    await stop(store, 0);
    const { messages, parts } = await removeAll(store, 0, { isFinal: true, maxUnits: 200 });
    expect(messages).toBe(42);
    expect(parts).toBeGreaterThan(2);
    expect(tablesWith(await rowsOf(store, 0))).toEqual(['tasks']);
  });

  it('makes no step without time', async () => {
    const store = await aStore();
    const place = { stage: 'due', shard: 3 } as const;
    const removal = { applicationId: ids.application, taskId: ids.task, place, isFinal: true, hasTime: () => false };
    expect(await createRemoveApplicationRows(store)(removal)).toEqual({ messages: 0, others: 0, next: place });
  });

  it('is removed after a crash at any write, before or after the write', async () => {
    const dynamodb = await openEmbeddedDynamodb({});
    // It takes the same commands as the SDK's client; only the SDK's type knows more.
    const store = { client: createInProcessClient(dynamodb) as unknown as TablesClient, stage: 'crashing' };
    // Without their time to live: the rows are older than they are kept.
    for (const table of tables) await store.client.send(new CreateTableCommand(toCreateTableInput(store.stage, table)));
    const removeWithCrash = async (n: number, write: number, when: 'before' | 'after') => {
      await fill(store, n);
      await stop(store, n);
      const { client, writes } = crashAt(store.client, write, when);
      await removeAll(store, n, { isFinal: true, client });
      return writes();
    };
    let n = 0;
    for (const when of ['before', 'after'] as const)
      for (let write = 1; ; write += 1, n += 1) {
        const writes = await removeWithCrash(n, write, when);
        expect([write, when, tablesWith(await rowsOf(store, n))]).toEqual([write, when, ['tasks']]);
        if (writes < write) break;
      }
    expect(n).toBeGreaterThan(20);
    await dynamodb.close();
  });
});

/** A client whose nth write throws, done or not. */
function crashAt(client: TablesClient, write: number, when: 'before' | 'after') {
  let writes = 0;
  const send = async (command: BatchWriteItemCommand): Promise<unknown> => {
    const isWrite = command instanceof BatchWriteItemCommand;
    if (isWrite) writes += 1;
    const crashes = isWrite && writes === write;
    if (crashes && when === 'before') throw new PassingError('died');
    const answer = await client.send(command);
    if (crashes) throw new PassingError('died');
    return answer;
  };
  // The client's own type has one signature for each command.
  return { client: { send } as unknown as TablesClient, writes: () => writes };
}
