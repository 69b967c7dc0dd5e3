import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { ApiException, BackgroundTaskType, DestinationStatusIn, Svix } from 'svix';
import { commandUnderTest } from './fixtures/command-under-test.ts';
import { createDrivenOperations, type DrivenOperations } from './fixtures/driven-operations.ts';
import { until } from './fixtures/until.ts';

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
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
});

/** Sends a request that the SDK has no method for. */
async function call(method: string, path: string, body?: object): Promise<unknown> {
  const answer = await driven.fetchOther(`${system.url}/api/v1${path}`, {
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
  await until('the attempt is recorded', async () => (await attempts()).length === 1);
  return { app, endpoint: endpoint.id, message: message.id, attempt: (await attempts())[0]?.id ?? '' };
}

const drive = (name: string, test: () => Promise<void>) => it(name, test);

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
    expect(await svix.eventType.upsert('invoice.paid', { description: 'b' })).toMatchObject({ description: 'b' });
    expect(await svix.eventType.patch('invoice.paid', { description: 'c' })).toMatchObject({ description: 'c' });
    const spec = { openapi: '3.1.0', info: { title: 'a', version: '1' }, webhooks: {} };
    expect(await svix.eventType.importOpenapi({ spec })).toMatchObject({ data: { modified: [] } });
    await svix.eventType.delete('invoice.paid');
  });

  drive('endpoints', async () => {
    const app = await anApplication();
    // It takes the example at once, so that no delivery waits.
    const at = { url: `${receiver.url}/${app}` };
    const { id } = await svix.endpoint.create(app, at);
    expect(await svix.endpoint.upsert(app, id, { ...at, description: 'new' })).toMatchObject({ description: 'new' });
    expect(await svix.endpoint.patch(app, id, { description: 'newer' })).toMatchObject({ description: 'newer' });
    expect(await svix.endpoint.get(app, id)).toMatchObject({ id });
    expect((await svix.endpoint.list(app)).data).toMatchObject([{ id }]);
    expect((await svix.endpoint.getSecret(app, id)).key).toMatch(/^whsec_/);
    await svix.endpoint.rotateSecret(app, id, {});
    await svix.endpoint.setHeaders(app, id, { headers: { 'X-A': '1' } });
    await svix.endpoint.patchHeaders(app, id, { headers: { 'X-B': '2' } });
    expect((await svix.endpoint.getHeaders(app, id)).headers).toEqual({ 'X-A': '1', 'X-B': '2' });
    await svix.endpoint.sendExample(app, id, { eventType: 'svix.ping' });
    await svix.endpoint.transformation.patch(app, id, { code: 'function handler(webhook) { return webhook; }' });
    expect((await svix.endpoint.transformation.get(app, id)).code).toContain('handler');
    expect(await svix.endpoint.getStats(app, id)).toMatchObject({ canceled: 0 });
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
    expect((await svix.messageAttempt.listAttemptedMessages(app, endpoint)).data).toMatchObject([{ id: message }]);
    expect((await svix.messageAttempt.listAttemptedDestinations(app, message)).data).toMatchObject([{ id: endpoint }]);
    expect(await svix.message.precheck(app, { eventType: 'a' })).toEqual({ active: true });
    await svix.messageAttempt.expungeContent(app, message, attempt);
    await svix.message.expungeContent(app, message);
    await svix.message.bulkExpungeContent(app, { ids: [message] });
    expect(await svix.message.expungeAllContents(app)).toMatchObject({ status: expect.any(String) });
  });

  drive('the message poller', async () => {
    const app = await anApplication();
    expect(await svix.message.poller.poll(app, 'orders')).toMatchObject({ data: [], done: true });
    const { id } = await svix.message.create(app, { eventType: 'a', payload: { a: 1 } });
    const poll = () => svix.message.poller.poll(app, 'orders');
    await until('the message is in the log', async () => (await poll()).data.length === 1);
    const { data, iterator } = await svix.message.poller.consumerPoll(app, 'orders', 'one');
    expect(data).toMatchObject([{ id, payload: { a: 1 } }]);
    expect(await svix.message.poller.consumerPoll(app, 'orders', 'one', { iterator })).toMatchObject({ data: [] });
    await svix.message.poller.consumerSeek(app, 'orders', 'one', { after: new Date(Date.now() - 60 * minute) });
    expect((await svix.message.poller.consumerPoll(app, 'orders', 'one')).data).toMatchObject([{ id }]);
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
    const { id: msgId } = await svix.message.create(app, { eventType: 'a', payload: {} });
    await until(
      'its first message waits for a retry',
      async () => (await svix.destination.get(app, id)).status === 'retrying',
    );
    await call('POST', `/app/${app}/destination/${id}/retry`, { msgId });
    await call('POST', `/app/${app}/destination/${id}/skip`, { msgId });
    await svix.destination.transformation.patch(app, id, { code: 'function handler(input) { return input; }' });
    expect(await svix.destination.transformation.get(app, id)).toBeDefined();
    await svix.destination.upsert(app, id, { type: 'fifoEndpoint', config });
    await svix.destination.patch(app, id, { type: 'fifoEndpoint', config: {}, status: DestinationStatusIn.Disabled });
    await svix.destination.delete(app, id);
  });

  drive('operational webhooks', async () => {
    const webhooks = svix.operationalWebhook.endpoint;
    const { id } = await webhooks.create({ url });
    expect((await webhooks.list()).data).toMatchObject([{ id }]);
    expect(await webhooks.upsert(id, { url, description: 'new' })).toMatchObject({ description: 'new' });
    expect(await webhooks.get(id)).toMatchObject({ description: 'new' });
    expect((await webhooks.getSecret(id)).key).toMatch(/^whsec_/);
    await webhooks.rotateSecret(id, {});
    await webhooks.setHeaders(id, { headers: { 'X-A': '1' } });
    expect((await webhooks.getHeaders(id)).headers).toEqual({ 'X-A': '1' });
    await webhooks.delete(id);
  });

  drive('integrations, portal access and statistics', async () => {
    const app = await anApplication();
    const { id } = await svix.integration.create(app, { name: 'one' });
    expect((await svix.integration.list(app)).data).toMatchObject([{ id }]);
    expect(await svix.integration.update(app, id, { name: 'two' })).toMatchObject({ name: 'two' });
    expect(await svix.integration.get(app, id)).toMatchObject({ name: 'two' });
    expect((await svix.integration.rotateKey(app, id)).key).toEqual(expect.any(String));
    await svix.integration.delete(app, id);
    const { token } = await svix.authentication.appPortalAccess(app, {});
    await new Svix(token, { serverUrl: system.url, fetch: driven.fetch }).authentication.logout();
    await svix.authentication.expireAll(app, {});
    const tokens = `/auth/app/${app}/token`;
    const { jti } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    expect(await call('GET', tokens)).toMatchObject({ data: [{ id: jti, revoked: true }] });
    await call('DELETE', `${tokens}/${jti}`);
    expect(await call('GET', `/app/${app}/failing-endpoint`)).toMatchObject({ data: [], done: true });
    const now = new Date();
    const since = new Date(now.getTime() - 3 * 60 * minute);
    await svix.statistics.aggregateAppStats({ since, until: now });
    await svix.statistics.aggregateEventTypes();
  });

  drive('the environment', async () => {
    const exported = await svix.environment.export();
    await svix.environment.import({ eventTypes: exported.eventTypes });
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

  drive('enforced schemas', async () => {
    const app = await anApplication();
    const schemas = { 1: { required: ['id'] } };
    await svix.eventType.create({ name: 'enforced', description: '', schemas });
    expect(await call('PUT', '/enforcement', { enabled: false })).toEqual({ enabled: false });
    expect(await call('GET', '/enforcement')).toEqual({ enabled: false });
    const path = '/event-type/enforced/enforcement';
    expect(await call('PUT', path, { enabled: true })).toEqual({ enabled: true, checked: true });
    expect(await call('GET', path)).toEqual({ enabled: true, checked: true });
    const refused = async (): Promise<boolean> => {
      const error: unknown = await svix.message.create(app, { eventType: 'enforced', payload: {} }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      return error instanceof ApiException && error.code === 422;
    };
    await until('schemas are enforced', refused);
    await svix.message.create(app, { eventType: 'enforced', payload: { id: 1 } });
    expect(await call('DELETE', path)).toBeUndefined();
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

  it('and a request of the SDK counts only if the SDK sends it', async () => {
    await expect(call('GET', '/app')).rejects.toThrow('the SDK has a method for GET /api/v1/app');
  });

  it('and none is left out', () => {
    expect(driven.missing()).toEqual([]);
  });
});
