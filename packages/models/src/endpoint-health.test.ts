import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { anEndpoint, secondsLater } from '@posthorn/testing';
import { describeEndpointHealthRepository } from '@posthorn/testing/contract/endpoint-health-repository';
import { createEndpointHealthRepository } from './endpoint-health.ts';
import { parseHealth } from './endpoints/health-text.ts';
import { createEndpointRepository } from './endpoints.ts';
import { toItem } from './rows/row.ts';
import { createTestStore } from './test-store.ts';

describeEndpointHealthRepository('in DynamoDB', async (endpoints) => {
  const store = await createTestStore('endpoints');
  for (const endpoint of endpoints) await createEndpointRepository(store).insert(endpoint);
  return createEndpointHealthRepository(store);
});

async function aStoredText(text: string) {
  const store = await createTestStore('endpoints');
  const endpoint = anEndpoint();
  await createEndpointRepository(store).insert(endpoint);
  await store.client.send(
    new UpdateItemCommand({
      TableName: tableName(store.stage, 'endpoints'),
      Key: toItem({ applicationId: endpoint.applicationId, endpointId: endpoint.endpointId }),
      UpdateExpression: 'SET health = :text',
      ExpressionAttributeValues: toItem({ ':text': text }),
    }),
  );
  return { endpoint, health: createEndpointHealthRepository(store) };
}

it.each([
  ['with a field of a later version', '{"failures":3,"mood":"bad","failingSince":"2026-01-01T00:00:00.000Z"}'],
  ['that cannot be read', 'no JSON'],
])('replaces a health %s', async (_, text) => {
  const { endpoint, health } = await aStoredText(text);
  const { health: previous } = (await health.find(endpoint, 'latest')) ?? {};
  expect(await health.replace(endpoint, { previous, next: { failures: 4 } })).toBe('stored');
  expect((await health.find(endpoint, 'latest'))?.health).toEqual({ failures: 4 });
});

it.each([undefined, 7, '', 'null', '[]', '{}', '{"failures":"3"}', '{"failures":3,"breaker":5}'])(
  'reads no health from %j',
  (text) => {
    expect(parseHealth(text)).toBeUndefined();
  },
);

it('changes neither the revision nor the time of the endpoint', async () => {
  const store = await createTestStore('endpoints');
  const endpoint = anEndpoint();
  await createEndpointRepository(store).insert(endpoint);
  await createEndpointHealthRepository(store).replace(endpoint, {
    previous: undefined,
    next: { failures: 1, failingSince: secondsLater(1) },
  });
  const { revision, updatedAt } = (await createEndpointRepository(store).find(
    endpoint.applicationId,
    endpoint.endpointId,
  )) ?? { revision: 0 };
  expect({ revision, updatedAt }).toEqual({ revision: endpoint.revision, updatedAt: endpoint.updatedAt });
});
