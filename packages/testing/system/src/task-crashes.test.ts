import { readFile } from 'node:fs/promises';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { localStage } from '@posthorn/local-supervisor/host-options';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { type Faults, planFaults } from './fixtures/plan-faults.ts';
import { until } from './fixtures/until.ts';

const minute = 60_000;
/** Two slices of a task. */
const count = 300;

type Table = Parameters<typeof tableName>[1];
interface Call {
  readonly nth?: number;
  readonly operation?: string;
  readonly table?: Table;
}

/** The process dies when a task writes to a table for the nth time. */
const killAt = (
  step: string,
  when: 'before' | 'after',
  { nth = 1, operation = 'PutItem', table = 'tasks' }: Call = {},
) => ({
  step: `${step} ${when} ${operation} ${nth}`,
  point: { gate: 'tables', when, function: 'runTasks', operation, target: tableName(localStage, table) } as const,
  nth,
});

/** In this order, so the tests are in this order too. */
const kills = [
  // Each of the two slices stores how far it is.
  ...['first slice', 'second slice'].flatMap((step) => [killAt(step, 'before'), killAt(step, 'after')]),
  // Its result, and that it has finished.
  killAt('statistics', 'after'),
  killAt('statistics', 'before', { nth: 2 }),
  killAt('statistics', 'after', { nth: 2 }),
  killAt('removal', 'before', { operation: 'BatchWriteItem', table: 'messages' }),
  killAt('removal', 'after', { operation: 'BatchWriteItem', table: 'messages' }),
  killAt('removal', 'before'),
  killAt('removal', 'after'),
];

let system: LaunchedSystem;
let receiver: Receiver;
let faults: Faults;
let svix: Svix;
beforeAll(async () => {
  faults = await planFaults({ seed: 1, hiddenSeconds: 2, kills });
  [system, receiver] = await Promise.all([launchSystem(faults.environment), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url, numRetries: 20 });
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
  await faults?.remove();
});

/** The steps at which the host was killed. */
async function killsDone(): Promise<readonly string[]> {
  const journal = await readFile(`${faults.environment.POSTHORN_FAULTS}.journal`, 'utf8').catch(() => '');
  const entries = journal
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  return entries.filter(({ kind }) => kind === 'killed').map(({ step }) => step);
}

/** The task when it has ended. */
async function ended(taskId: string) {
  await until('the task has ended', async () => (await svix.backgroundTask.get(taskId)).status !== 'running');
  return svix.backgroundTask.get(taskId);
}

/** An application whose endpoint has got all of its messages. */
async function aBusyApplication(uid: string) {
  const { id } = await svix.application.create({ name: uid, uid });
  const endpoint = await svix.endpoint.create(id, { url: `${receiver.url}/${uid}` });
  for (let n = 0; n < count; n += 50)
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        svix.message.create(id, { eventType: 'a.b', payload: { n }, eventId: `${n + index}` }),
      ),
    );
  const successes = async () => (await svix.endpoint.getStats(id, endpoint.id)).success;
  await until('all attempts are counted', async () => (await successes()) === count);
  return { id, endpointId: endpoint.id, successes };
}

const arrivals = (uid: string): readonly string[] =>
  receiver.requestsTo(`/${uid}`).map(({ headers }) => String(headers['webhook-id']));

/** The rows of a table that name something. */
async function readRows(table: Table, id: string) {
  const { dynamodb: endpoint, region, system: credentials } = await system.cloud();
  // The process can be starting again.
  const client = new DynamoDBClient({ endpoint, region, credentials, maxAttempts: 20 });
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName(localStage, table) }));
  client.destroy();
  return Items.filter((item) => JSON.stringify(item).includes(id));
}

/** The successful attempts of an application that the statistics have. They are behind the attempts. */
async function countedSuccesses(applicationId: string): Promise<number> {
  const rows = await readRows('statistics', applicationId);
  return rows.reduce((sum, row) => sum + Number(row['+a.b']?.N ?? 0), 0);
}

describe('a task whose process dies before and after each of its writes', () => {
  let app: Awaited<ReturnType<typeof aBusyApplication>>;
  const since = new Date(Date.now() - minute);
  beforeAll(async () => {
    app = await aBusyApplication('busy');
  });

  it('replays each message, and makes no attempt twice', async () => {
    const { id } = await svix.endpoint.bulkReplay(app.id, app.endpointId, { since });
    expect(await ended(id)).toMatchObject({ status: 'finished', data: { messagesSent: count } });
    await until('all have arrived again', async () => (await app.successes()) >= 2 * count);
    expect(await app.successes()).toBe(2 * count);
    const times = Map.groupBy(arrivals('busy'), (messageId) => messageId);
    expect([times.size, Math.min(...[...times.values()].map(({ length }) => length))]).toEqual([count, 2]);
    expect(await killsDone()).toEqual(kills.slice(0, 4).map(({ step }) => step));
  });

  it('counts the attempts of each application once', async () => {
    await svix.application.create({ name: 'Idle', uid: 'idle' });
    await until('the statistics have all attempts', async () => (await countedSuccesses(app.id)) === 2 * count);
    const { id } = await svix.statistics.aggregateAppStats({ since, until: new Date() });
    const { status, data } = await ended(id);
    expect(status).toBe('finished');
    const counts = data.appStats.map((one: { appUid: string; messageDestinations: number }) => [
      one.appUid,
      one.messageDestinations,
    ]);
    expect(counts.toSorted()).toEqual([
      ['busy', 2 * count],
      ['idle', 0],
    ]);
    expect(await killsDone()).toEqual(kills.slice(0, 7).map(({ step }) => step));
  });

  it('removes everything of an application, and nothing of another one', async () => {
    const { id: idle } = await svix.application.get('idle');
    await svix.message.create('idle', { eventType: 'a.b', payload: {} });
    await svix.application.delete('busy');
    await until('all kills are done', async () => (await killsDone()).length === kills.length);
    for (const table of ['messages', 'attempts', 'deliveries'] as const)
      await until(`no row is left in ${table}`, async () => {
        const rows = await Promise.all([app.id, app.endpointId].map((id) => readRows(table, id)));
        return rows.flat().length === 0;
      });
    expect(await killsDone()).toEqual(kills.map(({ step }) => step));
    const [task] = (await svix.backgroundTask.list({ limit: 1 })).data;
    expect(task).toMatchObject({ task: 'application.purge_content', data: { appId: app.id } });
    // What a slice has removed before the process died is not counted again.
    expect(task?.data.messagesPurged).toBeLessThanOrEqual(count);
    expect((await svix.message.list(idle)).data).toHaveLength(1);
  });
});
