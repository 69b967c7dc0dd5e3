import { homedir } from 'node:os';
import type { Io, StopReason } from './io.ts';
import { isReaderGone, toOutputFailure } from './output-failure.ts';

/** The real process. Ctrl-C and SIGTERM stop a command; a second one ends the process at once. */
export function createProcessIo(): Io {
  const { stdout, stderr, env } = process;
  const stopping = new AbortController();
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
  };
}

/** Package managers run a script in the folder of its package, and say where the caller is. */
const callerFolder = (env: NodeJS.ProcessEnv): string =>
  (env.npm_lifecycle_event === 'posthorn' && env.INIT_CWD) || process.cwd();
