import { attemptStatus, type EndpointMessageOut } from '@posthorn/contracts/api/attempt';
import type { MessageStatus } from '@posthorn/core';
import type { ShownStanding } from './read-standings.ts';

const statuses = ['success', 'pending', 'fail', 'sending', 'canceled'] as const satisfies readonly MessageStatus[];

/** The statuses that a query asks for by the number. What is shown as a success is found as one. */
export const statusesOf = (number: number, isExpanded: boolean): readonly MessageStatus[] =>
  statuses.filter((status) => attemptStatus[status] === number || toStatusOut(status, isExpanded).status === number);

/** A status as number and as text. Clients that do not ask for expanded statuses get success in the place of canceled. */
export function toStatusOut(status: MessageStatus, isExpanded: boolean) {
  const statusText = status === 'canceled' && !isExpanded ? 'success' : status;
  return { status: attemptStatus[statusText], statusText };
}

/** Where a message stands at an endpoint, in an answer. */
export const toStandingOut = (
  { status, nextAttempt }: ShownStanding,
  isExpanded: boolean,
): Pick<EndpointMessageOut, 'status' | 'statusText' | 'nextAttempt'> => ({
  ...toStatusOut(status, isExpanded),
  nextAttempt: nextAttempt?.toISOString() ?? null,
});
