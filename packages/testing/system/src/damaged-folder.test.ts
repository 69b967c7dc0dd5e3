import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digest, filesOf, flipBit, pretendMachineCrash, shorten } from '@posthorn/local-storage/testing/a-folder';
import { readyLine, runStart, type StartCommand, whenReady } from './fixtures/start-command.ts';
import { clientOf } from './load/order-traffic.ts';

const postsInFlight = 10;

const folders: string[] = [];
const newFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-damaged-'));
  folders.push(folder);
  return folder;
};

/** The data folder of a system that was started twice, so that it has tables and a log, and was stopped. */
let filled: string;
beforeAll(async () => {
  filled = await newFolder();
  for (const round of ['first', 'second']) {
    const command = await runStart({ dataDir: filled });
    const { url } = await whenReady(command);
    const svix = await clientOf(filled, url);
    const { id } = await svix.application.create({ name: round });
    for (let posts = 0; posts < 5; posts += 1) {
      const post = () => svix.message.create(id, { eventType: 'a', payload: { round, posts } });
      await Promise.all(Array.from({ length: postsInFlight }, post));
    }
    await stop(command);
  }
});
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function stop(command: StartCommand): Promise<void> {
  process.kill(command.pid, 'SIGTERM');
  expect(await command.ended).toBe(0);
}

async function fileIn(store: string, pattern: RegExp): Promise<string> {
  const [name] = await filesOf(store, pattern);
  if (name === undefined) throw new Error(`no file in ${store} matches ${pattern}`);
  return join(store, name);
}

const [table, log, manifest] = [/\.ldb$/, /\.log$/, /^MANIFEST-/];

/** Damages a data folder. Returns what the refusal must name. */
type Damage = (folder: string) => Promise<string>;

const remove =
  (...names: readonly string[]): Damage =>
  async (folder) => {
    await rm(join(folder, ...names), { recursive: true });
    return names.at(-1) ?? '';
  };

const inStore =
  (pattern: RegExp, damage: (path: string) => Promise<void>): Damage =>
  async (folder) => {
    const path = await fileIn(join(folder, 'store'), pattern);
    await damage(path);
    return path.slice(path.lastIndexOf('/') + 1);
  };

const replaceSecret =
  (name: string): Damage =>
  async (folder) => {
    await writeFile(join(folder, name), randomBytes(32).toString('base64'));
    return `${name} is another one than before`;
  };

const damages: Readonly<Record<string, Damage>> = {
  'a missing CURRENT': remove('store', 'CURRENT'),
  'a flipped bit in a table': inStore(table, (path) => flipBit(path, 0.4)),
  'a flipped bit in the log': inStore(log, (path) => flipBit(path, 0.5)),
  'a flipped bit in the manifest': inStore(manifest, (path) => flipBit(path, 0.5)),
  'a log that is cut short': inStore(log, (path) => shorten(path, 1_000)),
  'a missing table': inStore(table, (path) => rm(path)),
  'a missing store': remove('store'),
  'an empty store': async (folder) => {
    for (const name of await filesOf(join(folder, 'store'), /./)) await rm(join(folder, 'store', name));
    return 'store';
  },
  'a missing format': remove('format'),
  'a missing master-key': remove('master-key'),
  'another master-key': replaceSecret('master-key'),
  'a missing jwt-secret': remove('jwt-secret'),
  'another jwt-secret': replaceSecret('jwt-secret'),
};

/** What each start may write anew: locks, and compiled code. */
const isOurs = ([name]: readonly [string, string]): boolean => !/^(lock|build(\/.*)?|store\/LOCK)$/.test(name);
const contentOf = async (folder: string) => Object.fromEntries(Object.entries(await digest(folder)).filter(isOurs));

async function copyOfFilled(): Promise<string> {
  const folder = await newFolder();
  await cp(filled, folder, { recursive: true });
  return folder;
}

it.each(Object.entries(damages))(
  'a folder with %s is refused with its name at once, and not changed',
  async (_, damage) => {
    const dataDir = await copyOfFilled();
    const named = await damage(dataDir);
    const before = await contentOf(dataDir);
    const command = await runStart({ dataDir });
    expect(await command.ended).toBe(1);
    expect(command.stderr()).toMatch(/^Posthorn does not start\. /);
    expect(command.stderr()).toContain(named);
    expect(command.stderr()).not.toMatch(/ {4}at |started again|died/);
    expect(await contentOf(dataDir)).toEqual(before);
  },
);

it('a store that is deleted during the first run is not created again when the host is restarted', async () => {
  const dataDir = await newFolder();
  const command = await runStart({ dataDir });
  await command.waitFor(readyLine);
  const { host = 0 } = await command.processes();
  await rm(join(dataDir, 'store'), { recursive: true });
  process.kill(host, 'SIGKILL');
  expect(await command.ended).toBe(1);
  expect(command.stderr()).toMatch(/Posthorn cannot continue\. .*store is damaged .*: the whole folder is missing/);
  expect(await readdir(dataDir)).not.toContain('store');
});

it('the same folder without damage is opened, with everything in it', async () => {
  const dataDir = await copyOfFilled();
  const command = await runStart({ dataDir });
  const { url } = await whenReady(command);
  const svix = await clientOf(dataDir, url);
  const { data } = await svix.application.list();
  expect(data.map(({ name }) => name).sort()).toEqual(['first', 'second']);
  await stop(command);
  expect(command.stderr()).toBe('Stopping Posthorn …\n');
});

it('a folder that lost its last writes in a crash of the machine is opened, and the start says so', async () => {
  const dataDir = await newFolder();
  const killed = await runStart({ dataDir });
  await killed.waitFor(readyLine);
  await killed.killAll();
  await killed.waitUntilGone();
  pretendMachineCrash(join(dataDir, 'store'));
  await shorten(await fileIn(join(dataDir, 'store'), log), 10);
  const command = await runStart({ dataDir });
  await command.waitFor(readyLine);
  await stop(command);
  expect(command.stderr()).toMatch(
    /^\[host\] Warning: The machine crashed or lost power, and .* may be lost\. At least \d+ changes are missing\./,
  );
});
