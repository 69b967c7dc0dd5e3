import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program in another process, which a test can kill. It ends with this process. */
export interface MortalProcess {
  /** What it printed when it was ready. */
  readonly firstLine: string;
  /** Sends a signal, such as SIGSTOP and SIGCONT. */
  signal(signal: NodeJS.Signals): void;
  /** Kills it with SIGKILL, and waits until it has ended. */
  kill(): Promise<void>;
}

/**
 * Starts a program with Node. Resolves when it has printed a line. The program must end when its IPC channel closes.
 *
 * @throws if it ends before it has printed a line
 */
export async function startMortalProcess(script: string, ...args: readonly string[]): Promise<MortalProcess> {
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit');
  const [line] = await Promise.race([
    once(child.stdout ?? child, 'data'),
    gone.then(([code]) => Promise.reject(new Error(`${script} ended with ${code}`))),
  ]);
  return {
    firstLine: String(line).trim(),
    signal: (signal) => void child.kill(signal),
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
