import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digest, filesOf, flipBit } from '@posthorn/local-storage/testing/a-folder';
import { runProgram } from '@posthorn/local-supervisor/testing/run-program';
import { type Receiver, startReceiver } from '@posthorn/testing';
import type { Svix } from 'svix';
import { commandScript, runStart, type StartCommand, whenReady } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';
import { clientOf, createClient } from './load/order-traffic.ts';

const minute = 60_000;
const postsInFlight = 16;
/** So long that no failed attempt is repeated before the backup is restored. Its jitter is a fifth. */
const retryMs = 10 * minute;
const environment = { POSTHORN_RETRY_SCHEDULE: `${retryMs / 1_000},5,5` };
const shiftClock = createRequire(import.meta.url).resolve('@posthorn/testing/process/shift-clock');
/** Lets a system start so much later that all retries are due. */
const later = { NODE_OPTIONS: `--import ${shiftClock}`, CLOCK_SHIFT_MS: String(1.2 * retryMs) };

let parent: string;
let receiver: Receiver;
const systems: StartCommand[] = [];
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'posthorn-backup-'));
  receiver = await startReceiver();
});
afterEach(async () => {
  await Promise.all(systems.splice(0).map((system) => system.cleanUp()));
  await receiver.stop();
  await rm(parent, { recursive: true });
});

async function start(
  dataDir: string,
  env: NodeJS.ProcessEnv = {},
): Promise<{ readonly system: StartCommand; readonly svix: Svix }> {
  const system = await runStart({ dataDir, env: { ...environment, ...env } });
  systems.push(system);
  const { url } = await whenReady(system);
  return { system, svix: await clientOf(dataDir, url) };
}

async function stop(system: StartCommand): Promise<void> {
  process.kill(system.pid, 'SIGTERM');
  expect(await system.ended).toBe(0);
}

/** Runs a command of the command line until it ends. */
async function run(name: string, dataDir: string, ...args: readonly string[]) {
  const program = runProgram(commandScript(name), args, { POSTHORN_DATA_DIR: dataDir });
  return { code: await program.ended, stdout: program.stdout(), stderr: program.stderr() };
}

/** Posts messages until it is told to end. The ids are those of accepted messages. */
function startLoad(svix: Svix, applicationId: string) {
  const ids: string[] = [];
  let isOver = false;
  const post = async () => {
    while (!isOver) ids.push((await svix.message.create(applicationId, { eventType: 'a', payload: { a: 1 } })).id);
  };
  const posting = Promise.all(Array.from({ length: postsInFlight }, post));
  return {
    ids,
    async end() {
      isOver = true;
      await posting;
    },
  };
}

const accepted = ({ requests }: Receiver, since: number) =>
  new Set(requests.slice(since).map(({ headers }) => headers['webhook-id']));

it('a backup under load has every message that was accepted before it, and they are delivered when it was restored', async () => {
  const [dataDir, backup, restored] = ['data', 'backup', 'restored'].map((name) => join(parent, name)) as [
    string,
    string,
    string,
  ];
  const { system, svix } = await start(dataDir);
  receiver.respond('/all', () => ({ status: 500 }));
  const { id } = await svix.application.create({ name: 'Backed up' });
  const { id: endpointId } = await svix.endpoint.create(id, { url: `${receiver.url}/all` });
  const { key } = await svix.endpoint.getSecret(id, endpointId);
  const load = startLoad(svix, id);
  await until('there is load', () => load.ids.length >= 300);

  const before = [...load.ids];
  const taken = await run('backup', dataDir, backup);
  expect(taken).toMatchObject({ code: 0, stderr: '' });
  expect(taken.stdout).toContain(`${backup} is a backup of ${dataDir}: `);
  // It takes far less than a second. A slow machine needs more.
  expect(Number(/waited for (\d+) ms/.exec(taken.stdout)?.[1])).toBeLessThan(50_000);
  process.stdout.write(taken.stdout);
  const live = await run('verify', dataDir);
  expect(live).toMatchObject({ code: 0, stderr: '' });
  await load.end();
  await stop(system);
  expect((await readdir(join(dataDir, 'store'))).filter((name) => name.startsWith('.'))).toEqual([]);

  expect(await run('verify', dataDir, backup)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\S+backup is whole: \d+ rows/),
    stderr: '',
  });
  expect(await run('restore', restored, backup)).toMatchObject({ code: 0, stderr: '' });

  const since = receiver.requests.length;
  receiver.respond('/all', () => ({ status: 200 }));
  const again = await start(restored, later);
  expect((await again.svix.endpoint.getSecret(id, endpointId)).key).toBe(key);
  await until('all messages of the backup are delivered', () => {
    const delivered = accepted(receiver, since);
    return before.every((messageId) => delivered.has(messageId));
  });
  await stop(again.system);
  expect(again.system.stderr()).toBe('Stopping Posthorn …\n');
  expect(await run('verify', restored)).toMatchObject({ code: 0 });
});

