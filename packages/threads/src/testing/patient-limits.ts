import type { SharedThreadLimits } from '../share-threads.ts';

const minute = 60_000;

/** Limits for tests of other things: no machine is so slow that it reaches one. */
export const patientLimits: SharedThreadLimits = {
  maxCpuMs: 10 * minute,
  longestWaitMs: 10 * minute,
  longestStartMs: 10 * minute,
  longestRunMs: 10 * minute,
};
