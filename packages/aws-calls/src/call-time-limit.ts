import type { FinalizeRequestMiddleware, HandlerExecutionContext, Pluggable } from '@smithy/types';
import type { CallLimits } from './call-limits.ts';

/** A call to AWS did not end in time. It may or may not have had its effect. */
class CallTimedOut extends Error {
  constructor(totalMs: number) {
    super(`AWS did not answer within ${totalMs} ms`);
    // AWS clients give time-outs this name, so the error counts as a passing one.
    this.name = 'TimeoutError';
  }
}

/**
 * Ends every call of a client after its total time.
 *
 * A running try then goes on in the background until its own limit. No other try follows.
 *
 * @example client.middlewareStack.use(callTimeLimit({ tryMs: 2_000, totalMs: 4_000 }))
 */
export const callTimeLimit = <Input extends object, Output extends object>({
  totalMs,
}: CallLimits): Pluggable<Input, Output> => ({
  applyToStack(stack) {
    const ended = new WeakSet<HandlerExecutionContext>();
    stack.add(
      (next, context) => (args) => {
        const end = Promise.withResolvers<never>();
        const timer = setTimeout(() => {
          ended.add(context);
          end.reject(new CallTimedOut(totalMs));
        }, totalMs);
        return Promise.race([next(args), end.promise]).finally(() => clearTimeout(timer));
      },
      { step: 'initialize', name: 'callTimeLimit', priority: 'high' },
    );
    // The caller no longer waits for this error. The SDK does not retry it, so the tries end.
    const refuseLateTry: FinalizeRequestMiddleware<Input, Output> = (next, context) => (args) =>
      ended.has(context) ? Promise.reject(new Error('the call has ended')) : next(args);
    stack.addRelativeTo(refuseLateTry, {
      name: 'refuseLateTry',
      relation: 'after',
      toMiddleware: 'retryMiddleware',
    });
  },
});
