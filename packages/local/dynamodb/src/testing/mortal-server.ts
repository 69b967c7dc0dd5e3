import { join } from 'node:path';
import { startMortalProcess } from '@posthorn/local-storage/testing/mortal-process';
import type { FaultPlan } from '../faults/faults.ts';
import type { ServerOptions } from '../options.ts';

/** A server in another process, which a test can kill. It ends with this process. */
export interface MortalServer {
  readonly endpoint: string;
  /** Sends a signal, such as SIGSTOP and SIGCONT. */
  signal(signal: NodeJS.Signals): void;
  /** Kills the server with SIGKILL, and waits until it has ended. */
  kill(): Promise<void>;
}

/**
 * @param faults - what it does wrong from the start
 * @param file - where it appends the kind of each fault that happens, one a line
 */
export async function startMortalServer(
  options: ServerOptions,
  faults?: FaultPlan,
  file?: string,
): Promise<MortalServer> {
  const script = join(import.meta.dirname, 'serve.ts');
  const { firstLine, signal, kill } = await startMortalProcess(
    script,
    JSON.stringify(options),
    ...(faults ? [JSON.stringify(faults)] : []),
    ...(faults && file !== undefined ? [file] : []),
  );
  return { endpoint: firstLine, signal, kill };
}
