import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { Transformed, TransformRequest } from '@posthorn/core';
import { maxCpuMs } from './limits.ts';

/** Starts a thread that runs `serveThread`. */
export type StartThread = () => Worker;

/** A thread that is started for its first run, and again after a run that did not end. */
export interface Thread {
  run(request: TransformRequest): Promise<Transformed>;
}

/**
 * A run ends itself at its limit of CPU. If it cannot, its thread is ended: by then it has waited for the machine for some
 * seconds, or is stuck where the sandbox does not look at the limit.
 */
const longestRunMs = 10_000;

const stuck: Transformed = { kind: 'failed', reason: `the transformation did not end (limit: ${maxCpuMs} ms of CPU)` };

export function createThread(startThread: StartThread): Thread {
  let current: Promise<Worker> | undefined;
  return {
    async run({ applicationId: _, ...request }) {
      current ??= startReady(startThread);
      const worker = await current.catch((error: unknown) => {
        current = undefined;
        throw error;
      });
      const answer = await ask(worker, request);
      if (answer.kind === 'answered') return answer.result;
      current = undefined;
      await worker.terminate();
      if (answer.kind === 'stuck') return stuck;
      if (isOfSandbox(answer.error)) return fellOver;
      throw answer.error;
    },
  };
}

const fellOver: Transformed = { kind: 'failed', reason: 'the transformation needed more memory than it may use' };

/** Whether the sandbox fell over, which only a tenant's code can bring about. Anything else is our own fault. */
const isOfSandbox = (error: unknown): boolean => {
  const { name, code } = error as Partial<NodeJS.ErrnoException>;
  return name === 'RuntimeError' || code === 'ERR_WORKER_OUT_OF_MEMORY';
};

async function startReady(startThread: StartThread): Promise<Worker> {
  const worker = startThread();
  // It must not keep a process alive that has nothing else to do.
  worker.unref();
  await once(worker, 'message');
  return worker;
}

type Answer =
  | { readonly kind: 'answered'; readonly result: Transformed }
  | { readonly kind: 'stuck' }
  | { readonly kind: 'fell-over'; readonly error: unknown };

function ask(worker: Worker, request: Omit<TransformRequest, 'applicationId'>): Promise<Answer> {
  return new Promise((resolve) => {
    const settle = (answer: Answer): void => {
      clearTimeout(timer);
      worker.off('message', onMessage);
      worker.off('exit', onExit);
      worker.off('error', onError);
      resolve(answer);
    };
    const onMessage = (result: Transformed): void => settle({ kind: 'answered', result });
    const onError = (error: unknown): void => settle({ kind: 'fell-over', error });
    const onExit = (code: number): void => onError(new Error(`the thread ended with code ${code}`));
    const timer = setTimeout(() => settle({ kind: 'stuck' }), longestRunMs);
    worker.on('message', onMessage);
    worker.on('exit', onExit);
    worker.on('error', onError);
    worker.postMessage(request);
  });
}
