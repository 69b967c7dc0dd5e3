import type { Attempt } from '../attempt/attempt.ts';
import { hasStatus, wasCanceledByCode } from '../attempt/attempt-result.ts';
import { wasTried } from '../delivery/delivery.ts';
import { endedAfterAttempt, type StoredDelivery } from '../delivery/stored-delivery.ts';
import type { BulkReplayFilters, MessageStatus } from './task.ts';

/** Where a message stands at an endpoint. */
export interface MessageStanding {
  readonly status: MessageStatus;
  /** The number of the last attempt that was made or planned; 0 if there is none. */
  readonly lastNumber: number;
  /** Whether there was an attempt. */
  readonly wasTried: boolean;
  /** The status code of the last attempt; 0 if there was no answer. Absent if there was no attempt. */
  readonly lastCode?: number;
}

type KnownAttempt = Pick<Attempt, 'status' | 'attemptNumber' | 'responseStatusCode' | 'trigger' | 'next'>;

/**
 * Finds out where a message stands at an endpoint.
 *
 * @param attempts - newest first
 * @param isInGroup - whether the endpoint is a destination: what is in a group has no row at its message until it ends
 * @returns `undefined` if the message was never sent there and does not wait
 */
export function standingOf(
  stored: StoredDelivery | undefined,
  attempts: readonly KnownAttempt[],
  isInGroup: boolean,
): MessageStanding | undefined {
  const [last] = attempts;
  if (!stored && !last) return undefined;
  const numbers = attempts.map(({ attemptNumber, trigger }) => (trigger === 'manual' ? 0 : attemptNumber));
  return {
    status: stored ? statusOfStored(stored) : statusOfAttempts(attempts, isInGroup),
    lastNumber: Math.max(stored?.delivery.attemptNumber ?? 0, ...numbers),
    wasTried: last !== undefined || (stored !== undefined && endedAfterAttempt(stored)),
    ...(last && { lastCode: last.responseStatusCode }),
  };
}

/** Where a message stands by what is stored as its delivery. */
export function statusOfStored({ state, delivery }: StoredDelivery): MessageStatus {
  switch (state) {
    case 'planned':
    case 'held':
    case 'parked':
      return wasTried(delivery) ? 'sending' : 'pending';
    case 'failed':
      return 'fail';
    case 'canceled':
      return wasTried(delivery) ? 'fail' : 'canceled';
  }
}

/**
 * Without a row, the message was delivered, or it failed before rows were written. In a group it still goes on: its group
 * may be blocked by it. Beginning it again would end it beside the group, and the group would go on without it.
 */
function statusOfAttempts(attempts: readonly KnownAttempt[], isInGroup: boolean): MessageStatus {
  if (attempts.some((attempt) => hasStatus(attempt, 'delivered'))) return 'success';
  if (attempts.some(wasCanceledByCode)) return 'canceled';
  if (isInGroup) return attempts.some(({ trigger }) => trigger === 'scheduled') ? 'sending' : 'pending';
  return attempts.some(({ next }) => next.kind === 'retry') && !attempts.some(endsDelivery) ? 'sending' : 'fail';
}

const endsDelivery = ({ next, trigger }: KnownAttempt): boolean => trigger === 'scheduled' && next.kind !== 'retry';

/** Whether another attempt is still planned. */
export const isOpen = ({ status }: MessageStanding): boolean => status === 'pending' || status === 'sending';

/** Whether a message stands as the filters ask. Without a filter, those with a planned attempt are left to it. */
export function isAskedFor(standing: MessageStanding, { status, statusCodeClass }: BulkReplayFilters): boolean {
  if (status === undefined ? isOpen(standing) : standing.status !== status) return false;
  if (statusCodeClass === undefined) return true;
  // Class 0 means that there was no answer. A message that code canceled has the code 0, and is not asked for by that.
  if (statusCodeClass === 0 && status === undefined && standing.status !== 'fail') return false;
  const { lastCode } = standing;
  return lastCode !== undefined && lastCode >= statusCodeClass && lastCode < statusCodeClass + 100;
}
