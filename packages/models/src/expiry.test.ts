import { randomBytes } from 'node:crypto';
import { ScanCommand, type ScanCommandInput } from '@aws-sdk/client-dynamodb';
import { type Table, tableName, tables } from '@posthorn/contracts';
import {
  aCountedAttempt,
  aDelivery,
  aMessage,
  anApplication,
  anAttempt,
  anEndpoint,
  anIssuedToken,
  aResend,
  aStoredDelivery,
  aTask,
  ids,
  nthId,
  secondsLater,
} from '@posthorn/testing';
import { createAttemptRepository } from './attempts.ts';
import { createClaimRepository } from './claims.ts';
import { createDeliveryRepository } from './deliveries.ts';
import { createDueDeliveryRepository } from './due-deliveries.ts';
import { createEndpointRepository } from './endpoints.ts';
import { createJobRunRepository } from './job-runs.ts';
import { createMessageLogRepository } from './message-log.ts';
import { createMessageRepository } from './messages.ts';
import { createPollStateRepository } from './poll-states.ts';
import { type Row, toRow } from './rows/row.ts';
import { createStatisticsRepository } from './statistics.ts';
import type { Store } from './store.ts';
import { type TableDefinition, tableDefinitions } from './table-definitions.ts';
import { createTaskRepository } from './tasks.ts';
import { createTestStore } from './test-store.ts';
import { createThrottleRepository } from './throttles.ts';
import { createTokenRepository } from './tokens.ts';

/** Why the rows of a table need no time to live. A new table is here, or has one. */
const boundedOtherwise: Partial<Record<Table, string>> = {
  'data-keys': 'one row for each rotation of an organisation',
  'retry-schedules': 'as many as an organisation has set',
  applications: 'until they are deleted',
  'event-types': 'as many as an organisation has made',
  groups: 'a row leaves when its group flows again',
  outbox: 'a row leaves when its message is accepted',
};

const table = (name: Table): TableDefinition => tableDefinitions[name];

it.each(tables)('%s has a time to live, or a reason why it does not grow with traffic', (name) => {
  const decisions = [table(name).timeToLive, boundedOtherwise[name]].filter((decision) => decision !== undefined);
  expect(decisions).toHaveLength(1);
});

const expiresAt = secondsLater(3_600);

/** Writes at least one row of each kind into a table that has a time to live. */
const writes: Partial<Record<Table, (store: Store) => Promise<unknown>>> = {
  endpoints: async (store) => {
    const endpoints = createEndpointRepository(store);
    await endpoints.insert(anEndpoint(), 1);
    await endpoints.delete(anEndpoint(), secondsLater(1));
    await createPollStateRepository(store).keepLog(anApplication(), { until: expiresAt, isComplete: true });
  },
  'message-log': async (store) => {
    const entries = [{ sequence: '1', messageId: ids.message }];
    const batch = { entries, committedAt: secondsLater(0), expiresAt };
    await createMessageLogRepository(store).append(ids.application, batch);
    const states = createPollStateRepository(store);
    const consumer = { applicationId: ids.application, sink: 'orders' };
    await states.acknowledge({ ...consumer, consumer: 'one' }, { position: '1', generation: 0, expiresAt });
    await states.seek({ ...consumer, consumer: 'two' }, { position: '1', expiresAt });
  },
  messages: async (store) => {
    const messages = createMessageRepository(store);
    await messages.insert(aMessage());
    // Too long for one item, and hardly shorter when it is deflated.
    const body = randomBytes(600_000).toString('base64');
    await messages.insert(aMessage({ messageId: nthId('message', 1), body }));
    await messages.relay(aMessage());
    await messages.insertResend(aResend());
  },
  attempts: async (store) => {
    const attempts = createAttemptRepository(store);
    await attempts.record(anAttempt());
    await attempts.record(anAttempt({ attemptId: nthId('attempt', 1), status: 'failed' }));
  },
  deliveries: async (store) => {
    const deliveries = createDeliveryRepository(store);
    // An open one has no time: it leaves when its delivery ends (`deliveries/delivery-row.ts`).
    await deliveries.put(aStoredDelivery({ state: 'canceled', reason: 'endpoint_deleted' }));
    await deliveries.put(aStoredDelivery({ state: 'failed', reason: 'gone' }, { messageId: nthId('message', 1) }));
  },
  'due-deliveries': (store) => createDueDeliveryRepository(store).insert(aDelivery()),
  statistics: (store) => createStatisticsRepository(store).count([aCountedAttempt()]),
  claims: async (store) => {
    const claims = createClaimRepository(store);
    await claims.claim({ key: 'k', messageId: ids.message, claimedAt: secondsLater(0), expiresAt });
    const seed = { at: secondsLater(0), text: 'seed' };
    await claims.begin({ key: 'r', seed, lockedUntil: secondsLater(5), keptUntil: expiresAt });
  },
  throttles: (store) =>
    createThrottleRepository(store).reserve({ line: 'endpoint', id: ids.endpoint }, { from: 0, count: 1, rate: 5 }),
  'job-runs': (store) => createJobRunRepository(store).begin('1', { how: 'with-others', now: secondsLater(0) }),
  tasks: (store) => createTaskRepository(store).insert(aTask()),
  tokens: async (store) => {
    // The rows of integrations and of applications stay: there are as many as were made. The version is one row.
    const tokens = createTokenRepository(store);
    const token = anIssuedToken();
    await tokens.insertIssued(token);
    await tokens.logOut(ids.application, token);
    const place = { applicationId: ids.application, sessionId: 'a' };
    const marks = [{ generation: 1, issuedUntil: secondsLater(1), expiresAt: secondsLater(1) }];
    await tokens.updateMarks(place, { generation: 1, marks }, await tokens.findMarks(ids.application, 'a'));
  },
};

