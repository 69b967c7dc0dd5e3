import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import type { LoadedFunction } from './load-functions.ts';

/** How long after its time limit an invocation may still run before the process must be restarted. */
const patienceMs = 60_000;
const lookEveryMs = 5_000;

/** An invocation ended after its time limit. */
export class TimedOut extends Error {
  constructor(key: string, seconds: number) {
    super(`${key} timed out after ${seconds} s`);
    this.name = 'TimedOut';
  }
}

/** Runs a function with an event. Resolves with its result, and rejects with what it threw, or `TimedOut`. */
export type Invoke = (event: object) => Promise<unknown>;

export interface Invoker {
  of(loaded: LoadedFunction): Invoke;
  /** The number of running invocations. */
  running(): number;
  /** Resolves when no invocation runs any more. */
  idle(): Promise<void>;
  /** Looks for invocations that do not end. It also runs by itself, every five seconds. */
  look(): void;
  close(): void;
}

interface Invocation {
  readonly key: string;
  readonly endsAt: number;
}

/**
 * Invokes functions in this process. A promise cannot be ended from outside, so an invocation that takes too long counts
 * as failed only when it has settled. Until then nothing else gets its batch.
 *
 * @param onStuck - is called with the function's key if an invocation still runs a minute after its time limit
 * @param now - milliseconds
 */
export function createInvoker(onStuck: (key: string) => void, now: () => number = () => performance.now()): Invoker {
  const running = new Set<Invocation>();
  const waiting: (() => void)[] = [];
  const look = () => {
    const stuck = [...running].find(({ endsAt }) => now() > endsAt + patienceMs);
    if (stuck) onStuck(stuck.key);
  };
  const watch = setInterval(look, lookEveryMs);
  watch.unref();
  return {
    of({ key, service, definition: { timeoutSeconds, memoryMb }, handle }) {
      const name = `${service}-local-${key}`;
      return async (event) => {
        const endsAt = now() + timeoutSeconds * 1_000;
        const invocation: Invocation = { key, endsAt };
        running.add(invocation);
        try {
          const result: unknown = await handle(
            event,
            contextOf({
              name,
              memoryMb,
              requestId: requestIdOf(event) ?? randomUUID(),
              remainingMs: () => Math.max(0, endsAt - now()),
            }),
            ignoreCallback,
          );
          if (now() > endsAt) throw new TimedOut(key, timeoutSeconds);
          return result;
        } finally {
          running.delete(invocation);
          if (running.size === 0) for (const resolve of waiting.splice(0)) resolve();
        }
      };
    },
    running: () => running.size,
    idle: () => (running.size === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    look,
    close: () => clearInterval(watch),
  };
}

/** Every handler returns a promise. */
const ignoreCallback = () => undefined;

/** The id of an HTTP request is that of its invocation too, so that the request has one id in the log. */
const requestIdOf = (event: object): string | undefined =>
  // Only events of HTTP requests have this member.
  (event as { readonly requestContext?: { readonly requestId?: string } }).requestContext?.requestId;

interface ContextParts {
  readonly name: string;
  readonly memoryMb: number;
  readonly requestId: string;
  readonly remainingMs: () => number;
}

function contextOf({ name, memoryMb, requestId, remainingMs }: ContextParts): Context {
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    memoryLimitInMB: String(memoryMb),
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: remainingMs,
    done: ignoreCallback,
    fail: ignoreCallback,
    succeed: ignoreCallback,
  };
}
