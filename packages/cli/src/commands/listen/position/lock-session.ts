import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CliError } from '../../../exit/cli-error.ts';

/** The sessions of this process. In a container, a process of before can have had the same id. */
const own = new Set<string>();

/**
 * Makes sure that one process at a time runs a session: two would write one file, and the last one would win. The lock is
 * a file with the id of the process. That of a process that has ended is taken over.
 *
 * @param path - of the session's position
 * @returns ends the lock
 * @throws CliError `failed` if another process runs it
 */
export function lockSession(path: string): () => void {
  const lock = `${path}.lock`;
  mkdirSync(dirname(lock), { recursive: true, mode: 0o700 });
  if (!create(lock)) {
    const holder = Number(readText(lock));
    if (isRunning(holder, lock)) throw alreadyRuns(holder, lock);
    rmSync(lock, { force: true });
    if (!create(lock)) throw alreadyRuns(Number(readText(lock)), lock);
  }
  own.add(lock);
  return () => {
    own.delete(lock);
    rmSync(lock, { force: true });
  };
}

const alreadyRuns = (holder: number, lock: string) =>
  new CliError('failed', `The process ${holder} listens already with this server, application, target and endpoint`, {
    code: 'already_listening',
    remedy: `End it, or forward to another path. If it is another program, remove ${lock}`,
  });

/** Returns false if there is one. */
function create(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readText(lock: string): string {
  try {
    return readFileSync(lock, 'utf8');
  } catch {
    return '';
  }
}

function isRunning(id: number, lock: string): boolean {
  if (id === process.pid) return own.has(lock);
  if (!Number.isSafeInteger(id) || id <= 0) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
