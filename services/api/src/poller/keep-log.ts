import { isKept, keptUntil, needsRefresh, type PollStateRepository } from '@posthorn/core';
import { type StartOrderingDeps, startOrdering } from '../destinations/keep-ordering.ts';
import type { FoundPollState } from './find-poll-state.ts';

export interface KeepLogDeps extends StartOrderingDeps {
  readonly pollStates: Pick<PollStateRepository, 'keepLog'>;
}

/**
 * Sees to it that fan-out writes the log of the application. When it returns, each message that is accepted from now on is
 * going to be in the log.
 *
 * At the first poll, the mark for fan-out comes before the order: who stops the order looks for the mark
 * (`stopUnusedOrdering`). Only when all messages are in order, the mark says that the log is complete. Until then, each
 * other poll does the same, so it does not matter if the process dies in between.
 */
export const createLogKeeper =
  (deps: KeepLogDeps) =>
  async ({ application, log }: FoundPollState): Promise<void> => {
    const now = deps.clock();
    const keepLog = (isComplete: boolean) =>
      deps.pollStates.keepLog(application, { until: keptUntil(now), isComplete });
    const isMarked = log !== undefined && isKept(log.until, now);
    if (isMarked && log.isComplete && application.orderedAt !== undefined) {
      if (needsRefresh(log.until, now)) await keepLog(true);
      return;
    }
    if (!isMarked || log.isComplete) await keepLog(false);
    await startOrdering(deps, application);
    await keepLog(true);
  };
