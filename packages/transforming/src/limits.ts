import type { Transformed } from '@posthorn/core';

/** CPU that one run may use, in milliseconds. */
export const maxCpuMs = 100;

/** A run waits this long for its turn, and then this long for its thread to start. Then its job goes back to the queue. */
export const longestWaitMs = 2_000;
export const longestStartMs = 2_000;

/** The longest time of a run, in milliseconds: more than its CPU takes on a machine that is busy. */
export const longestRunMs = 3_000;

/** Memory that one run may use, in bytes. */
export const maxMemoryBytes = 32 * 1024 * 1024;

/** The longest result, as JSON, in bytes: the payload of a message may have 1 MiB, and headers come on top. */
export const maxResultBytes = 1_280 * 1024;

export const outOfMemory: Transformed = {
  kind: 'failed',
  reason: 'the transformation needed more memory than it may use',
};
