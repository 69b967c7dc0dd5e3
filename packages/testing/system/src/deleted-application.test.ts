import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { BackgroundTaskType, Svix } from 'svix';
import { until } from './fixtures/until.ts';

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
beforeAll(async () => {
  // The first retry waits on the queue, the second one in the table of due deliveries.
  const environment = { POSTHORN_RETRY_SCHEDULE: '6,3600' };
  [system, receiver] = await Promise.all([launchSystem(environment), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url });
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
});

/** The rows of a table that name the application or its endpoint. */
async function countRows(table: string, ids: readonly string[]): Promise<number> {
  const { dynamodb: endpoint, region, system: credentials } = await system.cloud();
  const client = new DynamoDBClient({ endpoint, region, credentials });
  const { Items = [] } = await client.send(new ScanCommand({ TableName: `posthorn-local-${table}` }));
  client.destroy();
  return Items.filter((item) => ids.some((id) => JSON.stringify(item).includes(id))).length;
}

it('an application that is deleted gets no further request, and everything large of it is removed at once', async () => {
  receiver.respond('/left', () => ({ status: 500 }));
  receiver.respond('/left-in-order', () => ({ status: 500 }));
  const { id: left } = await svix.application.create({ name: 'Left', uid: 'left' });
  const { id: stays } = await svix.application.create({ name: 'Stays' });
  const { id: endpoint } = await svix.endpoint.create(left, { url: `${receiver.url}/left` });
  const config = { url: `${receiver.url}/left-in-order` };
  const { id: destination } = await svix.destination.create(left, { type: 'fifoEndpoint', config });
  await svix.endpoint.create(stays, { url: `${receiver.url}/stays` });
  const post = (app: string, deliverAt?: Date) =>
    svix.message.create(app, {
      eventType: 'a',
      payload: { text: 'x'.repeat(5_000) },
      ...(deliverAt && { deliverAt }),
    });
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000);
  // Some wait for their time, on the queue or in the due table, some for a retry, in any order or in their group.
  // In its group each waits for the one before it, so the one that is due soon must be the first.
  await post(left, inSeconds(4));
  await post(left, inSeconds(3_600));
  await Promise.all(Array.from({ length: 20 }, () => post(left)));
  // What is written by attempts that are under way is removed only later.
  const countAttempts = async (id: string) =>
    (await svix.messageAttempt.listByEndpoint(left, id, { limit: 50 })).data.length;
  await until('the first attempts are recorded', async () => (await countAttempts(endpoint)) >= 20);
  await until('the first in order is recorded', async () => (await countAttempts(destination)) >= 1);
  await svix.application.delete('left');
  const countOf = () => [receiver.requestsTo('/left').length, receiver.requestsTo('/left-in-order').length];
  const atAnswer = countOf();
  const again = await svix.application.create({ name: 'Left again', uid: 'left' });
  expect(again.id).not.toBe(left);

  // It arrives after everything that waited was due.
  await post(stays, inSeconds(10));
  await receiver.waitFor(() => receiver.requestsTo('/stays').length === 1);
  expect(countOf()).toEqual(atAnswer);

  for (const table of ['messages', 'attempts', 'deliveries', 'groups'])
    await until(`no row is left in ${table}`, async () => {
      return (await countRows(table, [left, endpoint, destination])) === 0;
    });
  const { data } = await svix.backgroundTask.list({ task: BackgroundTaskType.ApplicationPurgeContent });
  expect(data).toMatchObject([{ data: { appId: left, appUid: 'left', messagesPurged: 22 } }]);
  expect((await svix.message.list(stays)).data).toHaveLength(1);
});

it('the attempts of applications are counted, and the event types that they subscribe to are listed', async () => {
  const { id: app } = await svix.application.create({ name: 'Counted', uid: 'counted' });
  await svix.eventType.create({ name: 'a.b', description: '' });
  await svix.endpoint.create(app, { url: `${receiver.url}/counted`, eventTypes: ['a.b'] });
  for (let n = 0; n < 3; n += 1) await svix.message.create(app, { eventType: 'a.b', payload: {} });
  await receiver.waitFor(() => receiver.requestsTo('/counted').length === 3);
  const since = new Date(Date.now() - 3_600_000);
  const resultOf = async (id: string) => {
    await until('the task has ended', async () => (await svix.backgroundTask.get(id)).status !== 'running');
    return (await svix.backgroundTask.get(id)).data;
  };
  await until('three attempts are counted', async () => {
    const { id } = await svix.statistics.aggregateAppStats({ since, until: new Date(), appIds: ['counted'] });
    const { appStats } = await resultOf(id);
    return appStats.length === 1 && appStats[0].appId === app && appStats[0].messageDestinations === 3;
  });
  const { event_types: listed } = await resultOf((await svix.statistics.aggregateEventTypes()).id);
  expect(listed).toContainEqual({
    appId: app,
    explicitlySubscribedEventTypes: ['a.b'],
    hasCatchAllEndpoint: false,
  });
});
