import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { anEventType, ids, secondsLater } from '@posthorn/testing';
import { describeEventTypeRepository } from '@posthorn/testing/contract/event-type-repository';
import { createEventTypeRepository } from './event-types.ts';
import { toItem } from './rows/row.ts';
import { getRow } from './rows/row-access.ts';
import { createTestStore } from './test-store.ts';

describeEventTypeRepository('in DynamoDB', async () => createEventTypeRepository(await createTestStore('event-types')));

it('ends a page early, and continues where it ended', async () => {
  const store = await createTestStore('event-types');
  const eventTypes = createEventTypeRepository({ ...store, maxRowsRead: 4 });
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) {
    await eventTypes.insert(anEventType({ name, featureFlags: ['beta'] }));
  }
  await eventTypes.insert(anEventType({ name: 'h' }));
  const query = { limit: 1, direction: 'forward', order: 'ascending', includeArchived: false, heldFlags: [] } as const;
  const first = await eventTypes.list(ids.organisation, query);
  expect(first).toMatchObject({ items: [], done: false, resumeAt: expect.stringMatching(/^[d-g]$/) });
  const second = await eventTypes.list(ids.organisation, { ...query, iterator: first.resumeAt ?? '' });
  expect(second.items).toEqual([anEventType({ name: 'h' })]);
});

it('reads a row that an earlier version stored, and changes it once', async () => {
  const store = await createTestStore('event-types');
  const time = secondsLater(0).toISOString();
  const key = { organisationId: ids.organisation, name: 'a' };
  const flags = { archived: false, deprecated: false, featureFlag: 'beta' };
  const Item = toItem({ ...key, description: '', ...flags, createdAt: time, updatedAt: time });
  await store.client.send(new PutItemCommand({ TableName: tableName(store.stage, 'event-types'), Item }));

  const eventTypes = createEventTypeRepository(store);
  const stored = anEventType({ name: 'a', description: '', featureFlags: ['beta'], revision: 0 });
  expect(await eventTypes.find(ids.organisation, 'a')).toEqual(stored);
  const next = { ...stored, featureFlags: ['beta', 'gamma'] };
  const answers = await Promise.all([eventTypes.update(next, stored), eventTypes.update(next, stored)]);
  expect(answers.toSorted()).toEqual(['stale', 'updated']);
  expect(await eventTypes.find(ids.organisation, 'a')).toEqual({ ...next, revision: 1 });
});

it('leaves the first flag where earlier versions look for it', async () => {
  const store = await createTestStore('event-types');
  await createEventTypeRepository(store).insert(anEventType({ featureFlags: ['alpha', 'beta'] }));
  const key = { organisationId: ids.organisation, name: 'invoice.paid' };
  const row = await getRow(store, { tableName: tableName(store.stage, 'event-types'), key });
  expect(row).toMatchObject({ featureFlag: 'alpha', featureFlags: ['alpha', 'beta'] });
});
