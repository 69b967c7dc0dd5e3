import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { CloudDescription } from '@posthorn/local-cloud/join/description';
import type { HostOptions } from '@posthorn/local-host';
import type { ProcessDefinition } from './supervised-process.ts';

const program = createRequire(import.meta.url).resolve('@posthorn/local-host/process');
const root = join(import.meta.dirname, '../../../../..');

/** Where the host listens. */
export interface Listening {
  /** The port of the API. Absent if the functions run in other processes. */
  readonly port?: number;
  readonly dynamodb: string;
  readonly sqs: string;
  /** Absent if there are no metrics. */
  readonly metrics?: string;
  /** Where the operator's commands are served. */
  readonly control: string;
  readonly checkpoints?: CloudDescription['checkpoints'];
  /** Names of the services whose functions run in the host. */
  readonly runs: readonly string[];
}

/**
 * V8 lets the heap grow to several times of what is in use, since collecting less often costs less CPU. These limits take
 * 100 MB less under load, for the same CPU.
 */
const heapLimits = ['--max-semi-space-size=8', '--heap-growing-percent=50', '--max-old-space-size=1024'];

/** Threads of glibc have heaps of their own, which keep what was freed. Two of them take 20 MB less, for the same CPU. */
const allocation = { MALLOC_ARENA_MAX: '2' };

/** Defines the process that runs all functions. */
export const hostProcess = (
  options: Omit<HostOptions, 'root' | 'accessKey' | 'programKey' | 'restarts'> & {
    /** Folder where Node keeps compiled code. */
    readonly compileCache: string;
  },
  environment: NodeJS.ProcessEnv,
): Pick<ProcessDefinition, 'name' | 'args' | 'cwd' | 'env'> => ({
  name: 'host',
  args: ['--disable-warning=ExperimentalWarning', ...heapLimits, program, JSON.stringify({ ...options, root })],
  cwd: dirname(program),
  env: { ...allocation, ...environment },
});

export const isListening = (message: unknown): message is { readonly listening: Listening } =>
  typeof message === 'object' && message !== null && 'listening' in message;
