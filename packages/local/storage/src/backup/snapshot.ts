import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
 * are copied where that is not possible. The logs and the MANIFEST are copied while nothing is written.
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
    const pauseMs = await between(async () => {
      const startedAt = performance.now();
      for (let tries = 1; !(await keepAll(folder, target)); tries += 1) {
        if (tries === maxTries)
          throw new Error(`The tables of ${folder} changed ${maxTries} times during the snapshot`);
      }
      openWitness(target, { ...witness(), state: 'closed' }).close();
      return performance.now() - startedAt;
    });
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

/** @returns false if a file of the MANIFEST is gone */
async function keepAll(folder: string, target: string): Promise<boolean> {
  try {
    const { name, bytes, manifest } = await keepTables(folder, target);
    const logs = (await readdir(folder)).filter((file) => (logNumberOf(file) ?? -1) >= manifest.logNumber);
    await Promise.all([...logs, identityName].map((file) => copyFile(join(folder, file), join(target, file))));
    await writeFile(join(target, name), bytes);
    await writeFile(join(target, currentName), `${name}\n`);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
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
