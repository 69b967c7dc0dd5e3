import { type AttemptFact, attemptEventOf, attemptFactsOf, isOperationalApplicationId } from '@posthorn/core';
import type { TellEvent } from '@posthorn/intake';
import type { AttemptsTableRow } from '@posthorn/models/stream-images';
import { createSettleProblems, type Problem, type SettleDeps } from '../settle-problems.ts';
import type { RunRecords } from '../stream-batch.ts';
import { type CountAttemptsDeps, countAttempts } from './count-attempts.ts';
import { type InsertedAttempt, sortAttempts } from './inserted-attempts.ts';
import type { WatchHealth } from './watch-health.ts';

export interface ActOnAttemptsDeps extends SettleDeps, CountAttemptsDeps {
  readonly watchHealth: WatchHealth;
  /** Begins to tell the events of a batch. */
  readonly beginTelling: () => TellEvent;
}

/** How many endpoints are looked at at a time, and how many events are told. */
const workedTogether = 25;

/**
 * Counts recorded attempts, updates the health of their endpoints, and tells the facts that follow from them. All of it
 * may be repeated, and a problem with one of them does not touch the others. Attempts at operational endpoints are not
 * counted, and tell nothing.
 */
export function createActOnAttempts(deps: ActOnAttemptsDeps): RunRecords<AttemptsTableRow> {
  const settleProblems = createSettleProblems(deps);
  return async (records) => {
    const { inserted, problems } = sortAttempts(records);
    const own = inserted.filter(({ attempt }) => !isOperationalApplicationId(attempt.applicationId));
    const found = await Promise.all([countAttempts(deps, own), watchAll(deps, inserted), tellAll(deps, own)]);
    const places = records.map(({ place }) => place);
    const firstFailed = await settleProblems(places, [...problems, ...found.flat()]);
    logFacts(deps, own, { until: places.findIndex(({ sequenceNumber }) => sequenceNumber === firstFailed) });
    return firstFailed;
  };
}

/** The problems have the place of the first attempt of their endpoint. */
async function watchAll(
  { watchHealth }: ActOnAttemptsDeps,
  inserted: readonly InsertedAttempt[],
): Promise<readonly Problem[]> {
  // What was not sent says nothing about the endpoint.
  const sent = inserted.filter(({ attempt }) => !attempt.wasCanceled);
  const byEndpoint = Map.groupBy(sent, ({ attempt }) => attempt.endpointId);
  const batches = [...byEndpoint.values()].flatMap((own) => (own[0] ? [{ first: own[0], own }] : []));
  const problems: Problem[] = [];
  for (let start = 0; start < batches.length; start += workedTogether) {
    const together = batches.slice(start, start + workedTogether).map(async ({ first: { index, attempt }, own }) => {
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

const factsOf = ({ attempt }: InsertedAttempt): readonly AttemptFact[] =>
  attempt.facts ? attemptFactsOf(attempt.facts) : [];

/** Makes the messages for those who listen. */
async function tellAll(
  { beginTelling }: ActOnAttemptsDeps,
  inserted: readonly InsertedAttempt[],
): Promise<readonly Problem[]> {
  const tell = beginTelling();
  const facts = inserted.flatMap((one) => factsOf(one).map((fact) => ({ index: one.index, fact })));
  const problems: Problem[] = [];
  for (let start = 0; start < facts.length; start += workedTogether) {
    const together = facts.slice(start, start + workedTogether).map(async ({ index, fact }) => {
      try {
        await tell(attemptEventOf(fact));
      } catch (error) {
        problems.push({ index, error, concerns: { kind: 'record' } });
      }
    });
    await Promise.all(together);
  }
  return problems;
}

/** Records that are run again log their facts then. */
function logFacts(
  { log, counters }: ActOnAttemptsDeps,
  inserted: readonly InsertedAttempt[],
  { until }: { readonly until: number },
): void {
  for (const one of inserted) {
    if (until >= 0 && one.index >= until) continue;
    for (const { kind, lastAttempt, ...ids } of factsOf(one)) {
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
