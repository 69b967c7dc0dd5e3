import { BatchWriteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { aDelivery, ids, secondsLater } from '@posthorn/testing';
import { describeParkedGroupRepository } from '@posthorn/testing/contract/parked-group-repository';
import { lineOfGroup } from './deliveries/delivery-row.ts';
import { createDueDeliveryRepository } from './due-deliveries.ts';
import { toGroupRow } from './parked-groups/group-row.ts';
import { createParkedGroupRepository } from './parked-groups.ts';
import { toItem } from './rows/row.ts';
import { createTestStore } from './test-store.ts';

const aStore = () => createTestStore('groups', 'deliveries', 'due-deliveries');

describeParkedGroupRepository('in DynamoDB', async () => {
  const store = await aStore();
  return { groups: createParkedGroupRepository(store), due: createDueDeliveryRepository(store) };
});

describe('a parked row that cannot be read', () => {
  it('is listed at its place, with the reason, and its message if it names one', async () => {
    const store = await aStore();
    const key = { endpointId: ids.endpoint, group: `${ids.endpoint}_a` };
    const place = '1'.padStart(20, '0');
    const put = async (row: Readonly<Record<string, string>>) => {
      const Item = toItem({ line: lineOfGroup(key.endpointId, key.group), state: 'x', ...row });
      await store.client.send(new PutItemCommand({ TableName: tableName(store.stage, 'deliveries'), Item }));
    };
    await put({ place });
    await put({ place: `${place}1`, messageId: 'no id' });
    await put({ place: `${place}2`, messageId: ids.message });
    const unreadable = 'row has an invalid attribute: reason';
    expect(await createParkedGroupRepository(store).listParked(key, 10)).toEqual([
      { place, unreadable },
      { place: `${place}1`, unreadable },
      { place: `${place}2`, unreadable, messageId: ids.message },
    ]);
  });
});

describe('3,000 groups that wait', () => {
  const groupOf = (n: number) => `${ids.endpoint}_${String(n).padStart(4, '0')}`;
  const { organisation: organisationId, application: applicationId, endpoint: endpointId } = ids;
  const ownerOf = (n: number) => ({ organisationId, applicationId, endpointId, group: groupOf(n) });
  const headAt = (n: number) => ({ epoch: n, head: ids.message, place: String(n).padStart(20, '0'), attempt: 2 });

  it('hide neither the earliest retry nor the groups that are blocked', async () => {
    const store = await aStore();
    const groups = createParkedGroupRepository(store);
    const rows = Array.from({ length: 3_000 }, (_, n) => {
      const to = { ...headAt(n), state: 'waiting', reason: 'retry', notBefore: secondsLater(9_000 - n) } as const;
      return { PutRequest: { Item: toItem(toGroupRow(ownerOf(n), to, secondsLater(0))) } };
    });
    for (let n = 0; n < rows.length; n += 25) {
      const RequestItems = { [tableName(store.stage, 'groups')]: rows.slice(n, n + 25) };
      await store.client.send(new BatchWriteItemCommand({ RequestItems }));
    }
    expect(await groups.listBlocked(endpointId, 10)).toEqual([]);
    for (const n of [3_000, 3_001]) {
      const to = { ...headAt(n), state: 'blocked', reason: 'exhausted' } as const;
      await groups.open({ owner: ownerOf(n), to, delivery: aDelivery(), now: secondsLater(9_000 - n) });
    }
    expect((await groups.listBlocked(endpointId, 10)).map(({ group }) => group)).toEqual([3_001, 3_000].map(groupOf));
    expect(await groups.findNextRetry(endpointId, { maxGroups: 10_000 })).toEqual(secondsLater(6_001));
  });
});
