import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { anEndpoint, ids, nthId } from '@posthorn/testing';
import { describeEndpointRepository } from '@posthorn/testing/contract/endpoint-repository';
import { createEndpointRepository } from './endpoints.ts';
import { toItem } from './rows/row.ts';
import { createTestStore } from './test-store.ts';

describeEndpointRepository('in DynamoDB', async () => createEndpointRepository(await createTestStore('endpoints')));

it('lists the readable endpoints for fan-out beside one that cannot be read', async () => {
  const store = await createTestStore('endpoints');
  const endpoints = createEndpointRepository(store);
  await endpoints.insert(anEndpoint());
  const broken = nthId('endpoint', 1);
  const Item = toItem({ applicationId: ids.application, endpointId: broken, disabled: false, onExhausted: 'later' });
  await store.client.send(new PutItemCommand({ TableName: tableName(store.stage, 'endpoints'), Item }));
  expect(await endpoints.listForFanOut(ids.application)).toEqual(
    expect.arrayContaining([
      { endpointId: ids.endpoint, disabled: false },
      { endpointId: broken, unreadable: 'row has an invalid attribute: onExhausted' },
    ]),
  );
});
