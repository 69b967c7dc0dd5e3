import { createStandardHandler } from '../deliver-standard/create-handler.ts';
import type { FunctionHost } from '../function-host.ts';

/** The worker of the standard queue, on a queue of its own: slow endpoints fill only their own room. */
export const createHandler = (host: FunctionHost) => createStandardHandler(host, 'deliver-slow');
