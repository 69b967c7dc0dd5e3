import type { LocalQueue } from '@posthorn/local-queues';

export interface QueuedCounts {
  waiting: number;
  /** Delayed until the next attempt is due. */
  delayed: number;
  /** Milliseconds since 1970. */
  oldestWaitingAt?: number;
}

/**
 * Counts the entries of some queues by application: all, or only those that are delayed. Reads at most `limit` entries of
 * each queue and kind.
 */
export async function countQueued(
  queues: readonly Pick<LocalQueue, 'list' | 'counts'>[],
  applicationOf: (body: string) => string,
  { limit, onlyDelayed }: { readonly limit: number; readonly onlyDelayed: boolean },
): Promise<{ readonly byApplication: ReadonlyMap<string, QueuedCounts>; readonly isPartial: boolean }> {
  const byApplication = new Map<string, QueuedCounts>();
  let isPartial = false;
  for (const queue of queues) {
    const { waiting, inFlight, delayed } = queue.counts();
    isPartial ||= delayed > limit || (!onlyDelayed && waiting + inFlight > limit);
    for await (const messages of queue.list(limit, { onlyDelayed })) {
      for (const { body, sentAt, isDelayed } of messages) {
        const application = applicationOf(body);
        const counts = byApplication.get(application) ?? { waiting: 0, delayed: 0 };
        byApplication.set(application, counts);
        if (isDelayed) counts.delayed += 1;
        else {
          counts.waiting += 1;
          counts.oldestWaitingAt = Math.min(sentAt, counts.oldestWaitingAt ?? sentAt);
        }
      }
    }
  }
  return { byApplication, isPartial };
}