describe('a backup of a stopped system', () => {
  /** What all these tests begin with. Each of them gets a copy. */
  let made: string;
  let dataDir: string;
  let backup: string;
  beforeAll(async () => {
    made = await mkdtemp(join(tmpdir(), 'posthorn-backup-'));
    const { system, svix } = await start(join(made, 'data'));
    await svix.application.create({ name: 'Kept', uid: 'kept' });
    await stop(system);
    const taken = await run('backup', join(made, 'data'), join(made, 'deep/backup'));
    expect(taken).toMatchObject({ code: 0, stderr: '' });
    // Its folder is needed until all tests have ended.
    systems.pop();
  });
  afterAll(async () => {
    await Promise.all(systems.splice(0).map((system) => system.cleanUp()));
    await rm(made, { recursive: true, force: true });
  });
  beforeEach(async () => {
    [dataDir, backup] = [join(parent, 'data'), join(parent, 'deep/backup')];
    await cp(made, parent, { recursive: true });
  });

  it('has the data and all secrets, for its owner only, and the restored system continues with them', async () => {
    expect((await readdir(backup)).sort()).toEqual([
      'access-key',
      'format',
      'jwt-secret',
      'master-key',
      'program-key',
      'store',
      'token',
    ]);
    const isOpen = async (name: string) => ((await stat(join(backup, name))).mode & 0o077) !== 0;
    const names = await readdir(backup, { recursive: true });
    expect(await Promise.all(['', ...names].map(isOpen))).not.toContain(true);

    const restored = join(parent, 'restored');
    // A start that was refused leaves a lock.
    await run('restore', restored, join(parent, 'nowhere'));
    expect(await run('restore', restored, backup)).toMatchObject({ code: 0, stderr: '' });
    const token = await readFile(join(backup, 'token'), 'utf8');
    const { system } = await start(restored);
    const { url } = await whenReady(system);
    expect((await createClient(url, token).application.get('kept')).name).toBe('Kept');
    await stop(system);
  });

  it('is refused with its damage, and nothing is restored', async () => {
    const damaged = join(parent, 'damaged');
    await cp(backup, damaged, { recursive: true });
    const [log = ''] = await filesOf(join(damaged, 'store'), /\.log$/);
    await flipBit(join(damaged, 'store', log), 0.5);
    const before = await digest(damaged);
    expect(await run('verify', dataDir, damaged)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`- store: ${log} `),
    });
    const restored = join(parent, 'restored');
    expect(await run('restore', restored, damaged)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(log),
    });
    expect(await readdir(restored)).toEqual([]);
    expect(await digest(damaged)).toEqual(before);
  });

  it.each([
    ['its format', 'format', 'no whole backup'],
    ['its store', 'store', 'store: the whole folder is missing'],
    ['its master-key', 'master-key', 'master-key is missing'],
  ])('is refused without %s', async (_, name, problem) => {
    await rm(join(backup, name), { recursive: true });
    const restored = join(parent, 'restored');
    expect(await run('restore', restored, backup)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(problem),
    });
  });

  it('is refused with the master-key of another system', async () => {
    await writeFile(join(backup, 'master-key'), 'x');
    expect(await run('verify', dataDir, backup)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('master-key is another one than before'),
    });
  });

  it('is neither taken nor restored into a folder with files, and never into the data', async () => {
    const files = join(parent, 'files');
    await cp(backup, files, { recursive: true });
    const before = await digest(files);
    const notEmpty = { code: 1, stderr: `${files} is not empty. Choose a new or empty folder\n` };
    expect(await run('backup', dataDir, files)).toMatchObject(notEmpty);
    expect(await run('restore', files, backup)).toMatchObject(notEmpty);
    expect(await digest(files)).toEqual(before);
    expect(await run('backup', dataDir, join(dataDir, 'store/backup'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is inside of the data'),
    });
  });

  it('is not taken of a damaged folder', async () => {
    await rm(join(dataDir, 'store/CURRENT'));
    const target = join(parent, 'another');
    expect(await run('backup', dataDir, target)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('CURRENT is missing'),
    });
    expect(await readdir(target)).toEqual([]);
  });
});

it.each(['backup', 'verify', 'restore'])('%s says how it is used, and what it does not understand', async (name) => {
  const help = await run(name, parent, '--help');
  expect(help).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('POSTHORN_DATA_DIR') });
  expect(await run(name, parent, 'one', 'two')).toMatchObject({ code: 1, stdout: '', stderr: help.stdout });
  expect(await run(name, parent, '--colour')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("Unknown option '--colour'"),
  });
  expect(await run(name, join(parent, 'none'), join(parent, 'nowhere'))).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^\S+ is no data folder and no whole backup: it has no file "format"\n$/),
  });
});
