import type { IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { HeldSnapshot } from '@posthorn/local-host/control';
import { sendCommand } from '../control-request.ts';

/** A snapshot of a running system. It exists until `release`, and as long as the system runs. */
export interface RunningSnapshot extends HeldSnapshot {
  readonly release: () => void;
  /** Whether the system ended meanwhile, which deletes the snapshot. */
  readonly isGone: () => boolean;
}

const patienceMs = 15_000;
const tryAgainMs = 250;

/**
 * Asks the Posthorn that uses a data folder for a snapshot. Waits if it is just starting.
 *
 * @throws if it does not answer, or cannot take a snapshot
 */
export async function takeRunningSnapshot(dataDir: string): Promise<RunningSnapshot> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const response = await sendCommand(dataDir, 'POST /snapshot');
    if (response) return toSnapshot(response);
    if (performance.now() > deadline)
      throw new Error(`Another process uses ${dataDir}, but it does not answer. Wait until it is ready, or stop it`);
    await wait(tryAgainMs);
  }
}

async function toSnapshot(response: IncomingMessage): Promise<RunningSnapshot> {
  let isGone = false;
  response
    .on('error', () => undefined)
    .once('close', () => {
      isGone = true;
    });
  const line = await firstLine(response);
  // Our own host wrote it.
  if (response.statusCode === 200)
    return { ...(JSON.parse(line) as HeldSnapshot), isGone: () => isGone, release: () => response.destroy() };
  const { problem } = JSON.parse(line) as { readonly problem: string };
  throw new Error(problem);
}

function firstLine(response: IncomingMessage): Promise<string> {
  const line = Promise.withResolvers<string>();
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (text.includes('\n')) line.resolve(text);
  });
  response.once('close', () => line.reject(new Error('Posthorn ended before it answered. Run the command again')));
  return line.promise;
}
