import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A process in the process list of the operating system. */
export interface ListedProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

const packageRunner = /^(\S*\/)?(node\s+\S*\/)?(npm|npx|pnpm|pnpx|yarn)(-cli)?(\.[cm]?js)?(\s|$)/;
const shellWithCommand = /^(\S*\/)?(sh|bash|dash|zsh) -c\s/;
const mostAncestors = 12;

/**
 * Returns the package runners that started a program, and their shells. For `npx pnpm start` these are npm, sh, pnpm
 * and sh.
 *
 * @param ancestors - ancestors of the program, its parent first
 */
export function pickLaunchers(ancestors: readonly ListedProcess[]): readonly number[] {
  const isLauncher = ({ command }: ListedProcess) => packageRunner.test(command) || shellWithCommand.test(command);
  const end = ancestors.findIndex((ancestor) => !isLauncher(ancestor));
  const launchers = end === -1 ? ancestors : ancestors.slice(0, end);
  const outermost = launchers.findLastIndex(({ command }) => packageRunner.test(command));
  return launchers.slice(0, outermost + 1).map(({ pid }) => pid);
}

/** Returns the launchers of this process: none if it was started directly or processes cannot be listed. */
export async function findLaunchers(): Promise<readonly number[]> {
  const ancestors: ListedProcess[] = [];
  for (let pid = process.ppid; pid > 1 && ancestors.length < mostAncestors; ) {
    const found = await readProcess(pid);
    if (found === undefined) break;
    ancestors.push(found);
    pid = found.parent;
  }
  return pickLaunchers(ancestors);
}

/** Returns whether a process is still running. A zombie is not running. */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return process.platform !== 'linux' || (await readState(pid)) !== 'Z';
}

const readProcess = (pid: number): Promise<ListedProcess | undefined> =>
  process.platform === 'linux' ? readFromProc(pid) : readFromPs(pid);

async function readFromProc(pid: number): Promise<ListedProcess | undefined> {
  const [parent, command] = await Promise.all([readStat(pid), readOrNothing(`/proc/${pid}/cmdline`)]);
  if (parent === undefined || command === undefined) return undefined;
  return { pid, parent: Number(parent[1]), command: command.replaceAll('\0', ' ') };
}

async function readState(pid: number): Promise<string | undefined> {
  return (await readStat(pid))?.[0];
}

/**
 * Returns the fields of `/proc/<pid>/stat` from the state on. The name before them is in brackets and may contain any
 * character.
 */
async function readStat(pid: number): Promise<readonly string[] | undefined> {
  const stat = await readOrNothing(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

async function readFromPs(pid: number): Promise<ListedProcess | undefined> {
  const listed = await promisify(execFile)('ps', ['-o', 'ppid=,args=', '-p', String(pid)]).catch(() => undefined);
  const [, parent, command = ''] = /^\s*(\d+)\s+(.*)$/m.exec(listed?.stdout ?? '') ?? [];
  return parent === undefined ? undefined : { pid, parent: Number(parent), command };
}

/** Reads a file of `/proc`, which is gone when its process has ended. */
const readOrNothing = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);
