import { isAbsolute, join } from 'node:path';
import { CliError } from '../exit/cli-error.ts';
import type { Io } from '../terminal/io.ts';

/** What `posthorn login` keeps: a server, and a token for it. */
export interface Profile {
  readonly server: string;
  readonly token: string;
  /** The server may be plain HTTP on another machine. */
  readonly allowHttp: boolean;
}

type Place = Pick<Io, 'env' | 'homeFolder'>;

const namePattern = /^[A-Za-z0-9][\w.-]{0,63}$/;

/** The folder with a file for each profile: two logins at the same time never overwrite each other's. */
export function profileFolder({ env, homeFolder }: Place): string {
  const base = env.XDG_CONFIG_HOME;
  // The specification of XDG says that a relative path is to be ignored.
  return join(base && isAbsolute(base) ? base : join(homeFolder, '.config'), 'posthorn');
}

/** Returns the file of a profile. @throws CliError `usage` if the name is not fit for a file */
export function profileFile(place: Place, name: string): string {
  if (!namePattern.test(name))
    throw new CliError('usage', `${name} is no name of a profile`, { remedy: 'Use letters, digits, - _ and .' });
  return join(profileFolder(place), `${name}.json`);
}

/** Returns a profile, or `undefined` if nobody has logged in under its name. */
export async function readProfile(place: Place, name: string): Promise<Profile | undefined> {
  const file = profileFile(place, name);
  const text = await readText(file);
  if (text === undefined) return undefined;
  const { server, token, allowHttp } = parse(text);
  if (typeof server !== 'string' || typeof token !== 'string')
    throw new CliError('failed', `${file} is no profile`, { code: 'profile_damaged', remedy: 'Log in again' });
  return { server, token, allowHttp: allowHttp === true };
}

async function readText(file: string): Promise<string | undefined> {
  const { readFile } = await import('node:fs/promises');
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new CliError('failed', `Cannot read ${file}: ${error.message}`, { code: 'profile_unreadable', cause: error });
  });
}

function parse(text: string): { readonly [Name in keyof Profile]?: unknown } {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Keeps a profile in one step: a reader sees the old one or the new one. Only this user can read it. */
export async function writeProfile(place: Place, name: string, profile: Profile): Promise<void> {
  const { chmod, mkdir, rename, rm, writeFile } = await import('node:fs/promises');
  const file = profileFile(place, name);
  const folder = profileFolder(place);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const next = `${file}.${crypto.randomUUID()}`;
  try {
    await writeFile(next, `${JSON.stringify(profile, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true });
    await rename(next, file);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
}

/** Removes a profile. Returns false if there was none. */
export async function removeProfile(place: Place, name: string): Promise<boolean> {
  const { rm } = await import('node:fs/promises');
  const file = profileFile(place, name);
  try {
    await rm(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
