import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openQueues } from '@posthorn/local-queues';
import { openStorage } from '@posthorn/local-storage';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { runStart, type StartCommand, whenReady } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';
import { clientOf } from './load/order-traffic.ts';

const minute = 60_000;
const fixtures = join(import.meta.dirname, 'fixtures');
const shiftClock = createRequire(import.meta.url).resolve('@posthorn/testing/process/shift-clock');

/** What `make.mjs` wrote about the folder. */
interface FolderContent {
  /** The port in the addresses of all endpoints. */
  readonly port: number;
  readonly applicationId: string;
  readonly endpoints: Readonly<Record<string, string>>;
  /** In the order in which they were accepted. The event type is the name of the endpoint. */
  readonly messages: readonly { readonly id: string; readonly eventType: string; readonly order: number }[];
  /** The first message of the blocked group. */
  readonly blocked: string;
  readonly killedAt: string;
  /** Path and message of each delivery that succeeded. */
  readonly delivered: readonly string[];
}

const content = JSON.parse(await readFile(join(fixtures, 'format-1', 'content.json'), 'utf8')) as FolderContent;
const { applicationId, messages } = content;
const wasDelivered = new Set(content.delivered);
/** Half an hour after the system was killed. Then all its retries are due. */
const startAt = new Date(content.killedAt).getTime() + 30 * minute;

let dataDir: string;
let receiver: Receiver;
let command: StartCommand | undefined;
beforeEach(async () => {
  receiver = await startReceiver();
  dataDir = await mkdtemp(join(tmpdir(), 'posthorn-format-1-'));
  await promisify(execFile)('tar', ['-C', dataDir, '-xzf', join(fixtures, 'format-1', 'folder.tar.gz')]);
});
afterEach(async () => {
  await command?.cleanUp();
  await receiver.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(): Promise<StartCommand> {
  command = await runStart({
    dataDir,
    env: {
      NODE_OPTIONS: [shiftClock, join(fixtures, 'redirect-connections.mjs')]
        .map((path) => `--import ${path}`)
        .join(' '),
      CLOCK_SHIFT_MS: String(startAt - Date.now()),
      REDIRECT_PORTS: `${content.port}:${new URL(receiver.url).port}`,
      POSTHORN_RETRY_SCHEDULE: '1,1,2,2,5,5,5',
    },
  });
  return command;
}

async function startAndConnect() {
  const { url } = await whenReady(await start());
  return clientOf(dataDir, url);
}

/** Asks for an attempt of the first message of the blocked group. Returns the status of the answer. */
async function retryBlocked(): Promise<number> {
  if (!command) throw new Error('the system is not started');
  const { url } = await whenReady(command);
  const path = `/api/v1/app/${applicationId}/destination/${content.endpoints.ordered}/retry`;
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await readFile(join(dataDir, 'token'), 'utf8')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ msgId: content.blocked }),
  });
  return answer.status;
}

/** Ends the system. It finishes what is in flight. */
async function stop(): Promise<void> {
  process.kill(command?.pid ?? 0, 'SIGTERM');
  expect(await command?.ended).toBe(0);
}

/** The messages of the folder that go to an endpoint and were not delivered before, in order. */
const waitingFor = (name: string, order?: number): readonly string[] =>
  messages
    .filter(({ eventType, order: own }) => eventType === name && (order === undefined || own === order))
    .map(({ id }) => id)
    .filter((id) => !wasDelivered.has(`/${name} ${id}`));

const received = (name: string): readonly string[] =>
  receiver.requestsTo(`/${name}`).map(({ headers }) => String(headers['webhook-id']));

const receivedInOrder = (order: number): readonly string[] =>
  receiver
    .requestsTo('/ordered')
    .filter(({ body }) => JSON.parse(body).order === order)
    .map(({ headers }) => String(headers['webhook-id']));

/** The bodies and reasons of all jobs in a queue, and the number of those that cannot be taken now. */
async function jobsIn(name: string): Promise<readonly string[]> {
  const storage = await openStorage({ folder: join(dataDir, 'store') });
  const queues = await openQueues({ storage, queues: [], now: () => startAt });
  const taken = (await queues.find(`posthorn-local-${name}`)?.take(10)) ?? [];
  await queues.close();
  await storage.close();
  return taken.map(({ body, messageAttributes }) => `${messageAttributes?.reason?.StringValue}: ${body}`);
}

describe('a data folder of format 1', () => {
  it('is migrated at the start, and everything in it is delivered in order', async () => {
    const svix = await startAndConnect();
    expect(command?.stdout()).toContain('Migrating: 19 of 19 jobs');
    const listed = await svix.message.list(applicationId, { limit: 100 });
    expect(listed.data.map(({ id }) => id).toSorted()).toEqual(messages.map(({ id }) => id).toSorted());

    for (const name of ['plain', 'due', 'delayed', 'hanging'])
      await until(`all messages arrive at ${name}`, () => waitingFor(name).every((id) => received(name).includes(id)));
    for (const order of [2, 3, 4])
      await until(
        `group ${order} is delivered`,
        () => receivedInOrder(order).length >= waitingFor('ordered', order).length,
      );
    expect(receivedInOrder(1)).toEqual([]);

    // The blocked group is parked when its job comes out of the queue. It goes on when its first message is accepted.
    await until('the blocked group is attempted again', async () => (await retryBlocked()) === 202);
    await until('the blocked group is delivered', () => receivedInOrder(1).length >= waitingFor('ordered', 1).length);
    await stop();
    await startAndConnect();
    expect(command?.stdout()).not.toContain('Migrating');

    for (const order of [1, 2, 3, 4])
      expect([order, receivedInOrder(order)]).toEqual([order, waitingFor('ordered', order)]);
    for (const name of ['plain', 'due', 'delayed', 'hanging'])
      expect([name, received(name).toSorted()]).toEqual([name, waitingFor(name).toSorted()]);
    expect(received('skipping')).toEqual([]);

    await stop();
    expect(await jobsIn('deliveries-dead-letters')).toEqual(['not a delivery job: not a job']);
    expect(await jobsIn('deliveries-dead-letters.fifo')).toEqual([
      expect.stringMatching(new RegExp(`^retries exhausted: .*${waitingFor('skipping')[0]}`)),
    ]);
    for (const name of ['deliveries', 'deliveries.fifo', 'stream-failures']) expect(await jobsIn(name)).toEqual([]);
    expect(await readdir(dataDir)).not.toContain('sqs');
  });

  it('is refused if the log of its queues is damaged', async () => {
    await truncate(join(dataDir, 'sqs', 'fauxqs.db-wal'), 100_000);
    const files = async () => (await readdir(dataDir)).filter((name) => !name.startsWith('lock'));
    const before = await files();
    const { ended, stderr } = await start();
    expect(await ended).toBe(1);
    expect(stderr()).toMatch(
      /^Posthorn does not start\. .*cannot be migrated: sqs\/fauxqs\.db: its log .* Nothing was changed\. /,
    );
    expect(await files()).toEqual(before);
  });
});
