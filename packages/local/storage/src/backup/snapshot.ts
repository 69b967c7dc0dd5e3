import { randomUUID } from 'node:crypto';
import { constants, createReadStream, createWriteStream } from 'node:fs';
import { copyFile, link, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import { type Manifest, readManifest } from '../files/manifest.ts';
import { currentName, logNumberOf } from '../files/names.ts';
import { identityName } from '../folder/identity.ts';
import { snapshotPrefix } from '../folder/left-overs.ts';
import { tableFile } from '../folder/read-folder.ts';
import { openWitness, type Witness } from '../folder/witness.ts';
import type { Snapshot } from '../types.ts';

const maxTries = 20;

interface SnapshotSource {
  readonly folder: string;
  /** Runs work while nothing is written. */
  readonly between: <T>(work: () => Promise<T>) => Promise<T>;
  /** What the witness of a copy must say, while nothing is written. */
  readonly witness: () => Witness;
}

/**
 * Takes a snapshot beside the files of an open store. Tables never change, so they get a second name (a hard link), or
 * are copied where that is not possible. Logs only grow, so they get one too, and what they had while nothing was written
 * is copied afterwards.
 *
 * LevelDB may merge tables meanwhile. A MANIFEST stays true as long as all of its files exist, so if one of them is gone,
 * the next MANIFEST is taken.
 */
export async function takeSnapshot({ folder, between, witness }: SnapshotSource): Promise<Snapshot> {
  const target = join(folder, `${snapshotPrefix}${randomUUID()}`);
  await mkdir(target);
  const remove = () => rm(target, { recursive: true, force: true });
  try {
    // Most of the work is done before commits are stopped.
    await keepTables(folder, target);
    const { logs, pauseMs } = await between(async () => {
      const startedAt = performance.now();
      const logs = await keepAll(folder, target);
      openWitness(target, { ...witness(), state: 'closed' }).close();
      return { logs, pauseMs: performance.now() - startedAt };
    });
    for (const log of logs) await copyStart(target, log);
    return { folder: target, pauseMs, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

interface CurrentManifest {
  readonly name: string;
  /** Whole entries only. */
  readonly bytes: Buffer;
  readonly manifest: Manifest;
}

async function readCurrentManifest(folder: string): Promise<CurrentManifest> {
  const name = (await readFile(join(folder, currentName), 'latin1')).trim();
  const bytes = await readFile(join(folder, name));
  const { manifest, damage } = readManifest(bytes);
  return { name, bytes: bytes.subarray(0, damage?.at ?? bytes.length), manifest };
}

/** A log that is written on under its second name. */
interface GrowingLog {
  readonly name: string;
  readonly bytes: number;
}

const growing = (name: string): string => `${name}.growing`;

async function keepAll(folder: string, target: string): Promise<readonly GrowingLog[]> {
  for (let tries = 1; tries <= maxTries; tries += 1) {
    try {
      return await keepOnce(folder, target);
    } catch (error) {
      // LevelDB has merged tables meanwhile: a file of the MANIFEST is gone.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`The tables of ${folder} changed ${maxTries} times during the snapshot`);
}

async function keepOnce(folder: string, target: string): Promise<readonly GrowingLog[]> {
  const { name, bytes, manifest } = await keepTables(folder, target);
  const names = (await readdir(folder)).filter((file) => (logNumberOf(file) ?? -1) >= manifest.logNumber);
  const logs = await Promise.all(names.map((log) => keepLog(folder, target, log)));
  await copyFile(join(folder, identityName), join(target, identityName));
  await writeFile(join(target, name), bytes);
  await writeFile(join(target, currentName), `${name}\n`);
  return logs;
}

async function keepLog(folder: string, target: string, name: string): Promise<GrowingLog> {
  const kept = join(target, growing(name));
  await rm(kept, { force: true });
  await keep(join(folder, name), kept);
  return { name, bytes: (await stat(kept)).size };
}

/** Copies the part of a log that it had when it was kept. */
async function copyStart(target: string, { name, bytes }: GrowingLog): Promise<void> {
  const kept = join(target, growing(name));
  const to = createWriteStream(join(target, name));
  if (bytes > 0) await pipeline(createReadStream(kept, { end: bytes - 1 }), to);
  else to.end();
  await finished(to);
  await rm(kept);
}

async function keepTables(folder: string, target: string): Promise<CurrentManifest> {
  for (let tries = 1; ; tries += 1) {
    const current = await readCurrentManifest(folder);
    const names = new Set(await readdir(folder));
    const files = [...current.manifest.tables.keys()].map((number) => tableFile(names, number));
    const kept = new Set(await readdir(target));
    try {
      // One after the other: LevelDB's own writes wait in the same queue.
      for (const file of files) {
        if (file && !kept.has(file)) await keep(join(folder, file), join(target, file));
      }
      if (!files.includes(undefined)) return current;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
    if (tries === maxTries) throw new Error(`The tables of ${folder} changed ${maxTries} times during the snapshot`);
  }
}

/** Codes of file systems without a second name for a file. */
const cannotLink = ['EPERM', 'ENOTSUP', 'ENOSYS', 'EMLINK', 'EXDEV'];

async function keep(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!cannotLink.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  }
}
