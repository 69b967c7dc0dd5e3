import { setTimeout as wait } from 'node:timers/promises';
import { checkHistory } from '../check/check-history.ts';
import { groupByDelivery } from '../check/delivery.ts';
import type { Promised } from '../check/violation.ts';
import { collect, type Sources } from '../history/collect.ts';
import type { Event } from '../history/event.ts';

const lookEveryMs = 1_000;
/** What is not so before everything has settled. */
const unsettled: readonly Promised[] = ['lost', 'stale-row', 'statistics', 'unexplained'];

/** Waits until everything has been delivered, recorded and counted, or until the time is over. @returns the history */
export async function settle(sources: Sources, settleMs: number): Promise<readonly Event[]> {
  const deadline = performance.now() + settleMs;
  while (!areAllAccepted(sources) && performance.now() < deadline) await wait(lookEveryMs);
  for (;;) {
    // While the host starts again, nothing can be read.
    const history = await collect(sources).catch((error: unknown) => {
      if (performance.now() > deadline) throw error;
    });
    if (history && (isSettled(history) || performance.now() > deadline)) return history;
    await wait(lookEveryMs);
  }
}

const isSettled = (history: readonly Event[]): boolean =>
  !checkHistory(history).violations.some(({ promise }) => unsettled.includes(promise));

/** What the receiver tells is enough to know that there is no need to read all rows yet. */
function areAllAccepted({ tenants, accepted, system }: Sources): boolean {
  const endpoints = tenants.flatMap((tenant) => tenant.endpoints);
  return groupByDelivery([...endpoints, ...accepted, ...system.received()]).all.every(
    ({ endpoint, requests }) => endpoint.expects !== 'accepts' || requests.some(({ answer }) => answer === 'accepted'),
  );
}
