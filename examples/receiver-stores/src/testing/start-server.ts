import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A database server on a socket in a folder of its own. */
export interface DatabaseServer {
  readonly folder: string;
  /** Ends the server and removes its folder. */
  stop(): Promise<void>;
}

/** PostgreSQL refuses to be run by root, so it is run by `nobody` then. */
const nobody = 65_534;
const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};

/** Where Debian and Ubuntu put the programs of PostgreSQL. They are not on the path there. */
const versions = Array.from({ length: 10 }, (_, index) => `/usr/lib/postgresql/${22 - index}/bin`);

/** Returns the path of a program that is installed, or nothing. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...versions];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Makes a folder that the server may write into. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-store-'));
  if (user.uid !== undefined) await chown(folder, user.uid, user.gid);
  return folder;
}

/** Runs a program to its end. @throws Error with its output if it fails */
export async function runProgram(program: string, args: readonly string[]): Promise<void> {
  const child = startProgram(program, args);
  const code = await child.ended;
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${child.output()}`);
}

/** Starts a server. The folder is removed when it is stopped. */
export function startServer(program: string, args: readonly string[], folder: string): DatabaseServer {
  const server = startProgram(program, args);
  return {
    folder,
    stop: async () => {
      server.child.kill('SIGKILL');
      await server.ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function startProgram(program: string, args: readonly string[]) {
  const child: ChildProcess = spawn(program, args, { ...user, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const ended = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => resolve(code ?? signal));
  });
  return { child, ended, output: () => output };
}
