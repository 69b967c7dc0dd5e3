import { parentPort } from 'node:worker_threads';
import { serveThread } from '../serve-thread.ts';

// A thread for tests. Its clock of CPU stands still, so that a slow machine ends no run.
await serveThread(parentPort, () => 0);
