import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { SandboxAnswer, SandboxRequest } from './sandbox-request.ts';

/** Runs the code of an endpoint's owner. What the code does wrong is returned, never thrown. One run at a time. */
export interface Transformer {
  transform(request: SandboxRequest): Promise<SandboxAnswer>;
  end(): Promise<void>;
}

/** The longest time of a run. Code ends itself after 100 ms of CPU, unless it is stuck in a function of the sandbox. */
const longestRunMs = 15_000;

/** The default stack is full before QuickJS is at its own limit, and then its sandbox cannot be used again. */
const stackMb = 16;

/** The thread's file. In the published package it lies beside the program, which is a bundle in CommonJS. */
const threadFile = (): URL =>
  typeof __filename === 'string'
    ? pathToFileURL(join(dirname(__filename), 'sandbox.js'))
    : new URL('./sandbox-thread.ts', import.meta.url);

/** The thread is started when the first code is to run, and again after code that got stuck. */
export function createTransformer(longestMs = longestRunMs): Transformer {
  let started: Promise<Worker> | undefined;
  const start = async (): Promise<Worker> => {
    const thread = new Worker(threadFile(), { resourceLimits: { stackSizeMb: stackMb } });
    thread.unref();
    await once(thread, 'message');
    return thread;
  };
  const end = async (): Promise<void> => {
    const thread = await started?.catch(() => undefined);
    started = undefined;
    await thread?.terminate();
  };
  return {
    transform: async (request) => {
      started ??= start();
      const thread = await started;
      const limit = AbortSignal.timeout(longestMs);
      try {
        const answered = once(thread, 'message', { signal: limit });
        thread.postMessage(request);
        const [answer] = (await answered) as [SandboxAnswer];
        return answer;
      } catch (error) {
        await end();
        if (limit.aborted) return { kind: 'failed', reason: 'the transformation did not end' };
        throw error;
      }
    },
    end,
  };
}
