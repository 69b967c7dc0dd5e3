import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { BusyError } from '@posthorn/core';
import type { ThreadAnswer, ThreadReady } from './thread-messages.ts';

/** Starts a thread. It posts a `ThreadReady`, and then a `ThreadAnswer` to each message. */
export type StartThread = () => Worker;

export interface ThreadLimits {
  /** CPU after which a run ends itself, in milliseconds. */
  readonly maxCpuMs: number;
  /** The longest time of a run, in milliseconds: more than its CPU takes on a machine that is busy. */
  readonly longestRunMs: number;
  /** How long a run waits for its thread to start, in milliseconds. */
  readonly longestStartMs: number;
}

export interface ThreadOptions extends ThreadLimits {
  readonly startThread: StartThread;
}

/**
 * What became of a run. `stuck`: it did not end itself, so its thread was ended. `out-of-memory`: its thread had too little
 * memory, and ended.
 */
export type RunResult<Answer> =
  | { readonly kind: 'done'; readonly answer: Answer }
  | { readonly kind: 'stuck' }
  | { readonly kind: 'out-of-memory' };

/** A thread that is started for its first run, and again after a run that did not end. */
export interface Thread<Request, Answer> {
  /** @throws BusyError if the machine is too busy; our own faults, such as a thread that cannot start */
  run(request: Request): Promise<RunResult<Answer>>;
}

/** Who waits for an answer of the thread. */
interface Asked<Answer> {
  readonly answer: (answer: Answer) => void;
  readonly fail: (error: unknown) => void;
}

interface Running<Answer> {
  readonly worker: Worker;
  /** The CPU that it had used when it was last known to have nothing to do. */
  cpuMs: number;
  asked?: Asked<Answer> | undefined;
}

/**
 * A run ends itself at its limit of CPU. It can be where it does not look at the limit, such as in a sandbox's own
 * functions. So the CPU of its thread is looked at from outside too. A thread that gets no CPU is no fault of the tenant:
 * the work comes back later.
 */
const lookEveryMs = 200;
/** Native code, such as the building of a regular expression, cannot be ended. Nobody waits for its end for longer. */
const longestEndMs = 1_000;
/** How many times the limit is too much for certain. */
const tooMuch = 10;
/** By this many times the limit, an honest run has ended. */
const clearlyTooMuch = 3;

export function createThread<Request, Answer>(options: ThreadOptions): Thread<Request, Answer> {
  let current: Promise<Running<Answer>> | undefined;
  const startNew = (): Promise<Running<Answer>> => {
    const forget = (): void => {
      if (current === starting) current = undefined;
    };
    const starting = start<Answer>(options.startThread, forget);
    starting.catch(forget);
    return starting;
  };
  return {
    async run(request) {
      current ??= startNew();
      const running = await inTime(current, options);
      const end = new AbortController();
      try {
        return await Promise.race([ask(running, request), untilStuck(running, options, end.signal)]);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY') return { kind: 'out-of-memory' };
        throw error;
      } finally {
        end.abort();
        if (running.asked) {
          current = undefined;
          running.asked = undefined;
          await endSoon(running.worker);
        }
      }
    },
  };
}

async function endSoon(worker: Worker): Promise<void> {
  const end = new AbortController();
  await Promise.race([worker.terminate(), wait(longestEndMs, undefined, { signal: end.signal })]);
  end.abort();
}

/**
 * A thread that ends is forgotten, also if nobody has asked it for anything. Its errors have a listener for as long as it
 * lives: one that came to nobody would end the process.
 *
 * @param onEnd - is called when it ends
 */
async function start<Answer>(startThread: StartThread, onEnd: () => void): Promise<Running<Answer>> {
  const worker = startThread();
  const running: Running<Answer> = { worker, cpuMs: 0 };
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
  worker.on('message', ({ result, cpuMs }: ThreadAnswer<Answer>) => {
    running.cpuMs = cpuMs;
    running.asked?.answer(result);
  });
  // It must not keep a process alive that has nothing else to do. A listener for messages would.
  worker.unref();
  return running;
}

/** A thread that starts slowly goes on to start: later runs need it. */
async function inTime<Started>(starting: Promise<Started>, { longestStartMs }: ThreadLimits): Promise<Started> {
  const end = new AbortController();
  try {
    return await Promise.race([starting, startsTooLate(longestStartMs, end.signal)]);
  } finally {
    end.abort();
  }
}

async function startsTooLate(longestStartMs: number, signal: AbortSignal): Promise<never> {
  await wait(longestStartMs, undefined, { signal });
  throw new BusyError('a thread did not start in time');
}

/** `asked` is left if there is no answer: then the thread cannot be used any more. */
function ask<Request, Answer>(running: Running<Answer>, request: Request): Promise<RunResult<Answer>> {
  return new Promise((resolve, reject) => {
    running.asked = {
      answer: (answer) => {
        running.asked = undefined;
        resolve({ kind: 'done', answer });
      },
      fail: reject,
    };
    running.worker.postMessage(request);
  });
}

async function untilStuck(
  { worker, cpuMs }: Pick<Running<unknown>, 'worker' | 'cpuMs'>,
  { maxCpuMs, longestRunMs }: ThreadLimits,
  signal: AbortSignal,
): Promise<{ readonly kind: 'stuck' }> {
  const [startedAt, processBefore] = [performance.now(), process.cpuUsage()];
  const readCpuMs = shareUnanswered(() => cpuMsOf(worker));
  let answeredAt = startedAt;
  for (;;) {
    await wait(lookEveryMs, undefined, { signal });
    const now = await Promise.race([readCpuMs(), wait(lookEveryMs, undefined, { signal })]);
    if (now !== undefined) answeredAt = performance.now();
    const used = (now ?? cpuMs) - cpuMs;
    if (used > tooMuch * maxCpuMs) return { kind: 'stuck' };
    if (performance.now() - startedAt < longestRunMs) continue;
    if (used > clearlyTooMuch * maxCpuMs) return { kind: 'stuck' };
    // Native code does not tell its CPU. That of the whole process shows that the machine has not kept the thread waiting.
    const isSilent = performance.now() - answeredAt > longestRunMs / 2;
    if (isSilent && toMs(process.cpuUsage(processBefore)) > clearlyTooMuch * maxCpuMs) return { kind: 'stuck' };
    throw new BusyError('a thread got almost no CPU');
  }
}

/** Asks again only if there was an answer. */
function shareUnanswered<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let asked: Promise<Answer> | undefined;
  return () => {
    asked ??= ask().finally(() => {
      asked = undefined;
    });
    return asked;
  };
}

const toMs = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000;

/** Work in WebAssembly does not keep a thread from telling it. One that has ended tells whoever has asked it. */
async function cpuMsOf(worker: Worker): Promise<number> {
  try {
    return toMs(await worker.cpuUsage());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_WORKER_NOT_RUNNING') return 0;
    throw error;
  }
}
