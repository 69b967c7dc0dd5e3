import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { controlToken, type HeldSnapshot } from '@posthorn/local-host/control';
import { dataFolderAt } from '../data-folder.ts';
import { type LocalCloud, readLocalCloud } from '../local-cloud-file.ts';

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
    const response = await ask(await readLocalCloud(dataFolderAt(dataDir)));
    if (response) return toSnapshot(response);
    if (performance.now() > deadline)
      throw new Error(`Another process uses ${dataDir}, but it does not answer. Wait until it is ready, or stop it`);
    await wait(tryAgainMs);
  }
}

/** @returns nothing if it is not running yet, or is being started again */
async function ask(cloud: LocalCloud | undefined): Promise<IncomingMessage | undefined> {
  if (cloud?.control === undefined) return undefined;
  const headers = { authorization: `Bearer ${controlToken(cloud.secretAccessKey)}` };
  const asking = request(`${cloud.control}/snapshot`, { method: 'POST', headers, agent: false });
  try {
    asking.end();
    // The event has one value.
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    return response;
  } catch {
    // Nobody listens: the port is of a process that has ended.
    return undefined;
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
