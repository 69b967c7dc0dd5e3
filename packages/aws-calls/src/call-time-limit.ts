import type { FinalizeRequestMiddleware, HandlerExecutionContext, Pluggable } from '@smithy/types';
import type { CallLimits } from './call-limits.ts';

/** A call to AWS that was not over in time. Whether it took effect is unknown. */
class CallTimedOut extends Error {
  constructor(totalMs: number) {
    super(`AWS did not answer within ${totalMs} ms`);
    // The name that AWS clients give to time limits, so that the error counts as passing.
    this.name = 'TimeoutError';
  }
}

/**
 * Ends every call of a client after its total time.
 *
 * A try that is under way then goes on in the background until its own limit, and no other one follows.
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
    // Nobody waits for this error. It has a name that the SDK does not retry, so that the tries end.
    const refuseLateTry: FinalizeRequestMiddleware<Input, Output> = (next, context) => (args) =>
      ended.has(context) ? Promise.reject(new Error('the call has ended')) : next(args);
    stack.addRelativeTo(refuseLateTry, {
      name: 'refuseLateTry',
      relation: 'after',
      toMiddleware: 'retryMiddleware',
    });
  },
});
