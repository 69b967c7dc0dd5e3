import { randomBytes } from 'node:crypto';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { until, untilPasses } from './fixtures/until.ts';

const minute = 60_000;

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
beforeAll(async () => {
  // The first retry waits on the queue, the second one in the table of due deliveries.
  const environment = { POSTHORN_RETRY_SCHEDULE: '2,3600' };
  [system, receiver] = await Promise.all([launchSystem(environment), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url });
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
});

async function anEndpoint(path: string) {
  const { id: app } = await svix.application.create({ name: path });
  const { id: endpoint } = await svix.endpoint.create(app, { url: `${receiver.url}${path}` });
  const waiting = async () => {
    const { pending, sending, canceled } = await svix.endpoint.getStats(app, endpoint);
    return { pending, sending, canceled };
  };
  const untilWaiting = (expected: Awaited<ReturnType<typeof waiting>>) =>
    until(
      `the statistics are ${JSON.stringify(expected)}`,
      async () => JSON.stringify(await waiting()) === JSON.stringify(expected),
    );
  const untilCanceled = (reasons: readonly string[]) =>
    until(`these are canceled: ${reasons}`, async () => {
      const path = `${system.url}/api/v1/app/${app}/endpoint/${endpoint}/delivery?state=canceled`;
      const response = await fetch(path, { headers: { authorization: `Bearer ${system.token}` } });
      const { data = [] } = (await response.json()) as { data?: readonly { readonly reason: string }[] };
      return data.map(({ reason }) => reason).join() === reasons.join();
    });
  return { app, endpoint, untilWaiting, untilCanceled };
}
const none = { pending: 0, sending: 0, canceled: 0 };

it('a scheduled message arrives at its time, once', async () => {
  const { app, untilWaiting } = await anEndpoint('/scheduled');
  const deliverAt = new Date(Date.now() + 3_000);
  const { id } = await svix.message.create(app, { eventType: 'a', payload: {}, deliverAt });
  await receiver.waitFor(() => receiver.requestsTo('/scheduled').length === 1);
  expect(Date.now()).toBeGreaterThanOrEqual(deliverAt.getTime());
  expect((await svix.message.get(app, id)).deliverAt).toEqual(deliverAt);
  // A later message shows that the earlier one is not sent again.
  await svix.message.create(app, { eventType: 'a', payload: {} });
  await receiver.waitFor(() => receiver.requestsTo('/scheduled').length === 2);
  expect(receiver.requestsTo('/scheduled').map(({ headers }) => headers['webhook-id'] === id)).toEqual([true, false]);
  await untilWaiting(none);
});

it('a message that is scheduled for much later waits in a table, and is counted as never tried', async () => {
  const { app, endpoint, untilWaiting, untilCanceled } = await anEndpoint('/much-later');
  await svix.message.create(app, { eventType: 'a', payload: {}, deliverAt: new Date(Date.now() + 3_600_000) });
  await untilWaiting({ ...none, pending: 1 });
  await svix.endpoint.delete(app, endpoint);
  await untilCanceled(['endpoint_deleted']);
  expect(receiver.requestsTo('/much-later')).toEqual([]);
});

it('a message that is expunged while it waits is not sent, stays listed and cannot be sent again', async () => {
  const { app, endpoint, untilWaiting, untilCanceled } = await anEndpoint('/expunged');
  const deliverAt = new Date(Date.now() + 15_000);
  // More than fits into one row, and hardly shorter when it is deflated.
  const payload = { text: randomBytes(600_000).toString('base64') };
  const { id } = await svix.message.create(app, { eventType: 'a', payload, deliverAt });
  expect((await svix.message.get(app, id, { withContent: true })).payload).toEqual(payload);
  await svix.message.expungeContent(app, id);
  await untilCanceled(['message_expired']);
  await untilWaiting({ ...none, canceled: 1 });
  expect(receiver.requestsTo('/expunged')).toEqual([]);
  expect((await svix.message.list(app, { withContent: true })).data).toMatchObject([
    { id, payload: { expired: true } },
  ]);
  await expect(svix.messageAttempt.resend(app, id, endpoint)).rejects.toMatchObject({ code: 400 });
  expect(await svix.message.bulkExpungeContent(app, { ids: [id, 'none'] })).toEqual({
    results: { [id]: 'expunged', none: 'not-found' },
  });
  expect(await svix.message.precheck(app, { eventType: 'a' })).toEqual({ active: true });
});

