import { createHash } from 'node:crypto';
import { cp, mkdtemp, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openWitness, readWitness } from '../folder/witness.ts';
import { openStorage, type Storage } from '../index.ts';

export const createFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'local-storage-'));

export const rowCount = 12_000;
const keyOf = (number: number): string => `k/${String(number).padStart(8, '0')}`;
const textOf = (number: number): string => `${number}/`.repeat(150);

/** Writes rows that fill a few tables and a part of a log. */
async function fill(storage: Storage, from = 0, to = rowCount): Promise<void> {
  for (let number = from; number < to; number += 20) {
    const group = Array.from({ length: Math.min(20, to - number) }, (_, index) => number + index);
    await Promise.all(group.map((each) => storage.commit([{ type: 'put', key: keyOf(each), value: textOf(each) }])));
  }
}

/** Returns the count of rows before the first wrong one, and how many there are. */
export async function countRows(storage: Storage): Promise<{ readonly right: number; readonly all: number }> {
  let right = 0;
  let all = 0;
  for await (const rows of storage.rows({ gte: 'k/', lt: 'k~' })) {
    for (const [key, value] of rows) {
      if (key === keyOf(right) && value === textOf(right)) right += 1;
      all += 1;
    }
  }
  return { right, all };
}

/** Fills a folder, and leaves it as a clean stop or a killed process does: with tables, and one log that is not empty. */
export async function fillFolder(stop: 'clean' | 'killed', durability: 'process' | 'machine' = 'process') {
  const folder = await createFolder();
  const inLog = 1_000;
  const before = await openStorage({ folder });
  await fill(before, 0, rowCount - inLog);
  await before.close();
  const storage = await openStorage({ folder, durability });
  await fill(storage, rowCount - inLog, rowCount);
  await untilQuiet(folder);
  const killed = await createFolder();
  // A killed process leaves what it has written so far.
  await cp(folder, killed, { recursive: true });
  await storage.close();
  await rm(stop === 'clean' ? killed : folder, { recursive: true });
  return stop === 'clean' ? folder : killed;
}

/** Waits until LevelDB has no more tables to merge, so that no file in the folder is a left-over. */
async function untilQuiet(folder: string): Promise<void> {
  for (let names = '', before = 'none', same = 0; same < 20; same = names === before ? same + 1 : 0) {
    before = names;
    await wait(50);
    names = (await readdir(folder)).join();
  }
}

/** Makes the folder of a killed process look as if the machine had crashed and started again since. */
export function pretendMachineCrash(folder: string): void {
  const witness = readWitness(folder);
  if (typeof witness !== 'object') throw new Error(`${folder} has no witness`);
  openWitness(folder, { ...witness, bootId: 'another boot' }).close();
}

/** A digest of each file by its path. */
export async function digest(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true })).sort();
  const entries = await Promise.all(
    names.map(async (name): Promise<[string, string]> => {
      const path = join(folder, name);
      if ((await stat(path)).isDirectory()) return [name, 'folder'];
      return [
        name,
        createHash('sha256')
          .update(await readFile(path))
          .digest('hex'),
      ];
    }),
  );
  return Object.fromEntries(entries);
}

/** Returns the names of files that match, the largest first. */
export async function filesOf(folder: string, pattern: RegExp): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((name) => pattern.test(name));
  const sized = await Promise.all(names.map(async (name) => ({ name, size: (await stat(join(folder, name))).size })));
  return sized.sort((a, b) => b.size - a.size).map(({ name }) => name);
}

/** Flips one bit of a file, at a share of its length. */
export async function flipBit(path: string, share: number): Promise<void> {
  const { size } = await stat(path);
  const file = await open(path, 'r+');
  const at = Math.floor((size - 1) * share);
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, at);
  byte[0] = (byte[0] ?? 0) ^ 0x10;
  await file.write(byte, 0, 1, at);
  await file.close();
}

/** Takes bytes off the end of a file. */
export async function shorten(path: string, bytes: number): Promise<void> {
  const { size } = await stat(path);
  const file = await open(path, 'r+');
  await file.truncate(size - bytes);
  await file.close();
}
