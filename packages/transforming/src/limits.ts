import type { Transformed } from '@posthorn/core';

/** CPU that one run may use, in milliseconds. */
export const maxCpuMs = 100;

/** Memory that one run may use, in bytes. */
export const maxMemoryBytes = 32 * 1024 * 1024;

/** The longest result, as JSON, in bytes: the payload of a message may have 1 MiB, and headers come on top. */
export const maxResultBytes = 1_280 * 1024;

export const outOfMemory: Transformed = {
  kind: 'failed',
  reason: 'the transformation needed more memory than it may use',
};