it('a delivery is counted while it is tried again, and no longer when it has succeeded', async () => {
  const { app, untilWaiting } = await anEndpoint('/recovers');
  const counted = Promise.withResolvers<void>();
  receiver.respond('/recovers', async () => {
    if (receiver.requestsTo('/recovers').length < 2) return { status: 500 };
    await counted.promise;
    return { status: 204 };
  });
  await svix.message.create(app, { eventType: 'a', payload: {} });
  await untilWaiting({ ...none, sending: 1 });
  counted.resolve();
  await receiver.waitFor(() => receiver.requestsTo('/recovers').length === 2);
  await untilWaiting(none);
});

it('what is due while an endpoint is disabled ends with a receipt, by which it is recovered', async () => {
  const { app, endpoint, untilWaiting, untilCanceled } = await anEndpoint('/disabled');
  receiver.respond('/disabled', () => ({ status: 500 }));
  await svix.message.create(app, { eventType: 'a', payload: {} });
  await untilWaiting({ ...none, sending: 1 });
  const since = new Date(Date.now() - minute);
  await svix.message.create(app, { eventType: 'a', payload: {}, deliverAt: new Date(Date.now() + 10_000) });
  await svix.endpoint.patch(app, endpoint, { disabled: true });
  // The one that was tried counts as failed. The other one waits on the queue until it is due.
  await untilWaiting({ ...none, canceled: 1 });
  await untilCanceled(['endpoint_disabled', 'endpoint_disabled']);
  receiver.respond('/disabled', () => ({ status: 200 }));
  await svix.endpoint.patch(app, endpoint, { disabled: false });
  await svix.endpoint.recover(app, endpoint, { since });
  await receiver.waitFor(() => receiver.requestsTo('/disabled').length === 3);
  await untilWaiting(none);
});

it('the messages of an endpoint, and the endpoints of a message, show where each message stands', async () => {
  const { app, endpoint } = await anEndpoint('/standing');
  const timesOf = (id: unknown) =>
    receiver.requestsTo('/standing').filter(({ headers }) => headers['webhook-id'] === id).length;
  receiver.respond('/standing', ({ headers, body }) => {
    const { kind } = JSON.parse(body) as { kind: string };
    const isAccepted = kind === 'accepted' || (kind === 'retried' && timesOf(headers['webhook-id']) > 1);
    return { status: isAccepted ? 200 : 500, body: 'secret' };
  });
  const send = (kind: string, more: { deliverAt?: Date; tags?: string[] } = {}) =>
    svix.message.create(app, { eventType: 'a', payload: { kind }, ...more });
  const accepted = await send('accepted', { tags: ['blue'] });
  const retried = await send('retried');
  const failing = await send('failing');
  const waiting = await send('waiting', { deliverAt: new Date(Date.now() + 3_600_000) });
  const listed = async (options: { status?: number; tag?: string } = {}) => {
    const { data } = await svix.messageAttempt.listAttemptedMessages(app, endpoint, options);
    return Object.fromEntries(data.map(({ id, statusText }) => [id, statusText]));
  };
  await untilPasses(async () =>
    expect(await listed()).toEqual({
      [accepted.id]: 'success',
      [retried.id]: 'success',
      [failing.id]: 'sending',
      [waiting.id]: 'pending',
    }),
  );
  await untilPasses(async () => expect(await listed({ status: 3 })).toEqual({ [failing.id]: 'sending' }));
  expect(await listed({ status: 0 })).toEqual({ [accepted.id]: 'success', [retried.id]: 'success' });
  expect(await listed({ tag: 'blue' })).toEqual({ [accepted.id]: 'success' });
  const { data } = await svix.messageAttempt.listAttemptedDestinations(app, failing.id);
  expect(data).toMatchObject([{ id: endpoint, statusText: 'sending', nextAttempt: expect.any(Date) }]);
  const ofMessage = await svix.messageAttempt.listByMsg(app, retried.id, {
    endpointId: endpoint,
    statusCodeClass: 500,
  });
  expect(ofMessage).toMatchObject({ data: [{ msgId: retried.id, statusText: 'fail' }], done: true });
  await svix.messageAttempt.resend(app, accepted.id, endpoint);
  await untilPasses(async () =>
    expect((await svix.messageAttempt.listByMsg(app, accepted.id)).data.map(({ triggerType }) => triggerType)).toEqual([
      1, 0,
    ]),
  );
  const attempts = await svix.messageAttempt.listByEndpoint(app, endpoint, { tag: 'blue', withMsg: true });
  const shown = { msgId: accepted.id, msg: { id: accepted.id, tags: ['blue'] } };
  expect(attempts.data).toMatchObject([shown, shown]);
  const attempt = attempts.data[0]?.id ?? '';
  expect(await svix.messageAttempt.get(app, accepted.id, attempt)).toMatchObject({ response: 'secret' });
  await svix.messageAttempt.expungeContent(app, accepted.id, attempt);
  expect(await svix.messageAttempt.get(app, accepted.id, attempt)).toMatchObject({ response: 'EXPUNGED' });
});
