import { cp, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openStorage, type Storage, StorageFull, StorageReopening } from '../index.ts';

/**
 * Run by a test as a process of its own, on a disk of 24 MB: `node on-small-disk.ts MOUNT_POINT MIN_FREE_BYTES`. Another
 * program fills the disk and frees it again, three times. Writes what it saw as JSON.
 *
 * With `limit` as third argument, the disk is large, but the process may only write small files. Each log reaches that.
 */
const disk = process.argv[2] ?? '';
const folder = join(disk, 'data');
const ballast = join(disk, 'ballast');
const minFreeBytes = Number(process.argv[3] ?? 0);
const isLimited = process.argv[4] === 'limit';
const value = 'x'.repeat(4_096);

interface Comparison {
  readonly lost: number;
  readonly returned: number;
  readonly halves: number;
}

const acknowledged = new Set<string>();
const refused = new Set<string>();
const seen = {
  refusals: 0,
  essential: 0,
  readsWhileFull: 0,
  readErrors: 0,
  longestHealMs: 0,
  opening: '',
  afterKill: { lost: 0, returned: 0, halves: 0 },
  reasons: new Set<string>(),
};
let number = 0;

async function tryCommit(storage: Storage, essential = false): Promise<boolean> {
  number += 1;
  const key = `k/${String(number).padStart(8, '0')}`;
  try {
    // Two rows, so that a half of a commit would be seen.
    await storage.commit(
      [
        { type: 'put', key, value },
        { type: 'put', key: `${key}/twin`, value },
      ],
      { essential },
    );
    acknowledged.add(key);
    return true;
  } catch (error) {
    refused.add(key);
    seen.refusals += 1;
    seen.reasons.add(error instanceof StorageFull ? 'StorageFull' : String((error as Error).name));
    return false;
  }
}

/** Counts the differences between the rows and the promises. */
function compare(storage: Storage): Comparison {
  const has = (key: string) => Number(storage.get(key) === value) + Number(storage.get(`${key}/twin`) === value);
  const count = (keys: Iterable<string>, isWrong: (rows: number) => boolean) =>
    [...keys].filter((key) => isWrong(has(key))).length;
  return {
    lost: count(acknowledged, (rows) => rows < 2),
    returned: count(refused, (rows) => rows === 2),
    halves: count([...acknowledged, ...refused], (rows) => rows === 1),
  };
}

/** Compares what a kill at this moment would leave, opened with enough space. */
async function compareAfterKill(): Promise<Comparison> {
  const copy = await mkdtemp(join(tmpdir(), 'local-storage-'));
  await cp(folder, copy, { recursive: true });
  const left = await openStorage({ folder: copy });
  const result = compare(left);
  await left.close();
  await rm(copy, { recursive: true });
  return result;
}

const mostWrong = (one: Comparison, other: Comparison): Comparison => ({
  lost: Math.max(one.lost, other.lost),
  returned: Math.max(one.returned, other.returned),
  halves: Math.max(one.halves, other.halves),
});

function readAll(storage: Storage): void {
  for (const key of acknowledged) {
    try {
      if (storage.get(key) !== value) throw new Error(`${key} is missing`);
      seen.readsWhileFull += 1;
    } catch (error) {
      if (!(error instanceof StorageReopening)) throw error;
      seen.readErrors += 1;
    }
  }
}

/** Fills the disk to the last byte, or to half of the space that must stay free. */
async function fillDisk(): Promise<void> {
  if (isLimited) return;
  const { bavail, bsize } = await statfs(disk);
  const bytes = bavail * bsize - minFreeBytes / 2 + (minFreeBytes === 0 ? 1_000_000 : 0);
  await writeFile(ballast, Buffer.alloc(bytes)).catch(() => undefined);
}

let storage = await openStorage({ folder, minFreeBytes });
if (minFreeBytes === 0 && !isLimited) {
  await storage.close();
  await fillDisk();
  seen.opening = await openStorage({ folder }).then(
    () => 'opened',
    ({ name }: Error) => name,
  );
  await rm(ballast, { force: true });
  storage = await openStorage({ folder, minFreeBytes });
}
for (let round = 0; round < 3; round += 1) {
  for (let commits = 0; commits < 100; commits += 1) await tryCommit(storage);
  await fillDisk();
  const before = seen.refusals;
  for (let tries = 0; seen.refusals < before + 20; tries += 1) {
    await tryCommit(storage);
    if (tries % 10 === 9) await wait(20);
  }
  if (storage.state().writable) throw new Error(`The store says in round ${round} that it can be written`);
  seen.afterKill = mostWrong(seen.afterKill, await compareAfterKill());
  readAll(storage);
  if (minFreeBytes > 0 && (await tryCommit(storage, true))) seen.essential += 1;
  await rm(ballast, { force: true });
  const freedAt = performance.now();
  while (!(await tryCommit(storage))) await wait(20);
  seen.longestHealMs = Math.max(seen.longestHealMs, performance.now() - freedAt);
  await storage.clear({ gte: 'k/', lt: `k/${String(number - 50).padStart(8, '0')}` });
  for (const keys of [acknowledged, refused]) {
    for (const key of keys) if (Number(key.slice(2)) < number - 50) keys.delete(key);
  }
}
const running = compare(storage);
await storage.close();
storage = await openStorage({ folder, minFreeBytes });
const reopened = compare(storage);
await storage.close();
process.stdout.write(JSON.stringify({ ...seen, reasons: [...seen.reasons].sort(), running, reopened }));
