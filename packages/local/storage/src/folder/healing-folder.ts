import { setTimeout as wait } from 'node:timers/promises';
import { DataFolderDamaged, StorageReopening, wholeFolder } from '../errors.ts';
import type { Change } from '../types.ts';
import { canWrite } from './can-write.ts';
import { cutLogs } from './cut-logs.ts';
import { cutAfter, judgeFolder } from './judge-folder.ts';
import { type Level, openLevel } from './level.ts';
import type { OpenFolder } from './open-folder.ts';
import { type FolderContent, readFolder } from './read-folder.ts';
import { syncLogs } from './sync-logs.ts';
import type { Witness } from './witness.ts';

const firstTryMs = 100;
const nextTryMs = 1_000;
/** A failure soon after the last one waits longer before the first try. */
const soonMs = 10_000;

/** LevelDB on a folder, which is closed and opened again after a failed write. LevelDB itself stays broken after one. */
export interface HealingFolder {
  /** @throws StorageReopening while it is opened again */
  readonly level: () => Level;
  /** Resolves when the folder can be read. Nothing if it can be read now. */
  readonly readable: () => Promise<void> | undefined;
  readonly write: (changes: Change[]) => Promise<void>;
  /** Tries until the folder takes writes again. The refused changes are not in it then. */
  readonly heal: () => Promise<void>;
  /** What the witness of a copy must say. */
  readonly witness: () => Witness;
  readonly close: () => Promise<void>;
}

export function createHealingFolder(folder: string, opened: OpenFolder, sync: boolean): HealingFolder {
  const { writer, release } = opened;
  const options = { sync };
  let { witness } = opened;
  let level: Level | undefined = opened.level;
  let last = witness.last;
  let reading: PromiseWithResolvers<void> | undefined;
  let healedAt = Number.NEGATIVE_INFINITY;
  let healing: Promise<void> | undefined;
  const stop = new AbortController();

  const reopen = async (): Promise<void> => {
    reading ??= Promise.withResolvers<void>();
    const old = level;
    level = undefined;
    // Closing writes what LevelDB still had of the refused changes, so they are cut off after it.
    await old?.close();
    const { logs } = await readWhole(folder);
    await cutLogs(folder, cutAfter(logs, last, false));
    const { sequence, inLogs } = judgeFolder(await readWhole(folder), witness.bootId);
    writer.write({ ...witness, state: 'open', opened: inLogs, last: inLogs });
    const opened = await openLevel(folder);
    witness = { ...witness, state: 'open', opened: sequence, last: sequence };
    writer.write(witness);
    last = sequence;
    level = opened;
    reading.resolve();
    reading = undefined;
  };

  const untilHealed = async (): Promise<void> => {
    // Until it is healed, the logs may have changes that were refused.
    succeeds(() => writer.write({ ...witness, state: 'failed', last }));
    let pauseMs = performance.now() - healedAt < soonMs ? nextTryMs : firstTryMs;
    for (;;) {
      await wait(pauseMs, undefined, { signal: stop.signal }).catch(() => undefined);
      if (stop.signal.aborted) return;
      pauseMs = nextTryMs;
      // Closing LevelDB ends reads until it is open again, so that is only tried if it is likely to work.
      if ((await canWrite(folder)) && (await succeeds(reopen))) break;
    }
    healedAt = performance.now();
    healing = undefined;
  };

  return {
    level: () => {
      if (level) return level;
      throw new StorageReopening();
    },
    readable: () => reading?.promise,
    write: async (changes) => {
      if (!level) throw new StorageReopening();
      await level.batch(changes, options);
      writer.note(last + changes.length);
      last += changes.length;
    },
    heal: () => {
      healing = untilHealed();
      return healing;
    },
    witness: () => ({ ...witness, last }),
    close: async () => {
      stop.abort();
      const isWhole = healing === undefined;
      await healing;
      await level?.close();
      if (isWhole) {
        await syncLogs(folder);
        writer.write({ ...witness, state: 'closed', last });
        writer.sync();
      }
      writer.close();
      release();
    },
  };
}

/** @throws DataFolderDamaged if a file is missing */
async function readWhole(folder: string): Promise<FolderContent> {
  const content = await readFolder(folder);
  const findings = content?.findings ?? [{ file: wholeFolder, problem: 'is empty' }];
  if (!content || findings.length > 0) throw new DataFolderDamaged(folder, findings);
  return content;
}

/** Returns whether the work succeeded. If it did not, the caller tries again later. */
async function succeeds(work: () => unknown): Promise<boolean> {
  try {
    await work();
    return true;
  } catch {
    return false;
  }
}
