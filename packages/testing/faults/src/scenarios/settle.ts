import { setTimeout as wait } from 'node:timers/promises';
import { checkHistory } from '../check/check-history.ts';
import { keyOf } from '../check/delivery.ts';
import type { Promised, Violation } from '../check/violation.ts';
import { createCollect, type Sources, type Wanted } from '../history/collect.ts';
import type { Event } from '../history/event.ts';
import type { Say } from './scenario.ts';

const lookEveryMs = 1_000;
/** A look takes at most this share of the time. */
const lookShare = 0.25;
/** What is not so before everything has settled. */
const unsettled: readonly Promised[] = ['lost', 'stale-row', 'statistics', 'unexplained'];

/**
 * Waits until everything has been delivered, recorded and counted, or until the time is over. After the first look, only
 * the attempts of messages are read again that were not settled, and all of them once more at the end.
 *
 * @returns the history
 */
export async function settle(sources: Sources, settleMs: number, say: Say): Promise<readonly Event[]> {
  const deadline = performance.now() + settleMs;
  const countLeft = createAcceptanceCount(sources);
  while (countLeft() > 0 && performance.now() < deadline) await wait(lookEveryMs);
  say(`${countLeft()} deliveries are not accepted yet; reading what is stored`);
  const collect = createCollect(sources);
  for (let wanted: Wanted = 'all'; ; ) {
    const startedAt = performance.now();
    const isLate = startedAt > deadline;
    // While the host starts again, nothing can be read.
    const history = await collect(isLate ? 'all' : wanted).catch((error: unknown) => {
      if (isLate) throw error;
    });
    if (history) {
      const open = checkHistory(history).violations.filter(({ promise }) => unsettled.includes(promise));
      if (isLate || (open.length === 0 && wanted === 'all')) return history;
      say(`not settled yet: ${open.length}`);
      wanted = nextWanted(open);
    }
    await wait(Math.max(lookEveryMs, (performance.now() - startedAt) * (1 / lookShare - 1)));
  }
}

/** What is not about a message is about all. */
const nextWanted = (open: readonly Violation[]): Wanted =>
  open.every(({ messageId }) => messageId !== undefined) && open.length > 0
    ? new Set(open.flatMap(({ messageId }) => messageId ?? []))
    : 'all';

/**
 * Counts the deliveries that no request has brought to their end: what the receiver tells is enough to know that there is
 * no need to read all rows yet. Each count looks only at what is new.
 */
function createAcceptanceCount({ tenants, accepted, system }: Sources): () => number {
  const endpoints = tenants.flatMap((tenant) => tenant.endpoints).filter(({ expects }) => expects === 'accepts');
  const left = new Set<string>();
  for (const { applicationId, messageId } of accepted)
    for (const { path, applicationId: own } of endpoints) if (own === applicationId) left.add(keyOf(path, messageId));
  let seen = 0;
  return () => {
    const received = system.received();
    for (; seen < received.length; seen += 1) {
      const event = received[seen];
      if (event?.kind === 'received' && event.answer === 'accepted') left.delete(keyOf(event.path, event.messageId));
    }
    return left.size;
  };
}
