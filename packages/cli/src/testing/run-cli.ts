import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { run } from '../main.ts';
import type { Io, StopReason } from '../terminal/io.ts';

/** How a command ended, and what it printed. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Environment variables. Nothing of the test's own is there, so that no login of the developer is used. */
  readonly env?: Readonly<Record<string, string>>;
  /** What comes in at stdin. */
  readonly stdin?: string | Uint8Array;
  /** The folder for `HOME`. Default: one that does not exist. */
  readonly home?: string;
}

export interface InProcessOptions extends RunOptions {
  /** Streams that are terminals. Default: none. */
  readonly terminals?: readonly (keyof Io['isTerminal'])[];
  /** Nobody reads stdout, and it takes nothing: no write to it ends. */
  readonly isUnread?: boolean;
}

/** A command that runs inside the test. */
export interface RunningCli {
  readonly ended: Promise<Ran>;
  readonly stdin: PassThrough;
  stdout(): string;
  stderr(): string;
  /** Resolves when stdout or stderr has the text. Rejects if the command ends without it. */
  waitFor(text: string): Promise<void>;
  /** What Ctrl-C, SIGTERM or a closed pipe do. */
  stop(reason: StopReason): void;
}

const noHome = '/nonexistent';

/** Starts a command inside the test. Its stdin stays open until the test ends it. */
export function startCli(args: readonly string[], options: InProcessOptions = {}): RunningCli {
  const { env = {}, home = noHome, terminals = [], isUnread = false } = options;
  const stopping = new AbortController();
  const texts = { stdout: '', stderr: '' };
  const printed = new EventEmitter();
  const output = (name: keyof typeof texts) =>
    new PassThrough().setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
      printed.emit('text');
    });
  const stdin = new PassThrough();
  const io: Io = {
    stdin,
    stdout: isUnread ? new Writable({ write: () => undefined }) : output('stdout'),
    stderr: output('stderr'),
    isTerminal: {
      stdin: terminals.includes('stdin'),
      stdout: terminals.includes('stdout'),
      stderr: terminals.includes('stderr'),
    },
    env,
    homeFolder: home,
    workingFolder: home,
    stop: stopping.signal,
    interrupt: () => stopping.abort('interrupted'),
    interruptNow: () => stopping.abort('interrupted'),
    isForeground: async () => true,
  };
  const ended = run(args, io).then(async (code) => {
    const read = isUnread ? [io.stderr] : [io.stdout, io.stderr];
    await Promise.all(read.map((stream) => new Promise<void>((done) => stream.end(done))));
    return { code, ...texts };
  });
  return {
    stdin,
    ended,
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    stop: (reason) => stopping.abort(reason),
    async waitFor(text) {
      const failed = ended.then((ran) => Promise.reject(new Error(`It ended without ${text}: ${JSON.stringify(ran)}`)));
      failed.catch(() => undefined);
      while (!(texts.stdout + texts.stderr).includes(text)) await Promise.race([once(printed, 'text'), failed]);
    },
  };
}

/** Runs a command inside the test: faster than a process. */
export async function runCli(args: readonly string[], options: InProcessOptions = {}): Promise<Ran> {
  const started = startCli(args, options);
  started.stdin.end(options.stdin ?? '');
  return started.ended;
}

const bin = join(import.meta.dirname, '../bin.ts');

/** Runs a command as a process, as users do. */
export function runCliProcess(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { env = {}, home = noHome, stdin = '' } = options;
  const child = spawn(process.execPath, [bin, ...args], {
    env: { PATH: process.env.PATH, HOME: home, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  // A command that does not read its input may end before it has all of it.
  child.stdin.on('error', () => undefined);
  Readable.from([Buffer.from(stdin)]).pipe(child.stdin);
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve({ code, ...texts }));
  });
}
