import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { BackgroundTaskType, Svix } from 'svix';
import { commandUnderTest } from './fixtures/command-under-test.ts';
import { createDrivenOperations, type DrivenOperations } from './fixtures/driven-operations.ts';
import { patienceMs, until } from './fixtures/until.ts';

const minute = 60_000;
const url = 'https://example.com';

let system: LaunchedSystem;
let receiver: Receiver;
let driven: DrivenOperations;
let svix: Svix;
beforeAll(async () => {
  [system, receiver] = await Promise.all([
    launchSystem({ POSTHORN_RETRY_SCHEDULE: '3600' }, commandUnderTest()),
    startReceiver(),
  ]);
  driven = await createDrivenOperations(system.url);
  svix = new Svix(system.token, { serverUrl: system.url, fetch: driven.fetch });
}, 3 * minute);
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
}, minute);

/** Sends a request that the SDK has no method for. */
async function call(method: string, path: string, body?: object): Promise<unknown> {
  const answer = await driven.fetch(`${system.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${system.token}` },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

const anApplication = async () => (await svix.application.create({ name: 'Toys' })).id;

/** An application with an endpoint at the receiver, and a message that it got. */
async function aDelivery() {
  const app = await anApplication();
  const endpoint = await svix.endpoint.create(app, { url: `${receiver.url}/${app}` });
  const message = await svix.message.create(app, { eventType: 'a', payload: { a: 1 } });
  const attempts = async () => (await svix.messageAttempt.listByMsg(app, message.id)).data;
  await until('the attempt is recorded', async () => (await attempts()).length === 1, patienceMs);
  return { app, endpoint: endpoint.id, message: message.id, attempt: (await attempts())[0]?.id ?? '' };
}

const drive = (name: string, test: () => Promise<void>) => it(name, test, 3 * minute);

describe('every operation of the started system works through the SDK', () => {
  drive('applications', async () => {
    const app = await anApplication();
    expect(await svix.application.getOrCreate({ name: 'Toys', uid: `uid-${app}` })).toMatchObject({ name: 'Toys' });
    expect((await svix.application.list()).data.length).toBeGreaterThan(0);
    expect(await svix.application.upsert(app, { name: 'Games' })).toMatchObject({ id: app, name: 'Games' });
    expect(await svix.application.patch(app, { name: 'Books' })).toMatchObject({ name: 'Books' });
    expect(await svix.application.get(app)).toMatchObject({ name: 'Books' });
    await svix.application.delete(app);
  });

  drive('event types', async () => {
    const created = await svix.eventType.create({ name: 'invoice.paid', description: 'Paid' });
    expect(await svix.eventType.get('invoice.paid')).toEqual(created);
    expect((await svix.eventType.list()).data).toContainEqual(expect.objectContaining({ name: 'invoice.paid' }));
  });

  drive('endpoints', async () => {
    const app = await anApplication();
    const { id } = await svix.endpoint.create(app, { url });
    expect(await svix.endpoint.upsert(app, id, { url, description: 'new' })).toMatchObject({ description: 'new' });
    expect(await svix.endpoint.patch(app, id, { description: 'newer' })).toMatchObject({ description: 'newer' });
    expect(await svix.endpoint.get(app, id)).toMatchObject({ id });
    expect((await svix.endpoint.list(app)).data).toMatchObject([{ id }]);
    expect((await svix.endpoint.getSecret(app, id)).key).toMatch(/^whsec_/);
    await svix.endpoint.rotateSecret(app, id, {});
    await svix.endpoint.setHeaders(app, id, { headers: { 'X-A': '1' } });
    await svix.endpoint.patchHeaders(app, id, { headers: { 'X-B': '2' } });
    expect((await svix.endpoint.getHeaders(app, id)).headers).toEqual({ 'X-A': '1', 'X-B': '2' });
    expect(await svix.endpoint.getStats(app, id)).toMatchObject({ success: 0, fail: 0 });
    expect(await call('GET', `/app/${app}/endpoint/${id}/delivery?state=planned`)).toMatchObject({ data: [] });
    await svix.endpoint.delete(app, id);
  });

  drive('messages and attempts', async () => {
    const { app, endpoint, message, attempt } = await aDelivery();
    expect(await svix.message.get(app, message, { withContent: true })).toMatchObject({ payload: { a: 1 } });
    expect((await svix.message.list(app)).data).toMatchObject([{ id: message }]);
    expect((await svix.messageAttempt.listByEndpoint(app, endpoint)).data).toMatchObject([{ id: attempt }]);
    expect(await svix.messageAttempt.get(app, message, attempt)).toMatchObject({ msgId: message, status: 0 });
    await svix.messageAttempt.resend(app, message, endpoint);
  });

  drive('background tasks', async () => {
    const app = await anApplication();
    const { id } = await svix.endpoint.create(app, { url: `${receiver.url}/tasks` });
    const since = new Date(Date.now() - minute);
    const { id: task } = await svix.endpoint.recover(app, id, { since });
    await svix.endpoint.replayMissing(app, id, { since });
    await svix.endpoint.bulkReplay(app, id, { since });
    expect(await svix.backgroundTask.get(task)).toMatchObject({ id: task, task: BackgroundTaskType.EndpointRecover });
    expect((await svix.backgroundTask.list()).data.length).toBeGreaterThan(2);
  });

  drive('destinations', async () => {
    const app = await anApplication();
    receiver.respond(`/${app}`, () => ({ status: 500 }));
    const config = { url: `${receiver.url}/${app}` };
    const { id } = await svix.destination.create(app, { type: 'fifoEndpoint', config });
    expect(await svix.destination.get(app, id)).toMatchObject({ id, status: 'enabled' });
    expect((await svix.destination.list(app)).data).toMatchObject([{ id }]);
    await svix.message.create(app, { eventType: 'a', payload: {} });
    await until(
      'its first message waits for a retry',
      async () => (await svix.destination.get(app, id)).status === 'retrying',
      patienceMs,
    );
    await call('POST', `/app/${app}/destination/${id}/retry`, {});
    await call('POST', `/app/${app}/destination/${id}/skip`, {});
    await call('PATCH', `/app/${app}/destination/${id}`, { status: 'disabled' });
    await svix.destination.delete(app, id);
  });

  drive('retry schedules', async () => {
    const app = await anApplication();
    const { id } = await svix.endpoint.create(app, { url });
    await svix.eventType.create({ name: 'scheduled', description: '' });
    for (const thing of ['', '/event-type/scheduled', `/app/${app}/endpoint/${id}`]) {
      await call('PUT', `${thing}/retry-schedule`, { retrySchedule: [3_600] });
      expect(await call('GET', `${thing}/retry-schedule`)).toEqual({ retrySchedule: [3_600] });
      await call('DELETE', `${thing}/retry-schedule`);
    }
  });

  drive('the front door', async () => {
    expect(await svix.health.get()).toBeUndefined();
    await call('HEAD', '/health');
    await call('GET', '/health/live');
    await call('GET', '/openapi.json');
    for (const path of ['/', '/docs']) {
      expect((await driven.fetch(`${system.url}${path}`, { redirect: 'manual' })).status).toBeLessThan(400);
    }
  });

  it('and none is left out', () => {
    expect(driven.missing()).toEqual([]);
  });
});
