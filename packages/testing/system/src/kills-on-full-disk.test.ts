import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createRandom } from '@posthorn/local-dynamodb/random';
import { createSmallDisk, findSmallDiskProblem, type SmallDisk } from '@posthorn/local-storage/testing/small-disk';
import { findFreePort } from '@posthorn/local-supervisor/ports';
import { runCommand } from '@posthorn/local-supervisor/testing/run-program';
import { type Receiver, startReceiver } from '@posthorn/testing';
import type { Svix } from 'svix';
import { commandScript, readyLine, runStart, type StartCommand, whenReady } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';
import { checkDeliveries, followDeliveries } from './load/check-deliveries.ts';
import { countWithoutReceipt } from './load/count-without-receipt.ts';
import { describeMissing } from './load/describe-missing.ts';
import { describeDuplicates, explainDuplicates } from './load/explain-duplicates.ts';
import { findDuplicates } from './load/find-duplicates.ts';
import { clientOf, type Posted, postMessages, prepareTenants, type Tenant } from './load/order-traffic.ts';

const isFull = process.env.TEST_SIZE === 'full';
const rounds = isFull ? { host: 50, everything: 20 } : { host: 2, everything: 2 };
/** A multiple of the rounds. */
const messages = isFull ? 4_200 : 480;
const seed = Number(process.env.KILLS_SEED ?? 9);
/** Where the data folder and the output are copied to after a failure, for a look at them. Nowhere if absent. */
const keepIn = process.env.KILLS_KEEP;
const minute = 60_000;
const mb = 2 ** 20;
const diskMb = 192;
/** Below the floor of free space, and none at all. */
const levels = { low: 16 * mb, none: 0 };

const problem = await findSmallDiskProblem();
if (problem !== undefined) process.stdout.write(`No small disk here, so no disk is filled: ${problem}\n`);

let folder: string;
let disk: SmallDisk;
let receiver: Receiver;
let system: StartCommand;
let url: string;
let environment: NodeJS.ProcessEnv;
let hasPassed = false;
let hasEnded = false;
const isOver = () => hasEnded;
beforeAll(async () => {
  if (problem !== undefined) return;
  folder = await mkdtemp(join(tmpdir(), 'posthorn-kills-'));
  [disk, receiver] = await Promise.all([createSmallDisk(folder, diskMb), startReceiver()]);
  environment = { POSTHORN_RETRY_SCHEDULE: '1,1,2', POSTHORN_PORT: String(await findFreePort()) };
  system = await startHere();
  ({ url } = await whenReady(system));
});
afterAll(async () => {
  hasEnded = true;
  if (problem !== undefined) return;
  if (!hasPassed) await keepFolder();
  await system.cleanUp();
  await receiver.stop();
  disk.close();
  await rm(folder, { recursive: true });
});

const programs: StartCommand[] = [];
async function startHere(): Promise<StartCommand> {
  const program = await runStart({ dataDir: join(folder, 'data'), disk, env: environment });
  programs.push(program);
  return program;
}
const output = () => programs.map((program) => program.stdout() + program.stderr()).join('\n');

/** Waits for all deliveries. If some do not arrive, it prints what is known of them before it fails. */
async function waitForAll(svix: Svix, tenants: readonly Tenant[], posted: readonly Posted[]): Promise<void> {
  try {
    await receiver.waitFor(followDeliveries(posted).areAllDone);
  } catch (error) {
    const missing = await describeMissing({ svix, receiver, tenants, posted, output: output() });
    const status = runCommand(...disk.inside(process.execPath, [commandScript('status'), '--apps']), {
      POSTHORN_DATA_DIR: join(folder, 'data'),
    });
    await status.ended;
    process.stdout.write(
      `${[missing, status.stdout() + status.stderr(), ...output().split('\n').slice(-60)].join('\n')}\n`,
    );
    throw error;
  }
}

async function keepFolder(): Promise<void> {
  if (keepIn === undefined) return;
  await system.killAll();
  await cp(disk.outside(join(folder, 'data')), join(keepIn, 'data'), { recursive: true });
  await writeFile(join(keepIn, 'output.log'), output());
}

const hostPid = async (): Promise<number | undefined> => (await system.processes()).host;

