import type { Transformed } from '@posthorn/core';
import type { SharedThreadLimits } from '@posthorn/threads';

/** CPU that one run may use, in milliseconds. */
export const maxCpuMs = 100;

/**
 * A run waits for its turn, and then for its thread to start. Then its job goes back to the queue. The run itself has more
 * time than its CPU takes on a machine that is busy.
 */
export const threadLimits: SharedThreadLimits = {
  maxCpuMs,
  longestWaitMs: 2_000,
  longestStartMs: 2_000,
  longestRunMs: 3_000,
};

/** Memory that one run may use, in bytes. */
export const maxMemoryBytes = 32 * 1024 * 1024;

/** The longest result, as JSON, in bytes: the payload of a message may have 1 MiB, and headers come on top. */
export const maxResultBytes = 1_280 * 1024;

export const outOfMemory: Transformed = {
  kind: 'failed',
  reason: 'the transformation needed more memory than it may use',
};
