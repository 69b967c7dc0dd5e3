import type { TimeLimitedListQuery } from '@posthorn/contracts/api/paging';
import { directionOf, type IdKind, isId, nearestIdTime, type PageRequest, type TimeWindow } from '@posthorn/core';
import { readPageRequest } from './page-request.ts';

/**
 * The page of messages or attempts that a query asks for, newest first. With `after` alone it is the page closest to
 * that time, so the list is read backward. Nothing is older or newer than an id can be, so a time beyond that is replaced.
 */
export function readTimeWindow(query: TimeLimitedListQuery, kind: IdKind): PageRequest & TimeWindow {
  const { before, after } = query;
  const request = readPageRequest(query, (text) => isId(kind, text));
  const window = {
    ...request,
    ...(before && { before: nearestIdTime(before) }),
    ...(after && { after: nearestIdTime(after) }),
  };
  return { ...window, direction: directionOf(window) };
}
