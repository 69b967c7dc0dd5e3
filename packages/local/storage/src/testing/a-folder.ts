import { createHash } from 'node:crypto';
import { cp, mkdtemp, open, readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStorage, type Storage } from '../index.ts';

export const createFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'local-storage-'));

export const rowCount = 12_000;
export const keyOf = (number: number): string => `k/${String(number).padStart(8, '0')}`;
export const valueOf = (number: number): string => `${number}/`.repeat(150);

/** Writes rows that fill a few tables and a part of a log. */
export async function fill(storage: Storage, from = 0, to = rowCount): Promise<void> {
  for (let number = from; number < to; number += 20) {
    const group = Array.from({ length: Math.min(20, to - number) }, (_, index) => number + index);
    await Promise.all(
      group.map((each) => storage.commit([{ type: 'put', key: keyOf(each), value: valueOf(each) }])),
    );
  }
}

/** Returns the count of rows before the first wrong one, and how many there are. */
export async function countRows(storage: Storage): Promise<{ readonly right: number; readonly all: number }> {
  let right = 0;
  let all = 0;
  for await (const rows of storage.rows({ gte: 'k/', lt: 'k~' })) {
    for (const [key, value] of rows) {
      if (key === keyOf(right) && value === valueOf(right)) right += 1;
      all += 1;
    }
  }
  return { right, all };
}

/** Fills a folder, and leaves it as a clean stop or a killed process does. */
export async function fillFolder(stop: 'clean' | 'killed', durability: 'process' | 'machine' = 'process') {
  const folder = await createFolder();
  const storage = await openStorage({ folder, durability });
  // With a sync for each commit, fewer rows, so that the test takes no minute.
  await fill(storage, 0, durability === 'machine' ? rowCount / 2 : rowCount);
  const killed = await createFolder();
  // A killed process leaves what it has written so far.
  await cp(folder, killed, { recursive: true });
  await storage.close();
  return stop === 'clean' ? folder : killed;
}

/** A digest of each file by its path. */
export async function digest(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true })).sort();
  const entries = await Promise.all(
    names.map(async (name): Promise<[string, string]> => {
      const path = join(folder, name);
      if ((await stat(path)).isDirectory()) return [name, 'folder'];
      return [name, createHash('sha256').update(await readFile(path)).digest('hex')];
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
