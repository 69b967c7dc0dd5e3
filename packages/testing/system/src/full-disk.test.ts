import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSmallDisk, findSmallDiskProblem, type SmallDisk } from '@posthorn/local-storage/testing/small-disk';
import { runCommand } from '@posthorn/local-supervisor/testing/run-program';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { ApiException, type Svix } from 'svix';
import { commandScript, runStart, type StartCommand, whenReady } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';
import { clientOf } from './load/order-traffic.ts';

const mb = 2 ** 20;
const diskMb = 160;
/** Half of what must stay free on a disk of this size. */
const belowFloor = 16 * mb;
const messages = 20;
/** It takes a second or two. A slow machine needs more. */
const recoveryMs = 50_000;

const problem = await findSmallDiskProblem();
if (problem !== undefined) process.stdout.write(`No small disk here, so no disk is filled: ${problem}\n`);

let folder: string;
let disk: SmallDisk;
let receiver: Receiver;
let system: StartCommand;
let svix: Svix;
let url: string;
beforeEach(async () => {
  if (problem !== undefined) return;
  folder = await mkdtemp(join(tmpdir(), 'posthorn-disk-'));
  [disk, receiver] = await Promise.all([createSmallDisk(folder, diskMb), startReceiver()]);
  const dataDir = join(folder, 'data');
  system = await runStart({ dataDir, disk, env: { POSTHORN_RETRY_SCHEDULE: '1,1,2,5,5' } });
  ({ url } = await whenReady(system));
  svix = await clientOf(disk.outside(dataDir), url);
});
afterEach(async () => {
  if (problem !== undefined) return;
  await system.cleanUp();
  await receiver.stop();
  disk.close();
  await rm(folder, { recursive: true });
});

async function askHealth() {
  const [health, live] = await Promise.all(['', '/live'].map((path) => fetch(`${url}/api/v1/health${path}`)));
  return { health: health?.status, body: await health?.json(), live: live?.status };
}

const post = (id: string) => svix.message.create(id, { eventType: 'a', payload: { text: 'x'.repeat(1_000) } });

/** Returns the answer to a post, or nothing if it is accepted. */
const refusal = (id: string): Promise<{ status: number; body: unknown } | undefined> =>
  post(id).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof ApiException) return { status: error.code, body: JSON.parse(error.body) };
      throw error;
    },
  );

/** Resolves when a post is refused. The SDK tries a post again for a while before it reports an outage. */
async function untilRefused(id: string) {
  for (;;) {
    const answer = await refusal(id);
    if (answer) return answer;
  }
}

/** Creates an application whose endpoint gets its answers when the test says so, and has messages in flight. */
async function startFlights() {
  const answers = Promise.withResolvers<void>();
  receiver.respond('/held', async () => {
    await answers.promise;
    return { status: 200 };
  });
  const { id } = await svix.application.create({ name: 'Held' });
  const endpoint = await svix.endpoint.create(id, { url: `${receiver.url}/held` });
  const ids = await Promise.all(Array.from({ length: messages }, async () => (await post(id)).id));
  await receiver.waitFor((requests) => requests.length >= messages);
  return { id, endpointId: endpoint.id, ids, answer: answers.resolve, answered: answers.promise };
}

/** Has a message in flight whose endpoint asks for an hour until the next attempt, which is more than a queue can delay. */
async function startLongWait(answered: Promise<unknown>): Promise<void> {
  receiver.respond('/later', async () => {
    await answered;
    return { status: 429, headers: { 'retry-after': '3600' } };
  });
  const { id } = await svix.application.create({ name: 'Later' });
  await svix.endpoint.create(id, { url: `${receiver.url}/later` });
  await post(id);
  await receiver.waitFor((requests) => requests.some(({ path }) => path === '/later'));
}

/** The number of deliveries that wait for their next attempt. */
async function countFailing(): Promise<number> {
  const dataDir = join(folder, 'data');
  const status = runCommand(...disk.inside(process.execPath, [commandScript('status'), '--json']), {
    POSTHORN_DATA_DIR: dataDir,
  });
  await status.ended;
  return JSON.parse(status.stdout()).failing;
}