/** Kills the host. Its parent starts another one, which may have to wait for space. */
async function killHost(): Promise<Date> {
  const pid = (await hostPid()) ?? 0;
  process.kill(pid, 'SIGKILL');
  // Requests that it sent may arrive after its death. Its successor needs longer to load.
  await wait(100);
  return new Date();
}

/** Kills everything, and starts it again. A start without enough space is refused with the reason. */
async function killEverything(): Promise<Date> {
  await system.killAll();
  // Requests that were sent wait for this process to take them.
  await system.waitUntilGone();
  await wait(500);
  const killedAt = new Date();
  system = await startHere();
  const outcome = await Promise.race([system.waitFor(readyLine).catch(() => 'refused'), system.ended]);
  if (outcome === 'refused' || outcome === 1) {
    expect(system.stderr()).toMatch(
      /^Posthorn does not start\. .*no space left.* (Free some space|Remove the cause)/im,
    );
    await disk.free();
    system = await startHere();
    await system.waitFor(readyLine);
  }
  return killedAt;
}

/** Fills the disk, kills, and frees the disk. Returns the moments after which attempts may be repeated. */
async function oneRound(kind: keyof typeof rounds, random: () => number): Promise<readonly Date[]> {
  const level = random() < 0.5 ? 'low' : 'none';
  await disk.fill(levels[level]);
  await wait(random() * 1_500);
  const before = await hostPid();
  const killedAt = kind === 'host' ? await killHost() : await killEverything();
  // Some restarts have no space, some get it meanwhile.
  await wait(random() * 1_500);
  await disk.free();
  const freedAt = new Date();
  await until('it is ready again', async () => (await hostPid()) !== before && (await hostPid()) !== undefined);
  // Without any space, attempts could not be recorded.
  return level === 'none' ? [killedAt, freedAt] : [killedAt];
}

/** Lets a part of the posts pass at a time. */
function createGate() {
  let free = 0;
  const waiting: (() => void)[] = [];
  return {
    async pass(): Promise<void> {
      free -= 1;
      if (free < 0) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    release(count: number): void {
      free += count;
      for (const go of waiting.splice(0, count)) go();
    },
  };
}

/** Each round has its part of the posts. They begin shortly before it. */
async function allRounds(release: (count: number) => void): Promise<readonly Date[]> {
  const random = createRandom(seed);
  const left = { ...rounds };
  const total = left.host + left.everything;
  const moments: Date[] = [];
  for (let done = 0; done < total; done += 1) {
    release(messages / total);
    await wait(random() * 400);
    const kind = random() < left.host / (left.host + left.everything) ? 'host' : 'everything';
    left[kind] -= 1;
    moments.push(...(await oneRound(kind, random)));
  }
  return moments;
}

it(
  `loses nothing and keeps the order when the disk is full at ${rounds.host} kills of the host and ${rounds.everything} of everything (seed ${seed})`,
  async () => {
    if (problem !== undefined) return;
    const svix = await clientOf(disk.outside(join(folder, 'data')), url);
    const tenants = await prepareTenants(svix, receiver);
    const { pass, release } = createGate();
    const [posted, moments] = await Promise.all([
      postMessages(svix, tenants, messages, { mayPost: pass, isOver }),
      allRounds(release),
    ]);
    await waitForAll(svix, tenants, posted);
    await until('each delivery has its receipt', async () => (await countWithoutReceipt(svix, tenants, posted)) === 0);

    const { duplicates: count, ...report } = checkDeliveries(receiver, posted, tenants);
    expect(report).toEqual({ missing: 0, badSignatures: 0, wrongBodies: 0, outOfOrder: 0, toPrivate: 0 });
    const duplicates = findDuplicates(receiver.requests, posted);
    expect(duplicates).toHaveLength(count);
    const explained = explainDuplicates(duplicates, moments);
    process.stdout.write(`${describeDuplicates(receiver.requests.length, explained)}\n`);
    expect(explained.unexplained).toEqual([]);

    process.kill(system.pid, 'SIGTERM');
    expect(await system.ended).toBe(0);
    const verified = runCommand(...disk.inside(process.execPath, [commandScript('verify'), join(folder, 'data')]));
    expect([await verified.ended, verified.stderr()]).toEqual([0, '']);
    hasPassed = true;
  },
  (isFull ? 120 : 30) * minute,
);
