import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Svix } from 'svix';

const repository = join(import.meta.dirname, '../../..');

/** Something that whoever runs the program can put right. */
export class NotConnected extends Error {
  constructor(problem: string, options?: ErrorOptions) {
    super(`${problem}. Start it with: npx pnpm@12 start`, options);
    this.name = 'NotConnected';
  }
}

/**
 * A client of the system at `POSTHORN_URL` (`http://localhost:8071`), with the token in `POSTHORN_TOKEN` or, on the
 * system's own machine, the one in its data folder (`POSTHORN_DATA_DIR`).
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
    throw new NotConnected(`There is no token in ${file}, so no Posthorn ran here yet`, { cause });
  }
}
