import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { BusyError, type Transformed, type TransformRequest } from '@posthorn/core';
import { longestRunMs, longestStartMs, maxCpuMs, outOfMemory } from './limits.ts';
import type { ThreadAnswer, ThreadReady, ThreadRequest } from './serve-thread.ts';

/** Starts a thread that runs `serveThread`. */
export type StartThread = () => Worker;

/** What became of a run. `stuck`: it did not end itself, so its thread was ended. */
export type RunResult = Transformed | { readonly kind: 'stuck' };

/** A thread that is started for its first run, and again after a run that did not end. */
export interface Thread {
  /** @throws our own faults, such as a thread that cannot start */
  run(request: TransformRequest): Promise<RunResult>;
}

/** Who waits for an answer of the thread. */
interface Asked {
  readonly answer: (result: Transformed) => void;
  readonly fail: (error: unknown) => void;
}

interface Running {
  readonly worker: Worker;
  /** The CPU that it had used when it was last known to have nothing to do. */
  cpuMs: number;
  asked?: Asked | undefined;
}

/**
 * A run ends itself at its limit of CPU. Code inside of the sandbox's own functions can be where it does not look at the
 * limit. So the CPU of its thread is looked at from outside too. A thread that gets no CPU is no fault of the code: the job
 * comes back later.
 */
const lookEveryMs = 200;
const maxThreadCpuMs = 10 * maxCpuMs;
/** An honest run has ended by then. */
const clearlyTooMuchMs = 3 * maxCpuMs;

export function createThread(startThread: StartThread): Thread {
  let current: Promise<Running> | undefined;
  const startNew = (): Promise<Running> => {
    const forget = (): void => {
      if (current === starting) current = undefined;
    };
    const starting = start(startThread, forget);
    starting.catch(forget);
    return starting;
  };
  return {
    async run({ applicationId: _, organisationId: __, ...request }) {
      current ??= startNew();
      const running = await inTime(current);
      const end = new AbortController();
      try {
        return await Promise.race([ask(running, request), untilStuck(running, end.signal)]);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') return outOfMemory;
        throw error;
      } finally {
        end.abort();
        if (running.asked) {
          current = undefined;
          running.asked = undefined;
          await running.worker.terminate();
        }
      }
    },
  };
}

/**
 * A thread that ends is forgotten, also if nobody has asked it for anything. Its errors have a listener for as long as it
 * lives: one that came to nobody would end the process.
 *
 * @param onEnd - is called when it ends
 */
async function start(startThread: StartThread, onEnd: () => void): Promise<Running> {
  const worker = startThread();
  // It must not keep a process alive that has nothing else to do.
  worker.unref();
  const running: Running = { worker, cpuMs: 0 };
  const failed = Promise.withResolvers<never>();
  // Who starts it gets the error, or who has asked it. After a run that was stuck, nobody waits for it any more.
  failed.promise.catch(() => undefined);
  const fail = (error: unknown): void => {
    onEnd();
    failed.reject(error);
    running.asked?.fail(error);
  };
  worker.on('error', fail);
  worker.on('exit', (code) => fail(new Error(`the thread ended with code ${code}`)));
  const [ready] = (await Promise.race([once(worker, 'message'), failed.promise])) as [ThreadReady];
  running.cpuMs = ready.cpuMs;
  worker.on('message', ({ result, cpuMs }: ThreadAnswer) => {
    running.cpuMs = cpuMs;
    running.asked?.answer(result);
  });
  return running;
}

/** A thread that starts slowly goes on to start: later runs need it. */
async function inTime(starting: Promise<Running>): Promise<Running> {
  const end = new AbortController();
  try {
    return await Promise.race([starting, startsTooLate(end.signal)]);
  } finally {
    end.abort();
  }
}

async function startsTooLate(signal: AbortSignal): Promise<never> {
  await wait(longestStartMs, undefined, { signal });
  throw new BusyError('a thread for transformations did not start in time');
}

/** `asked` is left if there is no answer: then the thread cannot be used any more. */
function ask(running: Running, request: ThreadRequest): Promise<Transformed> {
  return new Promise((resolve, reject) => {
    running.asked = {
      answer: (result) => {
        running.asked = undefined;
        resolve(result);
      },
      fail: reject,
    };
    running.worker.postMessage(request);
  });
}

async function untilStuck({ worker, cpuMs }: Running, signal: AbortSignal): Promise<{ readonly kind: 'stuck' }> {
  const startedAt = performance.now();
  for (;;) {
    await wait(lookEveryMs, undefined, { signal });
    const used = (await Promise.race([cpuMsOf(worker), wait(lookEveryMs, cpuMs, { signal })])) - cpuMs;
    if (used > maxThreadCpuMs) return { kind: 'stuck' };
    if (performance.now() - startedAt < longestRunMs) continue;
    if (used > clearlyTooMuchMs) return { kind: 'stuck' };
    throw new BusyError('the thread of a transformation got almost no CPU');
  }
}

/** Work in WebAssembly does not keep a thread from telling it. One that has ended tells whoever has asked it. */
async function cpuMsOf(worker: Worker): Promise<number> {
  try {
    const { user, system } = await worker.cpuUsage();
    return (user + system) / 1000;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_NOT_RUNNING') return 0;
    throw error;
  }
}
