import { setTimeout as sleep } from 'node:timers/promises';

const firstDelayMs = 20;
const maxDelayMs = 1_000;

/** Waits before another try of a write that DynamoDB turned away: longer each time, and not all at the same moment. */
export const retryDelay = (tries: number): Promise<void> =>
  sleep(Math.random() * Math.min(firstDelayMs * 2 ** tries, maxDelayMs));
