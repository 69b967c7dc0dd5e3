import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { runProgram } from '@posthorn/local-supervisor/testing/run-program';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { Svix, Webhook } from 'svix';
import { commandScript } from './fixtures/start-command.ts';
import { until, untilPasses } from './fixtures/until.ts';

const hour = 3_600_000;

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
beforeAll(async () => {
  const environment = { POSTHORN_RETRY_SCHEDULE: '0,0,0,0,0' };
  [system, receiver] = await Promise.all([launchSystem(environment), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url });
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
});

interface Told {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What arrived at a path, one for each message. */
const toldAt = (path: string): readonly Told[] => {
  const byId = new Map(receiver.requestsTo(path).map(({ headers, body }) => [headers['webhook-id'], body]));
  return [...byId.values()].map((body) => JSON.parse(body));
};
const typesAt = (path: string) => toldAt(path).map(({ type }) => type);
/** What `run status` shows of messages: none was posted by a customer in between if these are the same. */
async function figures() {
  const program = runProgram(commandScript('status'), ['--json'], { POSTHORN_DATA_DIR: system.dataDir });
  await program.ended;
  const { counts, failing, openBreakers, queues } = JSON.parse(program.stdout());
  return { counts, failing, openBreakers, queued: queues.waiting + queues.inFlight };
}

const operational = () => svix.operationalWebhook.endpoint;

describe('an operational endpoint', () => {
  it('is told what happens to endpoints, signed with its secret', async () => {
    const told = await operational().create({ url: `${receiver.url}/told` });
    const app = await svix.application.create({ name: 'Acme', uid: 'acme' });
    const { id } = await svix.endpoint.create('acme', { url: `${receiver.url}/one`, uid: 'one' });
    await svix.endpoint.patch('acme', id, { description: 'changed' });
    await svix.endpoint.patch('acme', id, { disabled: true });
    await svix.endpoint.patch('acme', id, { disabled: false });
    await svix.endpoint.delete('acme', id);
    await until('all is told', async () => toldAt('/told').length >= 5);
    expect(typesAt('/told').toSorted()).toEqual([
      'endpoint.created',
      'endpoint.deleted',
      'endpoint.disabled',
      'endpoint.enabled',
      'endpoint.updated',
    ]);
    const about = { appId: app.id, appUid: 'acme', endpointId: id, endpointUid: 'one' };
    for (const { data } of toldAt('/told')) expect(data).toMatchObject(about);
    expect(toldAt('/told').find(({ type }) => type === 'endpoint.disabled')?.data).toEqual({
      ...about,
      failSince: null,
      trigger: 'manual',
    });
    const { key } = await operational().getSecret(told.id);
    for (const { headers, body } of receiver.requestsTo('/told')) {
      const signed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
      expect(() => new Webhook(key).verify(body, signed)).not.toThrow();
    }
    await operational().delete(told.id);
  });

  it('is told what becomes of deliveries and of tasks, and that an endpoint was disabled by its own answer', async () => {
    const told = await operational().create({
      url: `${receiver.url}/outcomes`,
      eventTypes: [
        'message.attempt.failing',
        'message.attempt.exhausted',
        'message.attempt.recovered',
        'background_task.finished',
        'endpoint.disabled',
      ],
    });
    let attempts = 0;
    receiver.respond('/dead', () => ({ status: 500 }));
    receiver.respond('/gone', () => ({ status: 410 }));
    receiver.respond('/back', () => {
      attempts += 1;
      return { status: attempts <= 4 ? 503 : 204 };
    });
    const app = await svix.application.create({ name: 'Outcomes' });
    const endpoints = await Promise.all(
      ['/dead', '/back', '/gone'].map((path) => svix.endpoint.create(app.id, { url: `${receiver.url}${path}` })),
    );
    const [dead, back, gone] = endpoints.map(({ id }) => id);
    const message = await svix.message.create(app.id, { eventType: 'a.b', payload: {}, eventId: 'order-1' });
    await until('the deliveries have ended', async () => toldAt('/outcomes').length >= 5);
    const found = (type: string, endpointId: string | undefined) =>
      toldAt('/outcomes').find((one) => one.type === type && one.data.endpointId === endpointId)?.data;
    const about = { appId: app.id, appUid: null, msgId: message.id, msgEventId: 'order-1' };
    const lastAttempt = { id: expect.stringMatching(/^atmpt_/), timestamp: expect.any(String) };
    expect(found('message.attempt.failing', dead)).toEqual({
      ...about,
      endpointId: dead,
      lastAttempt: { ...lastAttempt, responseStatusCode: 500 },
    });
    expect(found('message.attempt.exhausted', dead)).toMatchObject(about);
    expect(found('message.attempt.failing', back)).toMatchObject({ lastAttempt: { responseStatusCode: 503 } });
    expect(found('message.attempt.recovered', back)).toMatchObject({ lastAttempt: { responseStatusCode: 204 } });
    expect(found('endpoint.disabled', gone)).toMatchObject({ appId: app.id, trigger: 'automatic' });
    const task = await svix.endpoint.recover(app.id, dead ?? '', { since: new Date(Date.now() - hour) });
    await until('the task is told', async () => typesAt('/outcomes').includes('background_task.finished'));
    const ended = await svix.backgroundTask.get(task.id);
    const { data, status } = ended;
    expect(toldAt('/outcomes').find(({ type }) => type === 'background_task.finished')?.data).toEqual({
      taskId: task.id,
      task: 'endpoint.recover',
      status,
      data,
    });
    await operational().delete(told.id);
  });

  it('that fails leads to no message about itself, and its application is in no list', async () => {
    const isIdle = ({ failing, queued }: Awaited<ReturnType<typeof figures>>) => failing + queued === 0;
    await until('nothing is under way any more', async () => isIdle(await figures()));
    const before = await figures();
    receiver.respond('/deaf', () => ({ status: 500 }));
    await operational().create({ url: `${receiver.url}/deaf` });
    await operational().create({ url: `${receiver.url}/listening` });
    const app = await svix.application.create({ name: 'Quiet' });
    await svix.endpoint.create(app.id, { url: `${receiver.url}/quiet` });
    // One attempt and five retries, at each of which a delivery of an application would be told.
    await until('its retries are used up', async () => receiver.requestsTo('/deaf').length >= 6);
    await svix.endpoint.create(app.id, { url: `${receiver.url}/quiet` });
    await until('the next event is told', async () => toldAt('/listening').length >= 2);
    expect(typesAt('/listening')).toEqual(['endpoint.created', 'endpoint.created']);
    const { data } = await svix.application.list();
    expect(data.map(({ name }) => name)).toEqual(['Acme', 'Outcomes', 'Quiet']);
    // Between two retries nothing waits on a queue.
    await untilPasses(async () => expect(await figures()).toEqual(before));
  });
});
