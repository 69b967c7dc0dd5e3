import { setTimeout as wait } from 'node:timers/promises';
import type { System } from '../system.ts';
import { waitForStopRequest } from './stop-request.ts';

/** How long a cancelled start may take to stop what it started. The rest ends when this process ends. */
const undoMs = 3_000;

export const say = (text: string): void => void process.stdout.write(`${text}\n`);
export const complain = (text: string): void => void process.stderr.write(`${text}\n`);

/**
 * Runs a system until it is asked to stop.
 *
 * @param start - starts it; the signal cancels the start
 * @param onReady - is called when it runs
 */
export async function runSystem(
  start: (giveUp: AbortSignal) => Promise<System>,
  onReady: (system: System) => void,
): Promise<void> {
  const asked = waitForStopRequest();
  const giveUp = new AbortController();
  const starting = start(giveUp.signal);
  const system = await Promise.race([starting, asked.then(() => undefined)]);
  if (system) return keepRunning(system, asked, onReady);
  complain('Stopping Posthorn …');
  giveUp.abort(new Error('the start was cancelled'));
  await Promise.race([starting.then((late) => late.stop()).catch(() => undefined), wait(undoMs)]);
}

async function keepRunning(system: System, asked: Promise<void>, onReady: (system: System) => void): Promise<void> {
  onReady(system);
  const failure = await Promise.race([asked, system.failed.catch((error: Error) => error)]);
  complain(failure ? `Posthorn cannot continue. ${failure.message}` : 'Stopping Posthorn …');
  await system.stop();
  if (failure) process.exit(1);
}

/** Our own errors say what to do, so their message is enough. Other errors are printed with their stack. */
const describeProblem = (error: unknown): string =>
  error instanceof Error && (!(error instanceof TypeError) || isWrongArgument(error))
    ? `Posthorn does not start. ${error.message}`
    : String((error as Error).stack ?? error);

/** An error of `parseArgs`, which is a TypeError. */
const isWrongArgument = (error: Error): boolean => 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');

/** Runs the main function of a command, and ends the process. */
export async function runCommand(main: (args: readonly string[]) => Promise<void>): Promise<never> {
  // If the terminal was closed, writing fails. The processes must still be stopped in order.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  try {
    await main(process.argv.slice(2));
    process.exit(0);
  } catch (error) {
    complain(describeProblem(error));
    process.exit(1);
  }
}
