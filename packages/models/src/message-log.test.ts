import { ids, nthMessageId, secondsLater } from '@posthorn/testing';
import { describeMessageLog } from '@posthorn/testing/contract/message-log';
import { toLogRow } from './message-log/log-row.ts';
import { createMessageLogRepository } from './message-log.ts';
import { rowBytes, writeUnitsOf } from './rows/row-size.ts';
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

it('is searched for a time in few reads, however long it is', async () => {
  const store = await createTestStore('message-log');
  const log = createMessageLogRepository(store);
  const entries = (n: number) => [
    { sequence: String(10n ** 21n + BigInt(n) ** 3n), messageId: nthMessageId(n, 'ordered') },
  ];
  for (let n = 1; n <= 1_000; n += 1)
    await log.append(ids.application, {
      entries: entries(n),
      committedAt: secondsLater(n),
      expiresAt: secondsLater(10_000),
    });
  let reads = 0;
  const send = (command: Parameters<typeof store.client.send>[0]) => {
    reads += 1;
    return store.client.send(command);
  };
  // The repository calls no other method of the client.
  const client = { send } as unknown as typeof store.client;
  const counted = createMessageLogRepository({ ...store, client });
  const start = await counted.findStart(ids.application, secondsLater(500.5));
  expect(reads).toBeLessThan(60);
  expect((await log.read(ids.application, { behind: start, limit: 1 })).entries).toEqual(entries(501));
});