const growing = tables.filter((name) => table(name).timeToLive !== undefined);

it.each(growing)('every row of %s has the attribute of its time to live', async (name) => {
  const store = await createTestStore(name);
  const write = writes[name];
  if (!write) throw new Error(`write a row of each kind of the table ${name} here`);
  await write(store);
  // The end of a log stays: there is one for each application.
  const rows = (await readAll(store, name)).filter(({ entry }) => entry !== 'end');
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(row).toMatchObject({ [table(name).timeToLive ?? '']: expect.any(Number) });
});

// A group can be blocked for any time. A row that expired would leave no receipt.
it('lets a parked delivery have no end: its row leaves with a receipt', async () => {
  const store = await createTestStore('deliveries');
  const place = { group: `${ids.endpoint}_a`, sequence: '1'.padStart(20, '0') };
  const parked = aStoredDelivery({ state: 'parked', reason: 'blocked' }, {}, { place });
  const deliveries = createDeliveryRepository(store);
  await deliveries.put(parked);
  expect((await readAll(store, 'deliveries')).map(({ expiresAt }) => expiresAt)).toEqual([undefined]);
  const { place: _, ...left } = parked;
  await deliveries.moveOn(parked, { ...left, state: 'failed', reason: 'exhausted' });
  expect(await readAll(store, 'deliveries')).toMatchObject([{ expiresAt: expect.any(Number) }]);
});

it('writes every kind of row of the messages table in this test', async () => {
  const store = await createTestStore('messages');
  await writes.messages?.(store);
  const kinds = new Set((await readAll(store, 'messages')).map(({ kind }) => kind));
  expect(kinds).toEqual(new Set(['message', 'chunk', 'relay', 'resend']));
});

it('keeps failed attempts longer than successful ones', async () => {
  const store = await createTestStore('attempts');
  await writes.attempts?.(store);
  const rows = await readAll(store, 'attempts');
  const expiryOf = (status: string) => Number(rows.find((row) => row.status === status)?.expiresAt);
  expect(expiryOf('failed') - expiryOf('succeeded')).toBeGreaterThan(59 * 86_400);
});

async function readAll({ client, stage }: Store, name: Table): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let start: ScanCommandInput['ExclusiveStartKey'];
  do {
    const page = await client.send(new ScanCommand({ TableName: tableName(stage, name), ExclusiveStartKey: start }));
    rows.push(...(page.Items ?? []).map(toRow));
    start = page.LastEvaluatedKey;
  } while (start);
  return rows;
}
