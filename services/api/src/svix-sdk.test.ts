import { attemptIdOf, firstDeliveryOf, type Message } from '@posthorn/core';
import { aMessage, anAttempt, aStoredDelivery, ids, nthId, nthMessageId, secondsLater } from '@posthorn/testing';
import {
  ApiException,
  BackgroundTaskType,
  BulkExpungeStatus,
  DestinationStatusIn,
  MessageStatus,
  messageInRaw,
  Ordering,
  Svix,
} from 'svix';
import { anApi } from './fixtures/an-api.ts';
import { sdkFetch } from './fixtures/sdk-fetch.ts';

/** The published client, unchanged, against every function of the API. */
function aClient(token = 'organisation') {
  const api = anApi(secondsLater(60));
  const svix = new Svix(token, { serverUrl: 'https://posthorn.test', fetch: sdkFetch(api.serve) });
  return { ...api, svix };
}

async function withApplication() {
  const client = aClient();
  const application = await client.svix.application.create({ name: 'Toys', uid: 'toys' });
  return { ...client, application };
}

const refusalOf = async (call: Promise<unknown>) => {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  if (error instanceof ApiException) return { status: error.code, body: error.body };
  throw new Error('the client was not refused', { cause: error });
};

describe('the svix client', () => {
  it('manages applications', async () => {
    const { svix, application } = await withApplication();
    expect(await svix.application.get('toys')).toEqual(application);
    expect(await svix.application.getOrCreate({ name: 'Other', uid: 'toys' })).toEqual(application);
    expect(await svix.application.upsert('toys', { name: 'Games', uid: 'toys' })).toMatchObject({ name: 'Games' });
    expect(await svix.application.patch('toys', { metadata: { a: 'b' } })).toMatchObject({ metadata: { a: 'b' } });
    expect(await svix.application.list({ limit: 10 })).toMatchObject({ data: [{ uid: 'toys' }], done: true });
    await svix.application.delete('toys');
    expect(await refusalOf(svix.application.get('toys'))).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('deletes an application, and watches how everything of it is removed', async () => {
    const { svix, application } = await withApplication();
    await svix.application.delete('toys');
    const { data } = await svix.backgroundTask.list({ task: BackgroundTaskType.ApplicationPurgeContent });
    expect(data).toMatchObject([{ status: 'running', data: { appId: application.id, messagesPurged: 0 } }]);
    expect((await svix.application.getOrCreate({ name: 'New', uid: 'toys' })).id).not.toBe(application.id);
  });

  it('lists applications without those whose endpoints get nothing', async () => {
    const { svix } = await withApplication();
    const filters = {
      excludeAppsWithNoEndpoints: true,
      excludeAppsWithDisabledEndpoints: true,
      excludeAppsWithSvixPlayEndpoints: true,
    };
    expect((await svix.application.list(filters)).data).toEqual([]);
    await svix.endpoint.create('toys', { url: 'https://example.com/hook' });
    expect((await svix.application.list(filters)).data).toMatchObject([{ uid: 'toys' }]);
  });

  it('asks for statistics, and for the tasks that make them', async () => {
    const { svix, application } = await withApplication();
    const window = { since: secondsLater(0), until: secondsLater(30) };
    const usage = await svix.statistics.aggregateAppStats({ ...window, appIds: ['toys', 'nobody'] });
    expect(usage).toMatchObject({ task: 'application.stats', status: 'running', unresolvedAppIds: ['nobody'] });
    expect(usage.updatedAt).toEqual(secondsLater(60));
    expect((await svix.backgroundTask.get(usage.id)).data).toMatchObject({ appsCounted: 0 });
    const all = await svix.statistics.aggregateAppStats({ ...window, appIds: null });
    expect(all.unresolvedAppIds).toEqual([]);
    const subscriptions = await svix.statistics.aggregateEventTypes();
    expect(await svix.backgroundTask.get(subscriptions.id)).toMatchObject({ task: 'event-type.aggregate' });
    const none = svix.statistics.aggregateAppStats({ ...window, appIds: ['nobody'] });
    expect(await refusalOf(none)).toMatchObject({ status: 422 });
    expect(application.uid).toBe('toys');
  });

  it('transforms what endpoints and destinations get', async () => {
    const { svix } = await withApplication();
    const endpoint = await svix.endpoint.create('toys', { url: 'https://example.com/' });
    const code = 'function handler(webhook) { return webhook }';
    await svix.endpoint.transformation.patch('toys', endpoint.id, { code, enabled: true, variables: { a: 'b' } });
    const shown = await svix.endpoint.transformation.get('toys', endpoint.id);
    expect(shown).toEqual({ code, enabled: true, variables: { a: 'b' }, updatedAt: expect.any(Date) });
    const config = { url: 'https://example.com/' };
    const destination = await svix.destination.create('toys', { type: 'fifoEndpoint', config });
    await svix.destination.transformation.patch('toys', destination.id, { code });
    expect(await svix.destination.transformation.get('toys', destination.id)).toEqual({ code, enabled: true });
  });

  it('manages event types', async () => {
    const { svix } = aClient();
    const created = await svix.eventType.create({ name: 'invoice.paid', description: 'Paid', schemas: { 1: {} } });
    expect(await svix.eventType.get('invoice.paid')).toEqual(created);
    expect(await svix.eventType.list({ withContent: true })).toMatchObject({ data: [created], done: true });
    const again = svix.eventType.create({ name: 'invoice.paid', description: '' });
    expect(await refusalOf(again)).toMatchObject({ status: 409, body: { code: 'event_type_exists' } });
  });

  it('changes, archives and removes event types', async () => {
    const { svix } = aClient();
    const content = { description: 'Paid', deprecated: true, groupName: 'invoice', featureFlags: ['beta', 'gamma'] };
    const created = await svix.eventType.upsert('invoice.paid', { ...content, schemas: { 1: { type: 'object' } } });
    expect(created).toMatchObject({ name: 'invoice.paid', archived: false, ...content, schemas: { 1: {} } });
    const patched = await svix.eventType.patch('invoice.paid', { schemas: null, featureFlags: ['beta'] });
    expect(patched).toEqual({ ...created, schemas: null, featureFlags: ['beta'] });
    const replaced = await svix.eventType.upsert('invoice.paid', { description: 'New' });
    expect(replaced).toMatchObject({ description: 'New', deprecated: false, groupName: null, featureFlags: null });
    await svix.eventType.create({ name: 'invoice.sent', description: '' });
    const names = async (options: Parameters<typeof svix.eventType.list>[0]) =>
      (await svix.eventType.list(options)).data.map(({ name }) => name);
    expect(await names({ order: Ordering.Descending })).toEqual(['invoice.sent', 'invoice.paid']);
    await svix.eventType.delete('invoice.paid');
    expect(await names({})).toEqual(['invoice.sent']);
    expect(await names({ includeArchived: true })).toEqual(['invoice.paid', 'invoice.sent']);
    await svix.eventType.delete('invoice.paid', { expunge: true });
    expect(await refusalOf(svix.eventType.get('invoice.paid'))).toMatchObject({ status: 404 });
  });

  it('is told what does not fit an enforced schema', async () => {
    const { svix, enforcement, sleep } = await withApplication();
    const schemas = { 1: { properties: { id: { type: 'integer' } } } };
    await svix.eventType.create({ name: 'invoice.paid', description: 'Paid', schemas });
    const send = (id: unknown) => svix.message.create('toys', { eventType: 'invoice.paid', payload: { id } });
    await send('1');
    await enforcement.put(ids.organisation, true);
    await sleep(5_000);
    const detail = [{ loc: ['body', 'payload', 'id'], msg: 'must be integer', type: 'value_error' }];
    expect(await refusalOf(send('1'))).toMatchObject({ status: 422, body: { detail } });
    expect(await send(1)).toMatchObject({ eventType: 'invoice.paid' });
  });

  it('imports event types from OpenAPI', async () => {
    const { svix } = aClient();
    const specRaw = 'openapi: 3.1.0\nwebhooks: { pet.new: { post: { summary: A pet } } }\n';
    const { data } = await svix.eventType.importOpenapi({ specRaw, dryRun: true });
    expect(data).toMatchObject({ modified: [], toModify: [{ name: 'pet.new', description: 'A pet', schemas: null }] });
    expect((await svix.eventType.list()).data).toEqual([]);
    const done = await svix.eventType.importOpenapi({ specRaw, replaceAll: true });
    expect(done.data.modified).toEqual(['pet.new']);
    expect(await svix.eventType.get('pet.new')).toMatchObject({ description: 'A pet' });
    expect(await refusalOf(svix.eventType.importOpenapi({}))).toMatchObject({ status: 400 });
  });

  it('manages endpoints', async () => {
    const { svix } = await withApplication();
    const created = await svix.endpoint.create('toys', {
      url: 'https://example.com/hook',
      uid: 'one',
      channels: ['c'],
    });
    expect(await svix.endpoint.get('toys', 'one')).toEqual(created);
    expect(await svix.endpoint.list('toys', { order: Ordering.Ascending })).toMatchObject({ data: [created] });
    const replaced = await svix.endpoint.upsert('toys', created.id, { url: 'https://example.com/new', disabled: true });
    expect(replaced).toMatchObject({ id: created.id, disabled: true, channels: null });
    expect(await svix.endpoint.patch('toys', created.id, { disabled: false })).toMatchObject({ disabled: false });
    expect((await svix.endpoint.getSecret('toys', created.id)).key).toMatch(/^whsec_/);
    await svix.endpoint.rotateSecret('toys', created.id, { key: null });
    await svix.endpoint.setHeaders('toys', created.id, { headers: { 'X-A': '1', 'X-B': '2' } });
    await svix.endpoint.patchHeaders('toys', created.id, { headers: { 'X-C': '3' }, deleteHeaders: ['X-A'] });
    const headers = await svix.endpoint.getHeaders('toys', created.id);
    expect(headers).toEqual({ headers: { 'X-B': '2', 'X-C': '3' }, sensitive: [] });
    const stats = await svix.endpoint.getStats('toys', created.id, { since: secondsLater(-3600) });
    expect(stats).toEqual({ success: 0, pending: 0, sending: 0, fail: 0, canceled: 0 });
    await svix.endpoint.delete('toys', created.id);
    expect(await svix.endpoint.list('toys')).toMatchObject({ data: [], iterator: null, done: true });
  });

  it('sends messages and reads them back', async () => {
    const { svix } = await withApplication();
    const input = { eventType: 'invoice.paid', eventId: 'order-1', payload: { a: 1 }, tags: null, deliverAt: null };
    const sent = await svix.message.create('toys', input, { withContent: true });
    expect(sent).toMatchObject({ eventId: 'order-1', payload: { a: 1 }, timestamp: secondsLater(60) });
    expect(await svix.message.get('toys', 'order-1', { withContent: true })).toEqual(sent);
    expect(await svix.message.list('toys')).toMatchObject({ data: [{ id: sent.id, payload: {} }], done: true });
    const raw = await svix.message.create('toys', messageInRaw('invoice.paid', '<a/>', 'text/xml'));
    expect(await svix.message.get('toys', raw.id, { withContent: true })).toMatchObject({ payload: {} });
    expect(await refusalOf(svix.message.create('toys', input))).toMatchObject({ status: 409 });
  });

  it('schedules a message', async () => {
    const { svix } = await withApplication();
    const deliverAt = secondsLater(3_600);
    const sent = await svix.message.create('toys', { eventType: 'a', payload: {}, deliverAt });
    expect(sent.deliverAt).toEqual(deliverAt);
    expect((await svix.message.get('toys', sent.id)).deliverAt).toEqual(deliverAt);
  });

  it('lists messages by every filter', async () => {
    const { svix, application, messages } = await withApplication();
    const insert = (n: number, labels: Partial<Message>) =>
      messages.insert(aMessage({ applicationId: application.id, messageId: nthId('message', n), ...labels }));
    await insert(1, { channels: ['red'] });
    await insert(2, { tags: ['urgent'] });
    await insert(3, { eventType: 'a' });
    const idsOf = async (options: Parameters<typeof svix.message.list>[1]) =>
      (await svix.message.list('toys', options)).data.map(({ id }) => id);
    const [first, second, third] = [1, 2, 3].map((n) => nthId('message', n));
    expect(await idsOf({ channel: 'red' })).toEqual([first]);
    expect(await idsOf({ tag: 'urgent' })).toEqual([second]);
    expect(await idsOf({ eventTypes: ['a', 'b'] })).toEqual([third]);
    expect(await idsOf({ before: secondsLater(3), after: secondsLater(2) })).toEqual([second]);
    expect(await idsOf({ limit: 1, iterator: third ?? null })).toEqual([second]);
    const { data } = await svix.message.list('toys', { tag: 'urgent', withContent: true });
    expect(data).toMatchObject([{ id: second, payload: { invoice: 42 } }]);
  });

  it('asks whether a message would be sent', async () => {
    const { svix } = await withApplication();
    const message = { eventType: 'a', channels: ['eu'] };
    expect(await svix.message.precheck('toys', message)).toEqual({ active: false });
    await svix.endpoint.create('toys', { url: 'https://example.com', channels: ['eu'] });
    expect(await svix.message.precheck('toys', message)).toEqual({ active: true });
    expect(await svix.message.precheck('toys', { eventType: 'a', channels: null })).toEqual({ active: false });
  });

  it('expunges the payloads of messages', async () => {
    const { svix } = await withApplication();
    const endpoint = await svix.endpoint.create('toys', { url: 'https://example.com' });
    const send = (eventId: string) => svix.message.create('toys', { eventType: 'a', eventId, payload: { eventId } });
    const [one, two, three] = [await send('order-1'), await send('order-2'), await send('order-3')];
    await svix.message.expungeContent('toys', 'order-1');
    const results = { 'order-1': BulkExpungeStatus.Expunged, [two.id]: BulkExpungeStatus.Expunged };
    expect(await svix.message.bulkExpungeContent('toys', { ids: ['order-1', two.id, 'order-9'] })).toEqual({
      results: { ...results, 'order-9': BulkExpungeStatus.NotFound },
    });
    expect(await svix.message.bulkExpungeContent('toys')).toEqual({ results: {} });
    const { data } = await svix.message.list('toys', { withContent: true });
    expect(new Map(data.map(({ id, payload }) => [id, payload]))).toEqual(
      new Map([
        [one.id, { expired: true }],
        [two.id, { expired: true }],
        [three.id, { eventId: 'order-3' }],
      ]),
    );
    expect(await svix.message.get('toys', 'order-1', { withContent: true })).toEqual({
      ...one,
      payload: { expired: true },
    });
    expect(await refusalOf(svix.messageAttempt.resend('toys', one.id, endpoint.id))).toMatchObject({ status: 400 });
    expect(await refusalOf(svix.message.expungeContent('toys', 'order-9'))).toMatchObject({ status: 404 });
  });

  it('expunges the payloads of all messages of an application', async () => {
    const { svix, application } = await withApplication();
    const begun = await svix.message.expungeAllContents('toys', { idempotencyKey: 'k' });
    expect(begun).toMatchObject({ status: 'running', task: BackgroundTaskType.ApplicationPurgeContent });
    expect(await svix.message.expungeAllContents('toys', { idempotencyKey: 'k' })).toEqual(begun);
    const task = await svix.backgroundTask.get(begun.id);
    expect(task).toMatchObject({ ...begun, data: { messagesPurged: 0, appId: application.id } });
    const listed = await svix.backgroundTask.list({ task: BackgroundTaskType.ApplicationPurgeContent });
    expect(listed.data).toEqual([task]);
  });

  it('sends a message once for each idempotency key', async () => {
    const { svix, messages } = await withApplication();
    const send = () => svix.message.create('toys', { eventType: 'a', payload: {} }, { idempotencyKey: 'k' });
    expect(await send()).toEqual(await send());
    expect(messages.all()).toHaveLength(1);
  });

  it('reads attempts and asks for more', async () => {
    const { svix, application, messages, attempts } = await withApplication();
    const endpoint = await svix.endpoint.create('toys', { url: 'https://example.com' });
    const message = aMessage({ applicationId: application.id });
    const own = { applicationId: application.id, endpointId: endpoint.id };
    await messages.insert(message);
    await attempts.record(anAttempt({ ...own, attemptId: nthId('attempt', 1), status: 'failed' }));
    await attempts.record(anAttempt({ ...own, attemptId: nthId('attempt', 2), response: 'thank you' }));
    const listed = await svix.messageAttempt.listByEndpoint('toys', endpoint.id, { status: 2, withContent: true });
    expect(listed).toMatchObject({ data: [{ id: nthId('attempt', 1), status: 2, statusText: 'fail' }], done: true });
    const byMessage = await svix.messageAttempt.listByMsg('toys', ids.message, { endpointId: endpoint.id, limit: 1 });
    expect(byMessage).toMatchObject({ data: [{ id: nthId('attempt', 2), response: '{}' }], done: false });
    const one = await svix.messageAttempt.get('toys', ids.message, nthId('attempt', 2));
    expect(one).toMatchObject({ response: 'thank you', triggerType: 0, msgId: ids.message, endpointId: endpoint.id });
    const request = { idempotencyKey: 'again' };
    expect(await svix.messageAttempt.resend('toys', ids.message, endpoint.id, request)).toEqual({});
    expect(await svix.messageAttempt.resend('toys', ids.message, endpoint.id, request)).toEqual({});
    expect(messages.resends()).toHaveLength(1);
    await svix.messageAttempt.expungeContent('toys', ids.message, nthId('attempt', 2));
    const expanded = { expandedStatuses: true };
    const expunged = await svix.messageAttempt.get('toys', ids.message, nthId('attempt', 2), expanded);
    expect(expunged).toEqual({ ...one, response: 'EXPUNGED' });
  });

  it('reads what a transformation has canceled', async () => {
    const { svix, application, messages, attempts } = await withApplication();
    const { id: endpointId } = await svix.endpoint.create('toys', { url: 'https://example.com' });
    const applicationId = application.id;
    const message = aMessage({ applicationId });
    await messages.insert(message);
    const attemptId = attemptIdOf(firstDeliveryOf(message, endpointId));
    await attempts.record(anAttempt({ applicationId, endpointId, attemptId, responseStatusCode: 0 }));
    const lists = (options: { status?: MessageStatus; expandedStatuses?: boolean }) =>
      Promise.all([
        svix.messageAttempt.listByEndpoint('toys', endpointId, options),
        svix.messageAttempt.listByMsg('toys', ids.message, options),
        svix.messageAttempt.listAttemptedMessages('toys', endpointId, options),
      ]);
    for (const { data } of await lists({ status: MessageStatus.Canceled }))
      expect(data).toMatchObject([{ status: MessageStatus.Canceled, statusText: 'canceled' }]);
    for (const { data } of await lists({ status: MessageStatus.Success })) expect(data).toEqual([]);
    for (const { data } of await lists({ status: MessageStatus.Success, expandedStatuses: false }))
      expect(data).toMatchObject([{ status: MessageStatus.Success, statusText: 'success' }]);
    const one = await svix.messageAttempt.get('toys', ids.message, attemptId);
    expect(one).toMatchObject({ status: MessageStatus.Canceled });
    expect(await svix.messageAttempt.get('toys', ids.message, attemptId, { expandedStatuses: false })).toMatchObject({
      status: MessageStatus.Success,
    });
  });

  it('filters attempts, and reads where messages stand', async () => {
    const { svix, application, messages, attempts, deliveries } = await withApplication();
    const endpoint = await svix.endpoint.create('toys', { url: 'https://example.com', uid: 'one' });
    const own = { applicationId: application.id, endpointId: endpoint.id };
    const [accepted, waiting] = [1, 2].map((n) => nthId('message', n)) as [string, string];
    const labels = { channels: ['eu'], eventType: 'a' };
    const ofApplication = { applicationId: application.id };
    await messages.insert(aMessage({ ...ofApplication, ...labels, messageId: accepted, tags: ['blue'] }));
    await messages.insert(aMessage({ ...ofApplication, messageId: waiting }));
    const attempt = anAttempt({ ...own, ...labels, messageId: accepted, attemptId: nthId('attempt', 5) });
    await attempts.record(attempt);
    const of = { ...own, messageId: waiting, scheduledAt: secondsLater(90) };
    await deliveries.put(aStoredDelivery({ state: 'planned', reason: 'throttled' }, of));
    const filters = {
      status: 0,
      statusCodeClass: 200,
      channel: 'eu',
      tag: 'blue',
      eventTypes: ['a', 'b'],
      after: secondsLater(5),
      before: secondsLater(6),
      limit: 10,
      withContent: true,
      expandedStatuses: true,
    };
    const byEndpoint = await svix.messageAttempt.listByEndpoint('toys', 'one', { ...filters, withMsg: true });
    expect(byEndpoint.data).toMatchObject([
      { id: attempt.attemptId, response: 'thank you', msg: { id: accepted, tags: ['blue'], payload: {} } },
    ]);
    const byMessage = await svix.messageAttempt.listByMsg('toys', accepted, { ...filters, endpointId: 'one' });
    expect(byMessage.data).toMatchObject([{ id: attempt.attemptId }]);
    const { statusCodeClass: _, after: __, before: ___, ...shown } = filters;
    const window = { after: secondsLater(1), before: secondsLater(2) };
    const found = await svix.messageAttempt.listAttemptedMessages('toys', 'one', { ...shown, ...window });
    expect(found).toMatchObject({ data: [{ id: accepted, statusText: 'success', nextAttempt: null }], done: true });
    const pending = await svix.messageAttempt.listAttemptedMessages('toys', 'one', { status: 1 });
    expect(pending.data).toMatchObject([{ id: waiting, payload: {}, nextAttempt: secondsLater(90) }]);
    const destinations = await svix.messageAttempt.listAttemptedDestinations('toys', waiting, { limit: 5 });
    expect(destinations).toMatchObject({
      data: [{ id: endpoint.id, uid: 'one', status: 1, statusText: 'pending', nextAttempt: secondsLater(90) }],
      done: true,
    });
  });

  it('starts background tasks and watches them', async () => {
    const { svix, tasks } = await withApplication();
    const { id } = await svix.endpoint.create('toys', { url: 'https://example.com' });
    const since = secondsLater(0);
    const begun = [
      await svix.endpoint.recover('toys', id, { since }),
      await svix.endpoint.replayMissing('toys', id, { since, until: secondsLater(30) }),
      await svix.endpoint.bulkReplay('toys', id, { since, eventTypes: ['a'], status: 2, statusCodeClass: 500 }),
    ];
    expect(begun.map(({ task, status }) => [task, status])).toEqual(
      ['endpoint.recover', 'endpoint.replay', 'endpoint.bulk-replay'].map((task) => [task, 'running']),
    );
    expect(tasks.all()).toHaveLength(3);
    const one = await svix.backgroundTask.get(begun[0]?.id ?? '');
    expect(one).toMatchObject({ ...begun[0], data: { messagesSent: 0, endpointId: id } });
    const listed = await svix.backgroundTask.list({
      task: BackgroundTaskType.EndpointRecover,
      order: Ordering.Ascending,
    });
    expect(listed).toMatchObject({ data: [one], done: true });
  });

  it('polls messages, by itself and as a consumer', async () => {
    const { svix, application, messages, messageLog } = await withApplication();
    const applicationId = application.id;
    const [first, second] = [1, 2].map((n) => aMessage({ applicationId, messageId: nthMessageId(n, 'ordered') }));
    if (!first || !second) throw new Error('two messages were made');
    expect(await svix.message.poller.poll('toys', 'orders')).toMatchObject({ data: [], done: true });
    for (const message of [first, second]) await messages.insert({ ...message, channels: ['eu'] });
    const entries = [first, second].map(({ messageId }, n) => ({ sequence: String(n + 1), messageId }));
    const times = { committedAt: secondsLater(2), expiresAt: secondsLater(3_600) };
    await messageLog.append(applicationId, { entries, ...times });

    const filters = { eventType: 'invoice.paid', channel: 'eu' };
    const page = await svix.message.poller.poll('toys', 'orders', { limit: 1, ...filters });
    expect(page).toMatchObject({ data: [{ id: first.messageId, payload: { invoice: 42 } }], done: false });
    expect(page.data[0]?.timestamp).toEqual(first.acceptedAt);
    const rest = await svix.message.poller.poll('toys', 'orders', { iterator: page.iterator });
    expect(rest).toMatchObject({ data: [{ id: second.messageId }], done: true });
    const late = await svix.message.poller.poll('toys', 'orders', { after: secondsLater(2) });
    expect(late.data.map(({ id }) => id)).toEqual([second.messageId]);

    const given = await svix.message.poller.consumerPoll('toys', 'orders', 'one', { limit: 5 });
    expect(given.data.map(({ id }) => id)).toEqual([first.messageId, second.messageId]);
    const { iterator } = given;
    expect(await svix.message.poller.consumerPoll('toys', 'orders', 'one', { iterator })).toMatchObject({ data: [] });
    await svix.message.poller.consumerSeek('toys', 'orders', 'one', { after: secondsLater(2) });
    const again = await svix.message.poller.consumerPoll('toys', 'orders', 'one');
    expect(again.data.map(({ id }) => id)).toEqual([second.messageId]);
    const wrong = svix.message.poller.poll('toys', 'other', { iterator });
    expect(await refusalOf(wrong)).toMatchObject({ status: 422, body: { detail: [{ loc: ['query', 'iterator'] }] } });
  });

  it('manages destinations', async () => {
    const { svix } = await withApplication();
    const created = await svix.destination.create('toys', {
      type: 'fifoEndpoint',
      config: { url: 'https://example.com', headers: { 'X-A': '1' } },
      metadata: { orderBy: '$.order' },
    });
    expect(created).toMatchObject({ type: 'fifoEndpoint', status: 'enabled', batchSize: 1 });
    expect(await svix.destination.get('toys', created.id)).toEqual(created);
    expect(await svix.destination.list('toys')).toMatchObject({ data: [{ id: created.id }], done: true });
    await svix.destination.delete('toys', created.id);
    expect(await refusalOf(svix.destination.get('toys', created.id))).toMatchObject({ status: 404 });
  });

  it('replaces destinations and changes parts of them', async () => {
    const { svix } = await withApplication();
    const config = { url: 'https://example.com/', headers: { 'X-A': '1' } };
    const created = await svix.destination.upsert('toys', 'one', { type: 'fifoEndpoint', uid: 'one', config });
    expect(created).toMatchObject({ uid: 'one', config: { url: config.url, headers: { headers: config.headers } } });
    const replaced = await svix.destination.upsert('toys', 'one', {
      type: 'fifoEndpoint',
      uid: 'one',
      config: { url: 'https://example.com/b', key: null },
      status: DestinationStatusIn.Disabled,
      batchSize: 1,
      maxWaitSecs: 0,
      eventTypes: [],
      channels: ['c'],
      metadata: { orderBy: '$.order' },
    });
    expect(replaced).toMatchObject({ id: created.id, status: 'disabled', channels: ['c'] });
    expect(replaced.config).toEqual({ url: 'https://example.com/b', headers: { headers: {}, sensitive: [] } });
    const patched = await svix.destination.patch('toys', created.id, {
      type: 'fifoEndpoint',
      config: { url: 'https://example.com/c' },
      uid: null,
      status: DestinationStatusIn.Enabled,
    });
    expect(patched).toMatchObject({ id: created.id, uid: null, status: 'enabled', metadata: replaced.metadata });
    expect(await svix.destination.get('toys', created.id)).toEqual(patched);
    const batches = svix.destination.patch('toys', created.id, { type: 'fifoEndpoint', config: {}, batchSize: 10 });
    expect(await refusalOf(batches)).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'batchSize'] }] } });
  });

  it('sends an example', async () => {
    const { svix, messages } = await withApplication();
    const { id } = await svix.endpoint.create('toys', { url: 'https://example.com' });
    const sent = await svix.endpoint.sendExample('toys', id, { eventType: 'svix.ping' });
    expect(sent).toMatchObject({ eventType: 'svix.ping', payload: { success: true }, timestamp: secondsLater(60) });
    expect(messages.all()).toMatchObject([{ messageId: sent.id, onlyTo: id }]);
  });

  it('finds the service healthy', async () => {
    expect(await aClient().svix.health.get()).toBeUndefined();
  });

  it('manages operational webhook endpoints', async () => {
    const { svix } = aClient();
    const { endpoint } = svix.operationalWebhook;
    const created = await endpoint.create({
      url: 'https://example.com/told',
      uid: 'told',
      eventTypes: ['endpoint.disabled', 'message.attempt.exhausted'],
      throttleRate: 10,
      metadata: { team: 'core' },
      headers: { 'X-A': '1' },
    });
    expect(await endpoint.get('told')).toEqual(created);
    expect(await endpoint.list({ limit: 10, order: Ordering.Ascending })).toMatchObject({
      data: [created],
      done: true,
    });
    const replaced = await endpoint.upsert(created.id, { url: 'https://example.com/new', uid: 'told', disabled: true });
    expect(replaced).toMatchObject({
      id: created.id,
      disabled: true,
      eventTypes: null,
      throttleRate: null,
      metadata: {},
    });
    const { key } = await endpoint.getSecret('told');
    await endpoint.rotateSecret('told', { gracePeriodSeconds: 60 });
    expect((await endpoint.getSecret('told')).key).not.toBe(key);
    expect(await endpoint.getHeaders('told')).toEqual({ headers: { 'X-A': '1' }, sensitive: [] });
    await endpoint.setHeaders('told', { headers: { 'X-B': '2' } });
    expect(await endpoint.getHeaders('told')).toEqual({ headers: { 'X-B': '2' }, sensitive: [] });
    await endpoint.delete('told');
    expect(await refusalOf(endpoint.get('told'))).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('exports and imports an environment', async () => {
    const { svix } = aClient();
    await svix.eventType.create({
      name: 'invoice.paid',
      description: 'Paid',
      schemas: { 1: {} },
      groupName: 'invoices',
    });
    const { eventTypes, settings, connectors, version } = await svix.environment.export();
    expect({ settings, connectors, version }).toEqual({ settings: null, connectors: [], version: 1 });
    const other = aClient().svix;
    await other.environment.import({ eventTypes, settings: { retrySchedule: [1, 2] } });
    expect(await other.environment.export()).toMatchObject({
      eventTypes: [{ name: 'invoice.paid', description: 'Paid', schemas: { 1: {} }, groupName: 'invoices' }],
      settings: { retrySchedule: [1, 2] },
    });
  });

  it('understands every refusal', async () => {
    const { svix, serve, application } = await withApplication();
    const invalid = await refusalOf(svix.application.create({ name: '' }));
    expect(invalid).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'name'], type: 'value_error' }] } });
    const unauthorized = aClient('nobody').svix.application.list();
    expect(await refusalOf(unauthorized)).toMatchObject({ status: 401, body: { code: 'authentication_failed' } });
    const own = new Svix(application.id, { serverUrl: 'https://posthorn.test', fetch: sdkFetch(serve) });
    const forbidden = own.application.list();
    expect(await refusalOf(forbidden)).toMatchObject({ status: 403, body: { code: 'insufficient access' } });
    const nowhere = new Svix('organisation', { serverUrl: 'https://posthorn.test/nowhere', fetch: sdkFetch(serve) });
    const unknown = nowhere.application.list();
    expect(await refusalOf(unknown)).toMatchObject({ status: 404, body: { code: 'unknown_path' } });
    const send = sdkFetch(serve);
    const deleting = new Svix('organisation', {
      serverUrl: 'https://posthorn.test',
      fetch: (url, init) => send(url, { ...init, method: 'DELETE' }),
    });
    expect(await refusalOf(deleting.application.list())).toMatchObject({
      status: 405,
      body: { code: 'method_not_allowed' },
    });
  });
});
