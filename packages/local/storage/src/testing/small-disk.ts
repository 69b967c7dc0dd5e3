import { execFile, spawn } from 'node:child_process';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const mount = 'mount -t tmpfs -o size="$1"m tmpfs "$2"';

/**
 * Returns why a test cannot have a small disk, or nothing. It needs a mount that only its own processes see: Linux with
 * user namespaces.
 */
export const findSmallDiskProblem = (): Promise<string | undefined> =>
  run('unshare', ['-rm', 'sh', '-c', mount, 'sh', '1', '/tmp']).then(
    () => undefined,
    (error: Error) => error.message.replaceAll(/\s+/g, ' '),
  );

/** A disk in memory that only some processes see. */
export interface SmallDisk {
  /** The command and arguments that run a program which sees the disk. */
  inside(command: string, args: readonly string[]): readonly [command: string, args: readonly string[]];
  /** The path with which this process reaches a file on the disk. */
  outside(path: string): string;
  /** Fills the disk, as another program would, but for some bytes. */
  fill(leaveBytes: number): Promise<void>;
  /** Frees what `fill` has taken. */
  free(): Promise<void>;
  /** Ends the disk when no other program uses it any more. */
  close(): void;
}

/** @param folder - an empty folder, where the disk is mounted */
export async function createSmallDisk(folder: string, megabytes: number): Promise<SmallDisk> {
  // It keeps the disk until this process closes the pipe, or ends.
  const keeper = spawn('unshare', [
    '-rm',
    'sh',
    '-c',
    `${mount} && echo ready && exec cat`,
    'sh',
    String(megabytes),
    folder,
  ]);
  await new Promise<void>((resolve, reject) => {
    keeper.stdout.once('data', () => resolve());
    keeper.once('exit', (code) => reject(new Error(`the disk could not be mounted (exit code ${code})`)));
  });
  const outside = (path: string): string => `/proc/${keeper.pid}/root${path}`;
  const ballast = outside(join(folder, 'ballast'));
  const free = () => rm(ballast, { force: true });
  return {
    inside: (command, args) => [
      'nsenter',
      ['-t', String(keeper.pid), '-U', '-m', '--preserve-credentials', command, ...args],
    ],
    outside,
    async fill(leaveBytes) {
      await free();
      const { bavail, bsize } = await statfs(outside(folder));
      // More than there is, to fill it to the last byte.
      const bytes = bavail * bsize - leaveBytes + (leaveBytes === 0 ? bsize : 0);
      await writeFile(ballast, Buffer.alloc(Math.max(0, bytes))).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOSPC') throw error;
      });
    },
    free,
    close: () => keeper.stdin.end(),
  };
}
