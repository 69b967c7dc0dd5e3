import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createInProcessClient, type EmbeddedDynamodb, openEmbeddedDynamodb } from '@posthorn/local-dynamodb';
import { createDeliveryRepository } from '@posthorn/models/deliveries';
import { createEndpointRepository } from '@posthorn/models/endpoints';
import { createTables } from '@posthorn/models/tables';
import { createTaskRepository } from '@posthorn/models/tasks';
import { anEndpoint, aStoredDelivery, aTask, nthId, secondsLater } from '@posthorn/testing';
import { aTaskWorld, attemptsOf, runToEnd } from '../fixtures/a-task-world.ts';
import { createReadRecoverPage } from './recover-page.ts';

const stage = 'test';
const count = 5_000;
/** The store removes what has expired by its own clock. */
const endedAt = new Date('2100-01-01T00:00:00Z');
const now = new Date('2100-01-02T00:00:00Z');
let store: EmbeddedDynamodb;
let client: DynamoDBClient;
beforeAll(async () => {
  store = await openEmbeddedDynamodb();
  // It takes the place of the SDK's client.
  client = createInProcessClient(store, { pauseMs: () => 0 }) as unknown as DynamoDBClient;
  await createTables(client, stage);
});
afterAll(() => store.close());

it('recovers thousands of failed deliveries from the real tables, each of them once, in slices', async () => {
  const [tasks, endpoints, deliveries] = [
    createTaskRepository({ client, stage }),
    createEndpointRepository({ client, stage }),
    createDeliveryRepository({ client, stage }),
  ];
  const readPage = createReadRecoverPage({
    listDeliveries: deliveries.list,
    deleteEnded: deliveries.deleteEnded,
    findAttempt: async () => undefined,
    clock: () => now,
  });
  const { moveOn } = deliveries;
  const world = aTaskWorld(now, () => ({ tasks, findEndpoint: endpoints.find, readPage, moveOn }));
  await endpoints.insert(anEndpoint());
  const stored = Array.from({ length: count }, (_, n) =>
    aStoredDelivery(
      n % 5 === 0 ? { state: 'canceled', reason: 'endpoint_disabled' } : { state: 'failed', reason: 'exhausted' },
      { messageId: nthId('message', n), attemptNumber: 8 },
      { since: endedAt },
    ),
  );
  await Promise.all(stored.map(deliveries.put));
  const task = aTask({
    createdAt: now,
    work: { kind: 'endpoint.recover', since: secondsLater(0), until: secondsLater(count + 1) },
  });
  await tasks.insert(task);
  const end = await runToEnd({ ...world, tasks }, task);
  expect(end).toMatchObject({ status: 'finished', sent: count });
  expect(end.slice).toBeGreaterThanOrEqual(count / 300);
  expect([world.sent.length, attemptsOf(world.sent).size]).toEqual([count, count]);
});
