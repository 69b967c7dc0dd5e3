import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRestartable, type RestartableProcess } from './restartable-process.ts';
import type { ProcessChange, ProcessDefinition } from './supervised-process.ts';

let folder: string;
let part: RestartableProcess;
let changes: ProcessChange[];
let known: (number | undefined)[];
/** Processes that were running when a restart was about to end them. */
let ending: (number | undefined)[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posthorn-restartable-'));
  changes = [];
  known = [];
  ending = [];
});
afterEach(async () => {
  await part.stop();
  await rm(folder, { recursive: true });
});

const working =
  "process.send('ready'); setInterval(() => {}, 1000); process.once('disconnect', () => process.exit(0));";
const broken = 'this is no program';

const program = () => join(folder, 'program.cjs');
async function run(code: string): Promise<void> {
  await writeFile(program(), code);
  const definition: ProcessDefinition = {
    name: 'service',
    args: [program()],
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: '' },
    fruitlessStarts: 1,
    onLine: () => undefined,
    onChange(change) {
      changes.push(change);
      // Whoever hears of a new process may ask for its id.
      if (change.kind === 'started') known.push(part.pid());
    },
  };
  part = createRestartable(definition, async () => void ending.push(part.pid()));
}
const pids = () => changes.flatMap((change) => (change.kind === 'started' ? [change.pid] : []));
const gaveUp = () => changes.filter(({ kind }) => kind === 'gave-up').length;

describe('a restartable process', () => {
  it('is ready again in a new process, and who waits gets that', async () => {
    await run(working);
    await part.ready();
    part.restart();
    await part.ready();
    expect(new Set(pids()).size).toBe(2);
    expect(known).toEqual(pids());
    expect(ending).toEqual([pids()[0]]);
  });

  it('is given up at once if its code is broken, until a restart with code that works', async () => {
    await run(broken);
    await expect(part.ready()).rejects.toThrow('service did not start');
    part.restart();
    await expect(part.ready()).rejects.toThrow('service did not start');
    await writeFile(program(), working);
    part.restart();
    await part.ready();
    await part.everReady;
    expect([pids().length, gaveUp()]).toEqual([3, 2]);
  });

  it('starts once more for several restarts at a time', async () => {
    await run(working);
    await part.ready();
    for (let count = 0; count < 5; count += 1) part.restart();
    await part.ready();
    expect(pids()).toHaveLength(2);
  });

  it('is started again by itself if it dies', async () => {
    await run(working);
    await part.ready();
    process.kill(part.pid() ?? 0, 'SIGKILL');
    while (pids().length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    await part.ready();
    expect(changes.map(({ kind }) => kind)).toEqual(['started', 'died', 'started']);
    expect(known).toEqual(pids());
  });
});
