import type { Transform, Transformed } from '@posthorn/core';
import { shareThreads as shareAny, type Thread } from '@posthorn/threads';
import { maxCpuMs, outOfMemory } from './limits.ts';
import type { ThreadRequest } from './serve-thread.ts';

const stuck: Transformed = {
  kind: 'failed',
  reason: `the transformation did not end (limit: ${maxCpuMs} ms of CPU), so no code of its application runs for a minute`,
};

/**
 * Shares threads among applications. Each has one run at a time, so that one whose code uses up its limits leaves a thread
 * to the others. Organisations take turns, and in them their applications. What has waited for too long is not run: it
 * throws a `BusyError`, so that the job comes back soon.
 *
 * @param longestWaitMs - of a run for its turn
 * @param now - milliseconds
 */
export function shareThreads(
  threads: readonly Thread<ThreadRequest, Transformed>[],
  longestWaitMs: number,
  now?: () => number,
): Transform {
  const run = shareAny({ threads, oneRunOf: 'tenant', longestWaitMs, now });
  return async ({ organisationId, applicationId, ...request }) => {
    const share = { owner: organisationId, tenant: applicationId };
    const result = await run(share, (thread) => thread.run(request));
    switch (result.kind) {
      case 'done':
        return result.answer;
      case 'out-of-memory':
        return outOfMemory;
      case 'stuck':
        return stuck;
    }
  };
}
