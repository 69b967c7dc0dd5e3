import { AsyncLocalStorage } from 'node:async_hooks';
import type { Worker } from 'node:worker_threads';
import type { Invoke, JsonObject } from '@posthorn/local-event-sources';

/** The pool of serverless-offline: the functions of one service, in worker threads. */
export interface LambdaPool {
  get(functionKey: string): LambdaInstance;
  cleanup(): Promise<void>;
}

/** One instance of a function. It runs one event at a time, and rejects after the timeout of the function. */
export interface LambdaInstance {
  setEvent(event: JsonObject): void;
  runHandler(): Promise<unknown>;
  cleanup(): Promise<void>;
}

/** The worker thread of a running instance ended, by `process.exit` or an uncaught error. */
class FunctionDied extends Error {
  constructor(functionKey: string, how: string) {
    super(`${functionKey} ended without an answer (${how})`);
    this.name = 'FunctionDied';
  }
}

/** Receives the worker that an invocation creates. */
const createdWorker = new AsyncLocalStorage<(worker: Worker) => void>();
const onWorker = (worker: Worker): void => createdWorker.getStore()?.(worker);

interface InstanceState {
  worker?: Worker;
  fail?: (error: Error) => void;
}

export interface Invoker {
  invoke(functionKey: string): Invoke;
  close(): Promise<void>;
}

/**
 * Invokes functions of the pool. If the worker of a function dies, the invocation fails at once, and the next event
 * gets a new worker. (serverless-offline would wait for the timeout, or end too.)
 */
export function createInvoker(pool: LambdaPool): Invoker {
  const states = new WeakMap<LambdaInstance, InstanceState>();
  process.on('worker', onWorker);
  return {
    invoke: (functionKey) => (event) => {
      const instance = pool.get(functionKey);
      const state = states.get(instance) ?? {};
      states.set(instance, state);
      const death = new Promise<never>((_, reject) => {
        state.fail = reject;
      });
      instance.setEvent({ ...event });
      const onCreated = (worker: Worker) => watchWorker({ worker, state, instance, functionKey });
      return Promise.race([createdWorker.run(onCreated, () => instance.runHandler()), death]);
    },
    async close() {
      process.off('worker', onWorker);
      await pool.cleanup();
    },
  };
}

interface Watched {
  readonly worker: Worker;
  readonly state: InstanceState;
  readonly instance: LambdaInstance;
  readonly functionKey: string;
}

function watchWorker({ worker, state, instance, functionKey }: Watched): void {
  state.worker = worker;
  const end = (how: string): void => {
    if (state.worker !== worker) return;
    delete state.worker;
    state.fail?.(new FunctionDied(functionKey, how));
    void instance.cleanup();
  };
  worker.once('error', (error) => end(error instanceof Error ? error.message : String(error)));
  worker.once('exit', (code) => end(`exit code ${code}`));
}
