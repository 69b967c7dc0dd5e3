import { statfs } from 'node:fs/promises';
import { MigrationRefused } from '../migration.ts';
import type { OldStore } from './old-stores.ts';

/** A job is written to the log and to a table file, and LevelDB merges those. */
const bytesPerOldByte = 3;
const mb = 2 ** 20;
/** The storage takes no new data below its own limit, which is at most this. */
const reserve = 256 * mb;

/** @throws MigrationRefused if the disk is too full to move the queues */
export async function requireRoom(path: string, stores: readonly OldStore[]): Promise<void> {
  const queueBytes = stores.reduce((sum, { queues }) => sum + (queues?.bytes ?? 0), 0);
  const { bavail, blocks, bsize } = await statfs(path);
  const needed = queueBytes * bytesPerOldByte + Math.min(reserve, (blocks * bsize) / 20);
  const free = bavail * bsize;
  if (free < needed) {
    throw new MigrationRefused(
      path,
      [`the disk has ${inMb(free)} MB free, but ${inMb(needed)} MB are needed`],
      'Free some space and start again',
    );
  }
}

const inMb = (bytes: number): number => Math.ceil(bytes / mb);
