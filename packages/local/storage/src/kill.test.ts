import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openStorage } from './index.ts';
import { createFolder } from './testing/a-folder.ts';

const kills = Number(process.env.STORAGE_KILLS ?? 12);
const script = join(import.meta.dirname, 'testing/write-at-full-speed.ts');
const writers = 20;

interface Moment {
  readonly after: 'start' | 'first commit';
  readonly ms: number;
}

/** Writes until it is killed, and returns the numbers that were acknowledged. */
async function writeAndKill(folder: string, first: number, moment: Moment): Promise<number[]> {
  const child = spawn(process.execPath, [script, folder, String(first)], {
    env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const ended = once(child, 'close');
  if (moment.after === 'first commit') await Promise.race([once(child.stdout, 'data'), ended]);
  await wait(moment.ms);
  child.kill('SIGKILL');
  const [code] = await ended;
  if (code !== null) throw new Error(`The writer ended by itself with ${code}`);
  const lines = Buffer.concat(chunks).toString().split('\n');
  return lines.slice(0, -1).map(Number);
}

it(`is opened after each of ${kills} kills, with every acknowledged commit and no half of one`, async () => {
  const folder = await createFolder();
  const acknowledged = new Set<number>();
  let next = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    // Some kills come while the folder is being opened.
    const after = kill % 4 === 3 ? 'start' : 'first commit';
    const numbers = await writeAndKill(folder, next, { after, ms: (kill * 37) % 150 });
    for (const number of numbers) acknowledged.add(number);
    next = Math.max(next, ...numbers) + writers;
    // The next process opens what this one left, and is killed at that too.
    if (kill % 3 > 0) continue;
    const storage = await openStorage({ folder });
    const found = { a: new Set<number>(), b: new Set<number>() };
    for (const letter of ['a', 'b'] as const) {
      for await (const rows of storage.rows({ gte: `${letter}/`, lt: `${letter}~` })) {
        for (const [key] of rows) found[letter].add(Number(key.slice(2)));
      }
    }
    expect(found.a).toEqual(found.b);
    expect([...acknowledged].filter((number) => !found.a.has(number))).toEqual([]);
    expect(storage.loss).toBeUndefined();
    await storage.close();
  }
  expect(acknowledged.size).toBeGreaterThan(kills);
  await rm(folder, { recursive: true });
});
