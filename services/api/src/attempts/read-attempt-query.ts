import { type AttemptListQuery, attemptStatus } from '@posthorn/contracts/api/attempt';
import type { AttemptQuery } from '@posthorn/core';
import { readTimeWindow } from '../paging/time-window.ts';

/** The attempts that a query selects; `undefined` for a status that no stored attempt has. */
export function readAttemptQuery(query: AttemptListQuery): AttemptQuery | undefined {
  const { channel, event_types: eventTypes, status_code_class: statusCodeClass } = query;
  const window = readTimeWindow(query, 'attempt');
  const status = query.status === undefined ? undefined : storedStatus(query);
  if (query.status !== undefined && status === undefined) return undefined;
  return {
    ...window,
    withResponse: query.with_content ?? true,
    ...(status === undefined ? {} : { status }),
    ...(statusCodeClass === undefined ? {} : { statusCodeClass }),
    ...(channel === undefined ? {} : { channel }),
    ...(eventTypes === undefined ? {} : { eventTypes }),
  };
}

/** An attempt is stored after it ended. What is shown as a success is found as one. */
function storedStatus({ status, expanded_statuses: isExpanded = false }: AttemptListQuery): AttemptQuery['status'] {
  if (status === attemptStatus.success) return isExpanded ? 'delivered' : 'succeeded';
  if (status === attemptStatus.canceled) return 'canceled';
  return status === attemptStatus.fail ? 'failed' : undefined;
}
