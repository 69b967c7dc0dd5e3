import { setTimeout as sleep } from 'node:timers/promises';

const firstDelayMs = 20;
const maxDelayMs = 1_000;

/** Waits before an operation that DynamoDB did not process is tried again: longer each time, with jitter. */
export const retryDelay = (tries: number): Promise<void> =>
  sleep(Math.random() * Math.min(firstDelayMs * 2 ** tries, maxDelayMs));