const countRecorded = async (id: string, endpointId: string): Promise<number> =>
  (await svix.messageAttempt.listByEndpoint(id, endpointId, { limit: 250 })).data.length;

/** Frees the disk, and returns how long it took until a post was accepted. */
async function timeToRecover(id: string): Promise<number> {
  await disk.free();
  const freedAt = performance.now();
  await until('a post is accepted', async () => (await refusal(id)) === undefined);
  return performance.now() - freedAt;
}

const deliveriesOf = (messageId: string) =>
  receiver.requests.filter(({ headers }) => headers['webhook-id'] === messageId).length;

async function listAll(id: string): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let iterator: string | undefined; ; ) {
    const page = await svix.message.list(id, { limit: 250, ...(iterator === undefined ? {} : { iterator }) });
    ids.push(...page.data.map((message) => message.id));
    if (page.done || !page.iterator) return ids;
    iterator = page.iterator;
  }
}

it('refuses messages below the floor of free space, records what is in flight, and goes on when there is space', async () => {
  if (problem !== undefined) return;
  const { host } = await system.processes();
  const { id, endpointId, ids, answer, answered } = await startFlights();
  await startLongWait(answered);
  await disk.fill(belowFloor);
  await system.waitFor(/Warning: New messages are refused with 503\. The disk of \S+ has \d+ MB free/);
  // Soon: an attempt has 15 seconds.
  answer();
  expect(await untilRefused(id)).toEqual({
    status: 503,
    body: {
      code: 'unavailable',
      detail: 'There is too little free space to store new data. Reading still works. Try again later.',
    },
  });
  expect((await svix.message.get(id, ids[0] ?? '')).id).toBe(ids[0]);
  expect(await askHealth()).toEqual({
    health: 503,
    body: { code: 'unavailable', detail: 'There is too little free space to store new data. Reading still works.' },
    live: 200,
  });
  await until('all attempts in flight are recorded', async () => (await countRecorded(id, endpointId)) >= messages);
  await until('the long wait is stored', async () => (await countFailing()) === 1);

  const took = await timeToRecover(id);
  process.stdout.write(`below the floor: a post was accepted ${Math.ceil(took)} ms after space was freed\n`);
  expect(took).toBeLessThan(recoveryMs);
  expect(await askHealth()).toEqual({ health: 200, body: {}, live: 200 });
  const accepted = await listAll(id);
  expect(ids.filter((messageId) => !accepted.includes(messageId))).toEqual([]);
  await until('everything is delivered', () => accepted.every((messageId) => deliveriesOf(messageId) > 0));
  expect(accepted.filter((messageId) => deliveriesOf(messageId) > 1)).toEqual([]);
  expect((await system.processes()).host).toBe(host);
  await system.waitFor(/Warning: New messages are accepted again/);
});

it('refuses messages on a disk that is full to the last byte, loses nothing, and goes on when there is space', async () => {
  if (problem !== undefined) return;
  const { host } = await system.processes();
  const { id, ids, answer } = await startFlights();
  await disk.fill(0);
  expect(await untilRefused(id)).toMatchObject({ status: 503 });
  expect((await svix.message.get(id, ids[0] ?? '')).id).toBe(ids[0]);
  answer();
  const took = await timeToRecover(id);
  process.stdout.write(`full: a post was accepted ${Math.ceil(took)} ms after space was freed\n`);
  expect(took).toBeLessThan(recoveryMs);
  const accepted = await listAll(id);
  expect(ids.filter((messageId) => !accepted.includes(messageId))).toEqual([]);
  await until('everything is delivered', () => accepted.every((messageId) => deliveriesOf(messageId) > 0));
  expect((await system.processes()).host).toBe(host);

  process.kill(system.pid, 'SIGTERM');
  expect(await system.ended).toBe(0);
  const verify = disk.inside(process.execPath, [commandScript('verify'), join(folder, 'data')]);
  const verified = runCommand(...verify);
  expect([await verified.ended, verified.stderr()]).toEqual([0, '']);
});
