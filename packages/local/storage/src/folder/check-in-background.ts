import { setTimeout as wait } from 'node:timers/promises';
import type { Finding } from '../errors.ts';
import type { Manifest } from '../files/manifest.ts';
import { checkTables } from './check-tables.ts';

/** Between two tables of about 2 MB, so that a check takes a few percent of a core. */
const pauseMs = 100;

/** Checks all blocks of a large folder's tables while it is in use. */
export interface BackgroundCheck {
  /** What it has found so far. */
  readonly findings: () => readonly Finding[];
  readonly stop: () => Promise<void>;
}

export function checkInBackground(
  folder: string,
  tables: Manifest['tables'],
  onDamage: (findings: readonly Finding[]) => void,
): BackgroundCheck {
  const stop = new AbortController();
  const findings: Finding[] = [];
  const run = async (): Promise<void> => {
    for (const [number, table] of tables) {
      await wait(pauseMs, undefined, { signal: stop.signal, ref: false });
      const [found] = await checkTables(folder, new Map([[number, table]]), 'whole');
      // LevelDB has merged a table that is gone now.
      if (found && found.problem !== 'is missing') {
        findings.push(found);
        onDamage([found]);
      }
    }
  };
  const running = run().catch((error: unknown) => {
    if (!stop.signal.aborted) process.emitWarning(`The check of ${folder} ended early: ${String(error)}`);
  });
  return {
    findings: () => findings,
    stop: async () => {
      stop.abort();
      await running;
    },
  };
}
