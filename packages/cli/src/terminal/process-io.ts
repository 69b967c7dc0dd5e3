import { homedir } from 'node:os';
import { isForeground } from './foreground.ts';
import type { Io, StopReason } from './io.ts';
import { isReaderGone, toOutputFailure } from './output-failure.ts';

export interface ProcessIo extends Io {
  /**
   * Comes back when the output is read, or nobody waits for that any more. A pipe takes what its reader leaves room for:
   * what it has not taken yet would be lost at the exit.
   */
  outputRead(): Promise<void>;
}

/** The real process. Ctrl-C and SIGTERM stop a command; a second one ends the process at once. */
export function createProcessIo(): ProcessIo {
  const { stdout, stderr, env } = process;
  const stopping = new AbortController();
  let leaveOutput = (): void => undefined;
  const outputLeft = new Promise<void>((resolve) => {
    leaveOutput = resolve;
  });
  const stopFor = (reason: StopReason) => () => stopping.abort(reason);
  process.once('SIGINT', stopFor('interrupted')).once('SIGTERM', stopFor('terminated'));
  stdout.on('error', (error) => stopping.abort(isReaderGone(error) ? 'output-closed' : toOutputFailure(error)));
  // Nobody is left to be told.
  stderr.on('error', () => undefined);
  return {
    // Node makes this stream when it is first used, which takes time. Most commands read nothing.
    get stdin() {
      return process.stdin;
    },
    stdout,
    stderr,
    isTerminal: {
      get stdin() {
        return process.stdin.isTTY === true;
      },
      stdout: stdout.isTTY === true,
      stderr: stderr.isTTY === true,
    },
    env,
    homeFolder: homedir(),
    workingFolder: callerFolder(env),
    stop: stopping.signal,
    interrupt: stopFor('interrupted'),
    interruptNow: () => {
      leaveOutput();
      stopping.abort('interrupted');
    },
    isForeground: () => isForeground(process.pid),
    outputRead: () => Promise.race([outputLeft, Promise.all([stdout, stderr].map(untilRead)).then(() => undefined)]),
  };
}

const untilRead = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => stream.write('', () => resolve()));

/** Package managers run a script in the folder of its package, and say where the caller is. */
const callerFolder = (env: NodeJS.ProcessEnv): string =>
  (env.npm_lifecycle_event === 'posthorn' && env.INIT_CWD) || process.cwd();
