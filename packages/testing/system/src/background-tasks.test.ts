import { randomBytes } from 'node:crypto';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { BackgroundTaskStatus, type EndpointOut, type ListResponseMessageOut, Svix } from 'svix';
import { until } from './fixtures/until.ts';

const count = 450;

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
beforeAll(async () => {
  [system, receiver] = await Promise.all([launchSystem({ POSTHORN_RETRY_SCHEDULE: '1' }), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url });
});
afterAll(async () => {
  await Promise.all([system.stop(), receiver.stop()]);
});

/** The message ids that arrived at a path, one for each request. */
const arrivals = (path: string): readonly string[] =>
  receiver.requests.filter((request) => request.path === path).map(({ headers }) => String(headers['webhook-id']));

async function anApplication(name: string) {
  const { id } = await svix.application.create({ name });
  const since = new Date(Date.now() - 1_000);
  const post = async (total: number) => {
    for (let n = 0; n < total; n += 50)
      await Promise.all(
        Array.from({ length: Math.min(50, total - n) }, (_, index) =>
          svix.message.create(id, { eventType: 'a.b', payload: { n: n + index } }),
        ),
      );
  };
  const endpoint = (path: string): Promise<EndpointOut> => svix.endpoint.create(id, { url: `${receiver.url}${path}` });
  /** Posts messages that no later endpoint gets but by a task: waits until fan-out has passed them. */
  const postBefore = async (total: number) => {
    const path = `/before-${name}`;
    await endpoint(path);
    await post(total);
    await until('fan-out has passed all', () => arrivals(path).length >= total);
    // A task leaves the newest ones to fan-out.
    await new Promise((resolve) => setTimeout(resolve, 2_100));
  };
  return { id, since, post, postBefore, endpoint };
}

async function finished(taskId: string) {
  await until('the task has ended', async () => (await svix.backgroundTask.get(taskId)).status !== 'running');
  return svix.backgroundTask.get(taskId);
}

describe('replay-missing', () => {
  it('sends older messages to a new endpoint, each of them once', async () => {
    const app = await anApplication('Late');
    await app.postBefore(count);
    const { id } = await app.endpoint('/late');
    const task = await svix.endpoint.replayMissing(app.id, id, { since: app.since });
    expect(task).toMatchObject({ status: BackgroundTaskStatus.Running, task: 'endpoint.replay' });
    expect(await finished(task.id)).toMatchObject({ status: 'finished', data: { messagesSent: count } });
    await until('all have arrived', async () => arrivals('/late').length >= count);
    const again = await finished((await svix.endpoint.replayMissing(app.id, id, { since: app.since })).id);
    expect(again.data).toMatchObject({ messagesSent: 0, messagesSkipped: count });
    expect([arrivals('/late').length, new Set(arrivals('/late')).size]).toEqual([count, count]);
    const listed = await svix.backgroundTask.list();
    expect(listed.data.map(({ id }) => id)).toEqual([again.id, task.id]);
  });
});

const few = 120;

describe('recover', () => {
  it('sends all that an endpoint has missed while it was down, each message once, with retries', async () => {
    const app = await anApplication('Down');
    const { id } = await app.endpoint('/down');
    let isDown = true;
    const refused = new Set<string>();
    // When it is back, it fails a tenth of the messages once more: their next attempt is the schedule's.
    receiver.respond('/down', ({ headers, body }) => {
      const messageId = String(headers['webhook-id']);
      const { n, isWell } = JSON.parse(body);
      if (isWell) return { status: 204 };
      if (isDown) return { status: 500 };
      if (n % 10 !== 0 || refused.has(messageId)) return { status: 204 };
      refused.add(messageId);
      return { status: 500 };
    });
    let well = 0;
    /** A message that is accepted. Without a success, ten seconds of failures open the breaker. */
    const postWell = async () => {
      well += 1;
      await svix.message.create(app.id, { eventType: 'a.b', payload: { isWell: true } });
    };
    const ofDown = () => receiver.requestsTo('/down').filter(({ body }) => !JSON.parse(body).isWell);
    const arrivedDown = () => ofDown().map(({ headers }) => String(headers['webhook-id']));
    for (let sent = 0; sent < few; sent += few / 4) {
      await app.post(few / 4);
      await postWell();
    }
    await until('all retries are exhausted', async () => {
      await postWell();
      return ofDown().length >= 2 * few;
    });
    const stats = async () => svix.endpoint.getStats(app.id, id);
    await until('all attempts are recorded', async () => (await stats()).fail >= 2 * few);
    isDown = false;
    const before = ofDown().length;
    const task = await svix.endpoint.recover(app.id, id, { since: app.since });
    expect(await finished(task.id)).toMatchObject({ status: 'finished', data: { messagesSent: few } });
    await until('all have arrived', () => ofDown().length - before >= 1.1 * few);
    await until('all attempts are counted', async () => (await stats()).success >= few + well);
    const after = arrivedDown().slice(before);
    expect([after.length, new Set(after).size]).toEqual([1.1 * few, few]);
    const again = await finished((await svix.endpoint.recover(app.id, id, { since: app.since })).id);
    expect(again.data).toMatchObject({ messagesSent: 0 });
  });
});

