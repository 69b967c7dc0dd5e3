import { join } from 'node:path';
import { startMortalProcess } from '@posthorn/local-storage/testing/mortal-process';
import type { MortalOptions } from './serve.ts';

/** Queues in another process, which a test can kill. It ends with this process. */
export interface MortalServer {
  readonly endpoint: string;
  /** Kills the process with SIGKILL, and waits until it has ended. */
  kill(): Promise<void>;
}

export async function startMortalServer(options: MortalOptions): Promise<MortalServer> {
  const script = join(import.meta.dirname, 'serve.ts');
  const { firstLine, kill } = await startMortalProcess(script, JSON.stringify(options));
  return { endpoint: firstLine, kill };
}
