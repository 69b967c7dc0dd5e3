import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Svix } from 'svix';

const repository = join(import.meta.dirname, '../../..');

/** An error that the user of the program can fix. */
export class NotConnected extends Error {
  constructor(problem: string, options?: ErrorOptions) {
    super(`${problem}. Start it with: npx pnpm@12 start`, options);
    this.name = 'NotConnected';
  }
}

/**
 * Creates a client of the system at `POSTHORN_URL` (default: `http://localhost:8071`). The token is `POSTHORN_TOKEN`.
 * Without it, the token is read from the data folder of the system on this machine (`POSTHORN_DATA_DIR`).
 *
 * @throws NotConnected when no system answers or there is no token
 */
export async function connect(environment: NodeJS.ProcessEnv): Promise<Svix> {
  const url = environment.POSTHORN_URL || 'http://localhost:8071';
  const svix = new Svix(await readToken(environment), { serverUrl: url });
  try {
    await svix.health.get();
  } catch (cause) {
    throw new NotConnected(`No Posthorn answers at ${url}`, { cause });
  }
  return svix;
}

async function readToken({ POSTHORN_TOKEN, POSTHORN_DATA_DIR }: NodeJS.ProcessEnv): Promise<string> {
  if (POSTHORN_TOKEN) return POSTHORN_TOKEN;
  const file = join(resolve(repository, POSTHORN_DATA_DIR || '.posthorn'), 'token');
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new NotConnected(`There is no token in ${file}: Posthorn has not run on this machine yet`, { cause });
  }
}
