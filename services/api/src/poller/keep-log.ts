import { keptUntil, needsRefresh, type PollStateRepository } from '@posthorn/core';
import type { StartOrderingDeps } from '../destinations/keep-ordering.ts';
import type { FoundPollState } from './find-poll-state.ts';

export interface KeepLogDeps extends StartOrderingDeps {
  readonly pollStates: Pick<PollStateRepository, 'keepLog'>;
}

/**
 * Sees to it that fan-out writes the log of the application. When it returns, each message that is accepted from now on is
 * going to be in the log.
 *
 * At the first poll, the mark for fan-out comes first: who stops the ordering looks for the mark (`stopUnusedOrdering`). If
 * the process dies behind the mark, the next poll finds an application that is not ordered, and does both again.
 */
export const createLogKeeper =
  (deps: KeepLogDeps) =>
  async ({ application, logKeptUntil }: FoundPollState): Promise<void> => {
    const now = deps.clock();
    const keepLog = () => deps.pollStates.keepLog(application, keptUntil(now));
    if (logKeptUntil === undefined || logKeptUntil <= now || application.orderedAt === undefined) {
      await keepLog();
      await deps.applications.startOrdering(application, now);
    } else if (needsRefresh(logKeptUntil, now)) {
      await keepLog();
    }
    await endLease(deps, application.orderedAt ?? deps.clock());
  };

/**
 * Waits until no request still uses an "unordered" flag that it read before the order began. It may be another poll that has
 * begun it, a moment ago.
 */
async function endLease({ clock, sleep, orderLeaseMs }: KeepLogDeps, orderedAt: Date): Promise<void> {
  const remainingMs = orderedAt.getTime() + orderLeaseMs - clock().getTime();
  // A clock that is ahead does not make it longer.
  if (remainingMs > 0) await sleep(Math.min(remainingMs, orderLeaseMs));
}
