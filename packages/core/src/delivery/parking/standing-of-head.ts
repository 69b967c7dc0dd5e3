import type { Endpoint } from '../../endpoint/endpoint.ts';
import { type Delivery, dueTimeOf, takeUpTimeOf } from '../delivery.ts';
import { endedStates, type StoredDelivery, waitReasonOf } from '../stored-delivery.ts';
import type { HeadProgress } from './head-progress.ts';
import type { Standing } from './standing.ts';
import type { UnreadableRow } from './step.ts';

/** Stored data that cannot be used, and why. */
export interface Unusable {
  readonly unusable: string;
}

/** What is stored of a delivery in a group. */
export interface HeadHistory {
  readonly progress: HeadProgress;
  /** Its row outside of the group's line. */
  readonly stored: StoredDelivery | undefined;
}

/** What is known of the first delivery of a group. */
export interface HeadFacts {
  /** The delivery, as its job or its row says. */
  readonly item: Delivery;
  readonly history: HeadHistory | UnreadableRow;
  /** `undefined` if it was deleted. */
  readonly endpoint: Pick<Endpoint, 'order' | 'disabled'> | Unusable | undefined;
  /** Whether its message is still stored. Absent until it was asked for. */
  readonly hasMessage?: boolean | Unusable;
  /** Whether an attempt beside the group was accepted. Absent until it was asked for. */
  readonly wasAccepted?: boolean;
  readonly now: Date;
  /** The number of the attempt that is made now although it is not due, or none is planned. */
  readonly asked?: number;
}

/** Where a head is before an attempt. `send`: its attempt is to be made now. `ask`: one more fact is needed. */
export type HeadFinding =
  | Standing
  | { readonly kind: 'send'; readonly item: Delivery }
  | { readonly kind: 'ask'; readonly fact: 'hasMessage' | 'wasAccepted' };

/**
 * Says where the first delivery of a group is, before an attempt. The records of its attempts are the truth: whichever of
 * its attempts the job or row is at, the standing is the same.
 */
export function standingOfHead(facts: HeadFacts): HeadFinding {
  const { item, history, endpoint } = facts;
  if (!('unusable' in history)) {
    if (history.progress.kind === 'through') return history.progress;
    if (history.stored && hasEndedInGroup(history.stored)) return { kind: 'through' };
  }
  if (!endpoint) return { kind: 'endpoint-deleted', item };
  if ('unusable' in endpoint) return unusableEndpoint(item, endpoint);
  if ('unusable' in history) return unusableRow(item, history, endpoint);
  const { progress } = history;
  if (progress.kind === 'through') return progress;
  const next = progress.delivery;
  const isAsked = facts.asked !== undefined && next.attemptNumber <= facts.asked;
  // Someone may have sent it again beside its group, after an attempt that failed.
  if (progress.kind === 'ended' || (isAsked && next.attemptNumber > 1)) {
    if (facts.wasAccepted === undefined) return { kind: 'ask', fact: 'wasAccepted' };
    if (facts.wasAccepted) return { kind: 'through' };
  }
  if (progress.kind === 'ended' && (!isAsked || progress.by === 'aborted')) return standingOfEnd(progress, endpoint);
  const until = dueTimeOf(next);
  if (!isAsked && takeUpTimeOf(next, until) > facts.now)
    return { kind: 'waits', until, reason: waitReasonOf(next), item: next };
  return beforeSend(next, endpoint, facts);
}

function beforeSend(
  item: Delivery,
  endpoint: Pick<Endpoint, 'order' | 'disabled'>,
  { hasMessage, wasAccepted }: Pick<HeadFacts, 'hasMessage' | 'wasAccepted'>,
): HeadFinding {
  if (hasMessage === undefined) return { kind: 'ask', fact: 'hasMessage' };
  if (hasMessage === false) {
    if (wasAccepted === undefined) return { kind: 'ask', fact: 'wasAccepted' };
    const usedUp = { kind: 'used-up', why: 'message-expired', policy: policyOf(endpoint), last: item, item } as const;
    return unlessAccepted(usedUp, wasAccepted);
  }
  if (hasMessage !== true) return unusable(item, hasMessage, endpoint);
  return endpoint.disabled ? { kind: 'endpoint-disabled', item } : { kind: 'send', item };
}

/** A head that was accepted beside its group does not block it. */
export const unlessAccepted = (standing: Standing, wasAccepted: boolean): Standing =>
  wasAccepted ? { kind: 'through' } : standing;

/** No attempt is planned after the last one. */
export function standingOfEnd(
  { by, attemptedAt, last, delivery }: Extract<HeadProgress, { kind: 'ended' }>,
  endpoint: Pick<Endpoint, 'order'>,
): Standing {
  switch (by) {
    case 'gone':
      return { kind: 'gone', item: delivery, attemptedAt };
    case 'aborted':
      return { kind: 'aborted', item: last };
    case 'exhausted':
      return { kind: 'used-up', why: 'exhausted', policy: policyOf(endpoint), last, item: delivery };
  }
}

/** Data of the endpoint concerns all of its groups: it always blocks them, and nothing is set aside. */
export const unusableEndpoint = (item: Delivery, { unusable: reason }: Unusable): Standing => ({
  kind: 'unusable',
  item,
  reason,
  policy: 'block',
});

/** Without a name it cannot be set aside as a job, so it never leaves its group by itself. */
const unusableRow = (item: Delivery, row: UnreadableRow, endpoint: Pick<Endpoint, 'order'>): Standing =>
  row.isNameless ? { kind: 'unusable', item, reason: row.unusable, policy: 'block' } : unusable(item, row, endpoint);

const unusable = (item: Delivery, { unusable: reason }: Unusable, endpoint: Pick<Endpoint, 'order'>): Standing => ({
  kind: 'unusable',
  item,
  reason,
  policy: policyOf(endpoint),
});

/** A group of an endpoint that is no longer in FIFO mode has no reason to be blocked. */
const policyOf = ({ order }: Pick<Endpoint, 'order'>) => order?.onExhausted ?? 'skip';

/**
 * Whether the row says that the delivery ended in its group. A task begins deliveries again beside their groups: what their
 * rows say is not about the group. One that was set aside goes on when its job is put back.
 */
const hasEndedInGroup = (stored: StoredDelivery): boolean =>
  endedStates.some((state) => state === stored.state) && stored.reason !== 'set_aside' && !isBesideGroup(stored);

/** Whether the delivery was set aside by its group. If its job comes, someone has put it back: it is no longer stored then. */
export const wasSetAside = (stored: StoredDelivery): boolean => stored.reason === 'set_aside' && !isBesideGroup(stored);

const isBesideGroup = ({ delivery }: StoredDelivery): boolean => delivery.retriesFrom !== undefined;
