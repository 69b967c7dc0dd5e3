import { readFile } from 'node:fs/promises';
import { tableName } from '@posthorn/contracts';
import { localStage } from '@posthorn/local-supervisor/host-options';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { type Faults, planFaults } from './fixtures/plan-faults.ts';
import { until } from './fixtures/until.ts';

const hour = 3_600_000;

/** The process dies before and after each trigger inserts the message of an event. */
const kills = ['onEndpointChanged', 'onAttemptInserted', 'onTaskChanged'].flatMap((key) =>
  (['before', 'after'] as const).map((when) => ({
    step: `${key} ${when}`,
    point: {
      gate: 'tables',
      when,
      function: key,
      operation: 'PutItem',
      target: tableName(localStage, 'messages'),
    } as const,
    nth: 1,
  })),
);

let system: LaunchedSystem;
let receiver: Receiver;
let faults: Faults;
let svix: Svix;
beforeAll(async () => {
  // Each batch of a stream is run twice, besides.
  faults = await planFaults({ seed: 1, hiddenSeconds: 2, kills, eventSources: { replay: 0.5, cut: 0.5 } });
  const environment = { ...faults.environment, POSTHORN_RETRY_SCHEDULE: '0,0,0' };
  [system, receiver] = await Promise.all([launchSystem(environment), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url, numRetries: 20 });
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
  await faults?.remove();
});

/** Each message that arrived, once for each id. */
const told = () => [
  ...new Map(
    receiver.requestsTo('/told').map(({ headers, body }) => [headers['webhook-id'], JSON.parse(body)]),
  ).values(),
];
/** The steps at which the host was killed. */
async function killsDone(): Promise<readonly string[]> {
  const journal = await readFile(`${faults.environment.POSTHORN_FAULTS}.journal`, 'utf8');
  const entries = journal
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return entries.filter(({ kind }) => kind === 'killed').map(({ step }) => step);
}

/** What a message is about: no two of them are about the same. */
const sourceOf = ({ type, data }: ReturnType<typeof told>[number]): string =>
  [type, data.endpointId ?? data.taskId, data.lastAttempt?.id].join(' ');
const countOf = (type: string) => told().filter((one) => one.type === type).length;

describe('operational webhooks, while the process dies before and after each of them is stored', () => {
  it('tell each event once: with one id, and none is lost', async () => {
    receiver.respond('/dead', () => ({ status: 500 }));
    await svix.operationalWebhook.endpoint.create({ url: `${receiver.url}/told` });
    const app = await svix.application.create({ name: 'Acme', uid: 'acme' });
    const dead = await svix.endpoint.create(app.id, { url: `${receiver.url}/dead`, uid: 'dead' });
    await until('the endpoint is told', async () => countOf('endpoint.created') === 1);
    await svix.endpoint.patch(app.id, 'dead', { description: 'changed' });
    await until('its change is told', async () => countOf('endpoint.updated') === 1);
    await svix.message.create(app.id, { eventType: 'a.b', payload: {}, eventId: 'order-1' });
    await until('the delivery has ended', async () => countOf('message.attempt.exhausted') === 1);
    const task = await svix.endpoint.recover(app.id, 'dead', { since: new Date(Date.now() - hour) });
    await until('the task is told', async () => countOf('background_task.finished') === 1);
    await svix.endpoint.delete(app.id, dead.id);
    await until('the end of the endpoint is told', async () => countOf('endpoint.deleted') === 1);
    const sources = told().map(sourceOf);
    expect(sources.toSorted()).toEqual([...new Set(sources)].toSorted());
    expect(told().find(({ type }) => type === 'background_task.finished')?.data.taskId).toBe(task.id);
    expect(await killsDone()).toEqual(kills.map(({ step }) => step));
  });
});
