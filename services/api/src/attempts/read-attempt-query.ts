import { type AttemptListQuery, attemptStatus } from '@posthorn/contracts/api/attempt';
import type { Attempt, AttemptQuery } from '@posthorn/core';
import { readTimeWindow } from '../paging/time-window.ts';

/** The attempts that a query selects; `undefined` for a status that no stored attempt has. */
export function readAttemptQuery(query: AttemptListQuery): AttemptQuery | undefined {
  const { channel, event_types: eventTypes, status_code_class: statusCodeClass } = query;
  const window = readTimeWindow(query, 'attempt');
  const status = query.status === undefined ? undefined : storedStatus(query.status);
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

/** An attempt is stored after it ended, so it has succeeded or failed. */
function storedStatus(status: number): Attempt['status'] | undefined {
  if (status === attemptStatus.success) return 'succeeded';
  return status === attemptStatus.fail ? 'failed' : undefined;
}
