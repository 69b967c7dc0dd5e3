import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ServerOptions } from '../options.ts';

/** A server in another process, which a test can kill. It ends with this process. */
export interface MortalServer {
  readonly endpoint: string;
  /** Sends a signal, such as SIGSTOP and SIGCONT. */
  signal(signal: NodeJS.Signals): void;
  /** Kills the server with SIGKILL, and waits until it has ended. */
  kill(): Promise<void>;
}

export async function startMortalServer(options: ServerOptions): Promise<MortalServer> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'serve.ts'), JSON.stringify(options)], {
    env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit');
  const [line] = await Promise.race([
    once(child.stdout ?? child, 'data'),
    gone.then(([code]) => Promise.reject(new Error(`the server ended with ${code}`))),
  ]);
  return {
    endpoint: String(line).trim(),
    signal: (signal) => void child.kill(signal),
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
