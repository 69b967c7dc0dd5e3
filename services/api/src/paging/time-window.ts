import type { TimeLimitedListQuery } from '@posthorn/contracts/api/paging';
import { directionOf, type IdKind, isId, type PageRequest, type TimeWindow } from '@posthorn/core';
import { readPageRequest } from './page-request.ts';

/**
 * The page of messages or attempts that a query asks for, newest first. With `after` alone it is the page closest to
 * that time, so the list is read backward.
 */
export function readTimeWindow(query: TimeLimitedListQuery, kind: IdKind): PageRequest & TimeWindow {
  const { before, after } = query;
  const request = readPageRequest(query, (text) => isId(kind, text));
  const window = { ...request, ...(before && { before }), ...(after && { after }) };
  return { ...window, direction: directionOf(window) };
}
