import { PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { createOutbox } from './outbox.ts';
import { readOutboxRow } from './outbox-row.ts';
import { toItem } from './rows/row.ts';
import { createTestStore } from './test-store.ts';

const row = {
  orderingKey: 'order-1',
  id: 'a',
  createdAt: '2026-01-01T00:00:00.000Z',
  application: 'toys',
  eventType: 'order.paid',
  payload: '{}',
};

it('reads a row with an absent, a null and a set for what is optional', () => {
  const read = { ...row, createdAt: new Date(row.createdAt), channels: [], tags: [] };
  expect(readOutboxRow(row)).toEqual(read);
  expect(readOutboxRow({ ...row, eventId: null, channels: null })).toEqual(read);
  expect(readOutboxRow({ ...row, organisation: 'org_a', channels: new Set(['eu']), tags: ['blue'] })).toEqual({
    ...read,
    organisationId: 'org_a',
    channels: ['eu'],
    tags: ['blue'],
  });
});

it.each(Object.keys(row))('refuses a row without %s', (attribute) => {
  expect(() => readOutboxRow({ ...row, [attribute]: undefined })).toThrow(`row has an invalid attribute: ${attribute}`);
});

it('removes a row, also if it is already gone', async () => {
  const store = await createTestStore('outbox');
  const TableName = tableName(store.stage, 'outbox');
  for (const id of ['a', 'b']) await store.client.send(new PutItemCommand({ TableName, Item: toItem({ ...row, id }) }));
  const { remove } = createOutbox(store);
  await remove(row);
  await remove(row);
  expect(await store.client.send(new ScanCommand({ TableName }))).toMatchObject({ Items: [{ id: { S: 'b' } }] });
});
