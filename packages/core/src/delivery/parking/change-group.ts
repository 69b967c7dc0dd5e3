import { throttlePatienceMs } from '../../throttle/throttle-slot.ts';
import type { HeadDecision } from './decide-head.ts';
import { type GroupChange, type GroupReason, isTurn } from './parked-group.ts';
import type { Step } from './step.ts';

/**
 * A group that was blocked for a disabled endpoint is looked at once more, this long afterwards: the endpoint may have
 * been enabled between the worker's read of it and the write of the group's row, and nothing else would tell.
 */
export const recheckAfterMs = 60_000;

/** The group's row while it waits for its head, or is blocked by it. */
export function changeTo(
  decision: Extract<HeadDecision, { kind: 'wait' | 'block' }>,
  place: string,
  epoch: number,
): GroupChange {
  const { item, reason } = decision;
  const head = { epoch, head: item.messageId, place, attempt: item.attemptNumber, reason };
  return decision.kind === 'wait'
    ? { state: 'waiting', ...head, notBefore: decision.until }
    : { state: 'blocked', ...head, ...(decision.detail !== undefined && { detail: decision.detail }) };
}

/** When a wake comes to the group: it is stored together with the group's row, so that none is without the other. */
export function wakeOf(to: GroupChange, now: Date): { readonly wakeAt?: Date } {
  if (to.notBefore) return { wakeAt: to.notBefore };
  return to.reason === 'endpoint-disabled' ? { wakeAt: new Date(now.getTime() + recheckAfterMs) } : {};
}

/** What makes the group's wake exact to the second. */
export const hintSteps = ({ epoch, notBefore, reason }: GroupChange): readonly Step[] =>
  notBefore ? [{ kind: 'hint', epoch, at: new Date(notBefore.getTime() - patienceOf(reason)) }] : [];

/** A head waits for its turn in the worker, so that it does not miss it: its wake may come this much early. */
export const patienceOf = (reason: GroupReason): number => (isTurn(reason) ? throttlePatienceMs : 0);
