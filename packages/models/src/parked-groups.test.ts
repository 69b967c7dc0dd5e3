import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { ids } from '@posthorn/testing';
import { describeParkedGroupRepository } from '@posthorn/testing/contract/parked-group-repository';
import { lineOfGroup } from './deliveries/delivery-row.ts';
import { createDueDeliveryRepository } from './due-deliveries.ts';
import { createParkedGroupRepository } from './parked-groups.ts';
import { toItem } from './rows/row.ts';
import { createTestStore } from './test-store.ts';

const aStore = () => createTestStore('groups', 'deliveries', 'due-deliveries');

describeParkedGroupRepository('in DynamoDB', async () => {
  const store = await aStore();
  return { groups: createParkedGroupRepository(store), due: createDueDeliveryRepository(store) };
});

describe('a parked row that cannot be read', () => {
  it('is listed at its place, with the reason', async () => {
    const store = await aStore();
    const key = { endpointId: ids.endpoint, group: `${ids.endpoint}_a` };
    const place = '1'.padStart(20, '0');
    const Item = toItem({ line: lineOfGroup(key.endpointId, key.group), place, state: 'x' });
    await store.client.send(new PutItemCommand({ TableName: tableName(store.stage, 'deliveries'), Item }));
    expect(await createParkedGroupRepository(store).listParked(key, 10)).toEqual([
      { place, unreadable: 'row has an invalid attribute: reason', text: expect.stringContaining('"place"') },
    ]);
  });
});
