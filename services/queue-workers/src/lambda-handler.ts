import { isThreadFor } from '@posthorn/threads/thread-data';
import { serveThread } from '@posthorn/transforming/serve-thread';
import { createLambdaHost, type FunctionHost } from './function-host.ts';

/**
 * The handler of a function that makes attempts. A thread for transformations runs the same file: there, it serves the
 * function, and has no handler. An error on the thread ends it, and the function gets it.
 */
export function toLambdaHandler<Handler>(createHandler: (host: FunctionHost) => Handler): Handler | undefined {
  if (!isThreadFor('transforming')) return createHandler(createLambdaHost());
  void serveThread();
  return undefined;
}
