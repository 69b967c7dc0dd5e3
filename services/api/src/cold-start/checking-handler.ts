import { Worker } from 'node:worker_threads';
import { createPayloadCheck } from '@posthorn/checking';
import { serveThread } from '@posthorn/checking/serve-thread';
import { threadOptions } from '@posthorn/checking/thread-data';
import { isThreadFor } from '@posthorn/threads/thread-data';
import { type CheckingHost, createLambdaHost } from './function-host.ts';

/**
 * The handler of a function that checks payloads. The bundle of a function is one file, so a thread for checks runs the
 * same one: there, it serves the function, and has no handler. An error on the thread ends it, and the function gets it.
 */
export function toCheckingHandler<Handler>(createHandler: (host: CheckingHost) => Handler): Handler | undefined {
  if (isThreadFor('checking')) {
    serveThread();
    return undefined;
  }
  const startThread = () => new Worker(__filename, threadOptions);
  return createHandler({ ...createLambdaHost(), checkPayload: createPayloadCheck(startThread) });
}
