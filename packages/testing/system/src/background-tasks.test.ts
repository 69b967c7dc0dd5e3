import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { BackgroundTaskStatus, type EndpointOut, Svix } from 'svix';
import { until } from './fixtures/until.ts';

const minute = 60_000;
const count = 450;

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
beforeAll(async () => {
  [system, receiver] = await Promise.all([launchSystem({ POSTHORN_RETRY_SCHEDULE: '1' }), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url });
}, 3 * minute);
afterAll(async () => {
  await Promise.all([system.stop(), receiver.stop()]);
}, minute);

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
  return { id, since, post, endpoint };
}

async function finished(taskId: string) {
  await until('the task has ended', async () => (await svix.backgroundTask.get(taskId)).status !== 'running');
  return svix.backgroundTask.get(taskId);
}

describe('replay-missing', () => {
  it(
    'sends older messages to a new endpoint, each of them once',
    async () => {
      const app = await anApplication('Late');
      await app.post(count);
      await new Promise((resolve) => setTimeout(resolve, 2_100));
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
    },
    2 * minute,
  );
});
