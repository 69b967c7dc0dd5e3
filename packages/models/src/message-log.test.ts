import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { ids, nthMessageId, secondsLater } from '@posthorn/testing';
import { describeMessageLog } from '@posthorn/testing/contract/message-log';
import { toLogRow } from './message-log/log-row.ts';
import { createMessageLogRepository } from './message-log.ts';
import { toItem } from './rows/row.ts';
import { rowBytes, writeUnitsOf } from './rows/row-size.ts';
import type { Store } from './store.ts';
import { createTestStore } from './test-store.ts';

describeMessageLog('in DynamoDB', async () => createMessageLogRepository(await createTestStore('message-log')));

const aBatch = (count: number) => ({
  entries: Array.from({ length: count }, (_, n) => ({
    sequence: String(10n ** 21n + BigInt(n) * 17n),
    messageId: nthMessageId(n, 'ordered'),
  })),
  committedAt: secondsLater(1),
  expiresAt: secondsLater(2),
});

it.each([
  [1, 1],
  [15, 1],
  [200, 6],
])('a batch of %d messages costs at most %d write units', async (count, units) => {
  expect(writeUnitsOf(rowBytes(await toLogRow(ids.application, aBatch(count))))).toBeLessThanOrEqual(units);
});

/** The same store, and how many requests were made to it. */
function counted(store: Store) {
  let requests = 0;
  const send = (command: Parameters<typeof store.client.send>[0]) => {
    requests += 1;
    return store.client.send(command);
  };
  // The repository calls no other method of the client.
  const client = { send } as unknown as typeof store.client;
  return { log: createMessageLogRepository({ ...store, client }), requests: () => requests };
}

it('is searched for a time in few reads, however long it is', async () => {
  const store = await createTestStore('message-log');
  const { log, requests } = counted(store);
  const filled = createMessageLogRepository(store);
  const entries = (n: number) => [
    { sequence: String(10n ** 21n + BigInt(n) ** 3n), messageId: nthMessageId(n, 'ordered') },
  ];
  const expiresAt = secondsLater(10_000);
  for (let n = 1; n <= 1_000; n += 1)
    await filled.append(ids.application, { entries: entries(n), committedAt: secondsLater(n), expiresAt });
  const start = await log.findStart(ids.application, secondsLater(500.5));
  expect(requests()).toBeLessThan(60);
  expect((await log.read(ids.application, { behind: start, limit: 1 })).entries).toEqual(entries(501));
});

it('is searched for the end in few reads, when a minute of it has many batches', async () => {
  const store = await createTestStore('message-log');
  const { log, requests } = counted(store);
  const filled = createMessageLogRepository(store);
  const expiresAt = secondsLater(10_000);
  const messageId = nthMessageId(0, 'ordered');
  for (let n = 0; n < 2_000; n += 1) {
    const committedAt = secondsLater(n * 0.03);
    await filled.append(ids.application, { entries: [{ sequence: String(n + 1), messageId }], committedAt, expiresAt });
  }
  expect(await log.findStart(ids.application, secondsLater(61))).toBe('2000');
  expect(requests()).toBeLessThan(25);
});

it('reads one or two rows for a page that fits into them, and many for one of single messages', async () => {
  const store = await createTestStore('message-log');
  const { log, requests } = counted(store);
  const filled = createMessageLogRepository(store);
  for (let n = 0; n < 300; n += 1) {
    const entries = [{ sequence: String(n + 1), messageId: nthMessageId(n, 'ordered') }];
    await filled.append(ids.application, { ...aBatch(1), entries });
  }
  expect(await log.read(ids.application, { behind: '0', limit: 1 })).toMatchObject({ done: false });
  expect(requests()).toBe(1);
  expect((await log.read(ids.application, { behind: '0', limit: 250 })).entries).toHaveLength(250);
  expect(requests()).toBeLessThanOrEqual(5);
});

it.each([
  [
    'an entry that is none',
    `1 ${nthMessageId(1, 'ordered')}\n2 copy of it\n3 ${nthMessageId(3, 'ordered')}`,
    ['1', '3'],
  ],
  ['bytes that cannot be inflated', new Uint8Array([1, 2, 3]), []],
  ['no entries', undefined, []],
])('a row with %s does not hold back the others', async (_, entries, readable) => {
  const store = await createTestStore('message-log');
  const log = createMessageLogRepository(store);
  const row = await toLogRow(ids.application, {
    ...aBatch(1),
    entries: [{ sequence: '3', messageId: nthMessageId(3, 'ordered') }],
  });
  const Item = toItem({ ...row, entries });
  await store.client.send(new PutItemCommand({ TableName: tableName(store.stage, 'message-log'), Item }));
  await log.append(ids.application, {
    ...aBatch(1),
    entries: [{ sequence: '4', messageId: nthMessageId(4, 'ordered') }],
  });
  const page = await log.read(ids.application, { behind: '0', limit: 10 });
  expect(page.entries.map(({ sequence }) => sequence)).toEqual([...readable, '4']);
  expect(page).toMatchObject({ done: true, damaged: [row.entry] });
  expect(await log.findStart(ids.application, secondsLater(4))).toBe('3');
});
