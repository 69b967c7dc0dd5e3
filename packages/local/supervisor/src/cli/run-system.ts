import { setTimeout as wait } from 'node:timers/promises';
import type { System } from '../system.ts';
import { complain, endWith } from './run-command.ts';
import { waitForStopRequest } from './stop-request.ts';

/** How long a cancelled start may take to stop what it started. The rest ends when this process ends. */
const undoMs = 3_000;

/** A system must end, even if nobody reads what it prints. */
const ending = { failedTo: 'Posthorn does not start. ', longestReadMs: 200 };

/** A system to run, or nothing if the arguments ask for something else, such as `--help`. */
export interface SystemRun {
  /** The signal cancels the start. */
  start(giveUp: AbortSignal): Promise<System>;
  onReady(system: System): void;
  /** Is called when everything has stopped, before this process ends. */
  onStopped?(): Promise<void>;
}

/** Runs a system until it is asked to stop, and ends this process. */
export const runSystem = (prepare: (args: readonly string[]) => SystemRun | undefined): Promise<never> =>
  endWith(async () => {
    const run = prepare(process.argv.slice(2));
    return run ? runUntilAsked(run) : 0;
  }, ending);

/** @returns the exit code */
async function runUntilAsked({ start, onReady, onStopped }: SystemRun): Promise<number> {
  const asked = waitForStopRequest();
  const giveUp = new AbortController();
  const starting = start(giveUp.signal);
  const system = await Promise.race([starting, asked.then(() => undefined)]);
  if (system) {
    onReady(system);
    const code = await keepRunning(system, asked);
    await onStopped?.();
    return code;
  }
  complain('Stopping Posthorn …');
  giveUp.abort(new Error('the start was cancelled'));
  await Promise.race([starting.then((late) => late.stop()).catch(() => undefined), wait(undoMs)]);
  return 0;
}

async function keepRunning(system: System, asked: Promise<void>): Promise<number> {
  const failure = await Promise.race([asked, system.failed.catch((error: Error) => error)]);
  complain(failure ? `Posthorn cannot continue. ${failure.message}` : 'Stopping Posthorn …');
  await system.stop();
  return failure ? 1 : 0;
}
