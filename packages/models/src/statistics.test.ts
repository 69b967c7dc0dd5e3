import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { readApplicationUsage, sumCounts } from '@posthorn/core';
import { aCountedAttempt, ids, nthId, secondsLater } from '@posthorn/testing';
import { describeStatisticsRepository } from '@posthorn/testing/contract/statistics-repository';
import { toItem } from './rows/row.ts';
import { hourKey } from './statistics/hour-row.ts';
import { createStatisticsRepository } from './statistics.ts';
import type { Store } from './store.ts';
import { createTestStore } from './test-store.ts';

describeStatisticsRepository('in DynamoDB', async () =>
  createStatisticsRepository(await createTestStore('statistics')),
);

const anEarlierRow = (hour: string, shard: number, lastSequence: string) => ({
  endpointId: ids.endpoint,
  hour: `${hour}#${ids.endpoint}#${shard}`,
  success: 3,
  fail: 1,
  lastSequence: lastSequence.padStart(40, '0'),
  expiresAt: 2_000_000_000,
});

const window = { since: secondsLater(0), until: secondsLater(0) };
const sumOf = async (store: Store, endpointId: string) => {
  const { listHours } = createStatisticsRepository(store);
  return sumCounts(await listHours({ applicationId: ids.application, endpointId }, window));
};

/** A store of which the nth update fails. */
function failingAt(store: Store, fails: (command: UpdateItemCommand) => boolean, error: Error): Store {
  const send = async (command: UpdateItemCommand) => {
    if (command instanceof UpdateItemCommand && fails(command)) throw error;
    return store.client.send(command);
  };
  // The repository calls only `send`.
  return { ...store, client: { send } as unknown as Store['client'] };
}
const outage = Object.assign(new Error('outage'), { name: 'ProvisionedThroughputExceededException' });

it('returns the attempts of a row that could not be written, and counts all others', async () => {
  const store = await createTestStore('statistics');
  const lost = nthId('endpoint', 1);
  const failing = failingAt(store, ({ input }) => input.Key?.hour?.S?.startsWith(lost) === true, outage);
  const attempts = [1, 2, 3, 4].map((n) =>
    aCountedAttempt({ sequenceNumber: String(n), endpointId: n % 2 === 0 ? lost : ids.endpoint }),
  );
  const { count } = createStatisticsRepository(failing);
  expect(await count(attempts)).toEqual([attempts[1], attempts[3]].map((entry) => ({ entry, error: outage })));
  expect([await sumOf(store, ids.endpoint), await sumOf(store, lost)]).toEqual([
    { success: 2, fail: 0 },
    { success: 0, fail: 0 },
  ]);
  expect(await createStatisticsRepository(store).count(attempts)).toEqual([]);
  expect([await sumOf(store, ids.endpoint), await sumOf(store, lost)]).toEqual([
    { success: 2, fail: 0 },
    { success: 2, fail: 0 },
  ]);
});

it('counts 300 event types of one batch, and the rest of it again after a failure in between', async () => {
  const store = await createTestStore('statistics');
  const attempts = Array.from({ length: 300 }, (_, n) =>
    aCountedAttempt({ sequenceNumber: String(n), eventType: `type-${n}`.padEnd(256, 'x') }),
  );
  let updates = 0;
  const failing = failingAt(store, () => ++updates === 2, outage);
  const failures = await createStatisticsRepository(failing).count(attempts);
  expect(failures).toEqual(attempts.slice(100).map((entry) => ({ entry, error: outage })));
  expect(await createStatisticsRepository(store).count(attempts)).toEqual([]);
  const [hour] = await createStatisticsRepository(store).listHours(aCountedAttempt(), window);
  expect(hour).toMatchObject({ success: 300, fail: 0 });
  expect(hour?.byEventType.size).toBe(300);
});

it('counts the sources of a row at the same time, each of them twice', async () => {
  const store = await createTestStore('statistics');
  const count = async (shard: number) => {
    const source = `${ids.endpoint}#${shard}`;
    const repository = createStatisticsRepository(store);
    for (const first of [1, 3, 1, 5])
      for (const n of [first, first + 1])
        await repository.count([
          aCountedAttempt({ source, sequenceNumber: String(n), plannedAt: secondsLater(-100 * shard - n) }),
        ]);
  };
  await Promise.all(Array.from({ length: 16 }, (_, shard) => [count(shard), count(shard)]).flat());
  const [hour] = await createStatisticsRepository(store).listHours(aCountedAttempt(), window);
  expect(hour).toMatchObject({ success: 16 * 6, fail: 0, earliestPlanned: secondsLater(-1_506) });
});