describe('bulk replay', () => {
  it('sends messages that have arrived again, by their filters', async () => {
    const app = await anApplication('Again');
    const { id } = await app.endpoint('/again');
    await app.post(60);
    await svix.message.create(app.id, { eventType: 'c.d', payload: {} });
    await until('all have arrived', async () => arrivals('/again').length === 61);
    const since = app.since;
    await until('all are recorded', async () => (await svix.endpoint.getStats(app.id, id)).success === 61);
    const task = await svix.endpoint.bulkReplay(app.id, id, { since, eventTypes: ['a.b'], status: 0 });
    expect(await finished(task.id)).toMatchObject({ status: 'finished', data: { messagesSent: 60 } });
    await until('they have arrived again', async () => arrivals('/again').length === 121);
    expect(new Set(arrivals('/again').slice(61)).size).toBe(60);
  });
});

describe('a task whose process is killed', () => {
  it('goes on where it was, and every message arrives; twice only what was being sent at a kill', async () => {
    const app = await anApplication('Killed');
    await app.postBefore(2 * count);
    const { id } = await app.endpoint('/killed');
    const task = await svix.endpoint.replayMissing(app.id, id, { since: app.since });
    for (const enough of [100, 500]) {
      await until('some have arrived', () => arrivals('/killed').length >= enough);
      await killHost();
    }
    await until('the task has ended', async () => (await getTask(task.id))?.status === 'finished');
    await until('all have arrived', () => new Set(arrivals('/killed')).size === 2 * count);
    const stats = () => svix.endpoint.getStats(app.id, id);
    await until('all are counted', async () => (await stats()).success >= 2 * count);
    // One machine has at most 256 attempts of an endpoint at a time.
    expect(arrivals('/killed').length - 2 * count).toBeLessThanOrEqual(2 * 256);
    expect((await stats()).success).toBe(2 * count);
  });
});

describe('expunging all messages of an application', () => {
  it('removes every payload, counts each once although the process is killed, and leaves what comes later', async () => {
    const app = await anApplication('Secrets');
    await app.post(count);
    // More than fits into one row, and hardly shorter when it is deflated.
    const large = { text: randomBytes(600_000).toString('base64') };
    await svix.message.create(app.id, { eventType: 'a.b', payload: large });
    const task = await svix.message.expungeAllContents(app.id);
    expect(task).toMatchObject({ status: BackgroundTaskStatus.Running, task: 'application.purge_content' });
    // Ids have a resolution of 4 ms, so a message of the same time would belong to the task.
    await new Promise((resolve) => setTimeout(resolve, 10));
    const later = await svix.message.create(app.id, { eventType: 'a.b', payload: { n: 0 } });
    await until('a slice is done', async () => (await getTask(task.id))?.data.messagesPurged > 0);
    await killHost();
    await until('the task has ended', async () => (await getTask(task.id))?.status === 'finished');
    expect(await svix.backgroundTask.get(task.id)).toMatchObject({
      data: { messagesPurged: count + 1, messagesSkipped: 0 },
    });
    const payloads = new Map<string, unknown>();
    for (let iterator: string | null = null, done = false; !done; ) {
      const page: ListResponseMessageOut = await svix.message.list(app.id, {
        iterator,
        limit: 250,
        withContent: true,
      });
      for (const { id, payload } of page.data) payloads.set(id, payload);
      [iterator, done] = [page.iterator, page.done];
    }
    expect(payloads.size).toBe(count + 2);
    expect(payloads.get(later.id)).toEqual({ n: 0 });
    payloads.delete(later.id);
    expect([...payloads.values()].filter((payload) => JSON.stringify(payload) !== '{"expired":true}')).toEqual([]);
  });
});

/** Kills the process that runs the functions, and waits until its parent has started it again. */
async function killHost() {
  const { host } = (await system.cloud()).processes;
  if (host === undefined) throw new Error('the host has no process id');
  process.kill(host, 'SIGKILL');
  await until('the host is back', async () => {
    const now = (await system.cloud()).processes.host;
    return (
      now !== undefined &&
      now !== host &&
      (await fetch(`${system.url}/api/v1/health`).catch(() => undefined))?.ok === true
    );
  });
}

/** A task, or nothing while the host starts. */
const getTask = (taskId: string) => svix.backgroundTask.get(taskId).catch(() => undefined);
