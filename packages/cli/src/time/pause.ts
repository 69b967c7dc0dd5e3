import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../exit/cli-error.ts';
import type { Io } from '../terminal/io.ts';

/** Waits. @throws CliError `interrupted` when the program is to stop */
export async function pause(ms: number, { stop }: Pick<Io, 'stop'>): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: stop });
  } catch {
    throw new CliError('interrupted', 'Interrupted');
  }
}
