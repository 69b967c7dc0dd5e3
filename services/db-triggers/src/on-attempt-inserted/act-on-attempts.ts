import { attemptFactsOf } from '@posthorn/core';
import type { AttemptsTableRow } from '@posthorn/models/stream-images';
import { createSettleProblems, type Problem, type SettleDeps } from '../settle-problems.ts';
import type { RunRecords } from '../stream-batch.ts';
import { type CountAttemptsDeps, countAttempts } from './count-attempts.ts';
import { type InsertedAttempt, sortAttempts } from './inserted-attempts.ts';
import type { WatchHealth } from './watch-health.ts';

export interface ActOnAttemptsDeps extends SettleDeps, CountAttemptsDeps {
  readonly watchHealth: WatchHealth;
}

/** How many endpoints are looked at at a time. */
const endpointsTogether = 25;

/**
 * Counts recorded attempts, updates the health of their endpoints, and tells the facts that follow from them. All of it
 * may be repeated, and a problem with an endpoint's health does not touch the statistics.
 */
export function createActOnAttempts(deps: ActOnAttemptsDeps): RunRecords<AttemptsTableRow> {
  const settleProblems = createSettleProblems(deps);
  return async (records) => {
    const { inserted, problems } = sortAttempts(records);
    const [uncounted, unwatched] = await Promise.all([countAttempts(deps, inserted), watchAll(deps, inserted)]);
    const places = records.map(({ place }) => place);
    const firstFailed = await settleProblems(places, [...problems, ...uncounted, ...unwatched]);
    tellFacts(deps, inserted, { until: places.findIndex(({ sequenceNumber }) => sequenceNumber === firstFailed) });
    return firstFailed;
  };
}

/** The problems have the place of the first attempt of their endpoint. */
async function watchAll(
  { watchHealth }: ActOnAttemptsDeps,
  inserted: readonly InsertedAttempt[],
): Promise<readonly Problem[]> {
  const byEndpoint = Map.groupBy(inserted, ({ attempt }) => attempt.endpointId);
  const batches = [...byEndpoint.values()].flatMap((own) => (own[0] ? [{ first: own[0], own }] : []));
  const problems: Problem[] = [];
  for (let start = 0; start < batches.length; start += endpointsTogether) {
    const together = batches.slice(start, start + endpointsTogether).map(async ({ first: { index, attempt }, own }) => {
      const { applicationId, endpointId } = attempt;
      try {
        await watchHealth({ applicationId, endpointId, attempts: own.map((one) => one.attempt) });
      } catch (error) {
        problems.push({ index, error, concerns: { kind: 'record' } });
      }
    });
    await Promise.all(together);
  }
  return problems;
}

/** Records that are run again tell their facts then. */
function tellFacts(
  { log, counters }: ActOnAttemptsDeps,
  inserted: readonly InsertedAttempt[],
  { until }: { readonly until: number },
): void {
  for (const { index, attempt } of inserted) {
    if (!attempt.facts || (until >= 0 && index >= until)) continue;
    for (const { kind, lastAttempt, ...ids } of attemptFactsOf(attempt.facts)) {
      const { attemptId, attemptNumber, responseStatusCode } = lastAttempt;
      log.info(`delivery.${kind}`, { ...ids, attemptId, attemptNumber, status: responseStatusCode });
      counters.add(counterNames[kind], 1);
    }
  }
}

const counterNames = {
  failing: 'DeliveriesFailing',
  exhausted: 'DeliveriesExhausted',
  recovered: 'DeliveriesRecovered',
} as const;
