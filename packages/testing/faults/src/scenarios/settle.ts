import { setTimeout as wait } from 'node:timers/promises';
import { checkHistory } from '../check/check-history.ts';
import { keyOf } from '../check/delivery.ts';
import type { Promised, Violation } from '../check/violation.ts';
import { createCollect, type Sources, type Wanted } from '../history/collect.ts';
import type { Event } from '../history/event.ts';
import type { Say } from './scenario.ts';

const lookEveryMs = 1_000;
/** A look takes at most this share of the time, unless that were a longer pause. */
const [lookShare, longestPauseMs] = [0.25, 20_000];
const looksUntilAll = 4;
/** What is not so before everything has settled. */
const unsettled: readonly Promised[] = ['lost', 'stale-row', 'statistics', 'unexplained'];

/** As long as less is open each time, it may take so many times as long: the machine may be busy. */
const mostTimes = 10;

/**
 * Waits until everything has been delivered, recorded and counted, or until nothing more happens. After the first look,
 * only the attempts of messages are read again that were not settled, and all of them once more at the end.
 *
 * @returns the history
 */
export async function settle(sources: Sources, settleMs: number, say: Say): Promise<readonly Event[]> {
  const countLeft = createAcceptanceCount(sources);
  const isOver = createPatience(settleMs);
  while (countLeft() > 0 && !isOver(countLeft())) await wait(lookEveryMs);
  say(`${countLeft()} deliveries are not accepted yet; reading what is stored`);
  const collect = createCollect(sources);
  const isLateWith = createPatience(settleMs);
  let [left, looks] = [Number.POSITIVE_INFINITY, 0];
  for (let wanted: Wanted = 'all'; ; ) {
    const startedAt = performance.now();
    const isLate = isLateWith(left);
    // While the host starts again, nothing can be read.
    const history = await collect(isLate ? 'all' : wanted).catch((error: unknown) => {
      if (isLate) throw error;
    });
    if (history) {
      const open = checkHistory(history).violations.filter(({ promise }) => unsettled.includes(promise));
      if (isLate || (open.length === 0 && wanted === 'all')) return history;
      left = open.length;
      say(
        left === 0
          ? 'reading all once more'
          : `not settled yet: ${left}, such as ${open[0]?.promise}: ${open[0]?.what}`,
      );
      looks += 1;
      wanted = nextWanted(open, looks);
    }
    const pauseMs = (performance.now() - startedAt) * (1 / lookShare - 1);
    await wait(Math.min(longestPauseMs, Math.max(lookEveryMs, pauseMs)));
  }
}

/** Tells whether it has taken too long since the number of what is left has become smaller. */
function createPatience(ms: number): (left: number) => boolean {
  const startedAt = performance.now();
  let [least, since] = [Number.POSITIVE_INFINITY, startedAt];
  return (left) => {
    const now = performance.now();
    if (left < least) [least, since] = [left, now];
    return now - since > ms || now - startedAt > ms * mostTimes;
  };
}

/** Statistics are read at each look. Attempts of other messages may have come too, so now and then all are read. */
const nextWanted = (open: readonly Violation[], looks: number): Wanted =>
  open.length === 0 || looks % looksUntilAll === 0 ? 'all' : new Set(open.flatMap(({ messageId }) => messageId ?? []));

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