it('serves the usage of an application over a week', async () => {
  const repository = createStatisticsRepository(await createTestStore('statistics'));
  const endpointIds = [1, 2, 3].map((n) => nthId('endpoint', n));
  for (const endpointId of endpointIds)
    await repository.count(
      Array.from({ length: 7 * 24 }, (_, hour) =>
        aCountedAttempt({
          endpointId,
          sequenceNumber: String(hour),
          eventType: hour % 2 === 0 ? 'even' : 'odd',
          succeeded: hour % 24 > 0,
          attemptedAt: secondsLater(hour * 3_600),
        }),
      ),
    );
  const usage = await readApplicationUsage(repository, ids.application, {
    since: secondsLater(0),
    until: secondsLater(7 * 86_400),
  });
  expect(usage).toMatchObject({ success: 3 * 7 * 23, fail: 3 * 7 });
  expect(usage.byEventType).toEqual(
    new Map([
      ['even', { success: 3 * 7 * 11, fail: 3 * 7 }],
      ['odd', { success: 3 * 7 * 12, fail: 0 }],
    ]),
  );
  expect([...usage.byDay.values()]).toEqual(Array.from({ length: 7 }, () => ({ success: 69, fail: 3 })));
});

it('compares sequence numbers of 40 digits exactly', async () => {
  const store = await createTestStore('statistics');
  const { count } = createStatisticsRepository(store);
  const numbers = ['9999999999999999999999999999999999999998', '9999999999999999999999999999999999999999', '7'];
  for (const sequenceNumber of numbers) await count([aCountedAttempt({ sequenceNumber })]);
  expect(await sumOf(store, ids.endpoint)).toEqual({ success: 2, fail: 0 });
});

describe('rows of earlier versions', () => {
  async function aStoreWithEarlierRows() {
    const store = await createTestStore('statistics');
    const TableName = tableName(store.stage, 'statistics');
    for (const row of [
      anEarlierRow('2026-01-01T00', 0, '105'),
      anEarlierRow('2026-01-01T00', 1, '7'),
      anEarlierRow('2026-01-01T01', 0, '4'),
    ])
      await store.client.send(new PutItemCommand({ TableName, Item: toItem(row) }));
    return store;
  }

  it('are part of the hours of their endpoint', async () => {
    const { listHours, count } = createStatisticsRepository(await aStoreWithEarlierRows());
    await count([aCountedAttempt({ sequenceNumber: '106' })]);
    expect(await listHours(aCountedAttempt(), { since: secondsLater(0), until: secondsLater(3_600) })).toEqual([
      {
        hour: secondsLater(0),
        success: 7,
        fail: 2,
        byEventType: new Map([['invoice.paid', { success: 1, fail: 0 }]]),
      },
      { hour: secondsLater(3_600), success: 3, fail: 1, byEventType: new Map() },
    ]);
  });

  it('say which attempts of a batch that comes again after an upgrade are counted', async () => {
    const store = await aStoreWithEarlierRows();
    for (const _ of ['first time', 'again']) {
      const { count } = createStatisticsRepository(store);
      await count(['104', '105', '106'].map((sequenceNumber) => aCountedAttempt({ sequenceNumber })));
      await count([aCountedAttempt({ source: `${ids.endpoint}#1`, sequenceNumber: '7' })]);
    }
    expect(await sumOf(store, ids.endpoint)).toEqual({ success: 7, fail: 2 });
  });
});

describe('the first hours of a window', () => {
  const large = 'x'.repeat(390_000);
  const hours = 20;
  const all = { since: secondsLater(0), until: secondsLater(3_600 * hours) };

  async function withRows(rowOf: (n: number) => Record<string, unknown>) {
    const store = await createTestStore('statistics');
    const TableName = tableName(store.stage, 'statistics');
    for (let n = 0; n < hours; n += 1)
      await store.client.send(new PutItemCommand({ TableName, Item: toItem({ ...rowOf(n), large }) }));
    return createStatisticsRepository(store);
  }
  const hourAt = (n: number) =>
    secondsLater(3_600 * n)
      .toISOString()
      .slice(0, 'yyyy-mm-ddThh'.length);

  it.each([
    ['rows', (n: number) => ({ ...hourKey(aCountedAttempt(), hourAt(n)), '+invoice.paid': 1 })],
    ['rows of an earlier version', (n: number) => anEarlierRow(hourAt(n), 0, '1')],
  ])('are those in a few megabytes of %s, and say where they end', async (_, rowOf) => {
    const statistics = await withRows(rowOf);
    const { hours: found, next } = await statistics.listFirstHours(aCountedAttempt(), all);
    expect(found.length).toBeGreaterThan(5);
    expect(found.length).toBeLessThan(15);
    expect(next).toEqual(secondsLater(3_600 * found.length));
    const every = await statistics.listHours(aCountedAttempt(), all);
    expect(every).toHaveLength(hours);
    expect(found).toEqual(every.slice(0, found.length));
  });
});
