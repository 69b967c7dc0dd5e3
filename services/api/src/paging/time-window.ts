import { directionOf, type IdKind, isId, type PageRequest, type TimeWindow } from '@posthorn/core';
import { readPageRequest, type Walk } from './page-request.ts';

export interface TimeLimitedWalk extends Walk {
  readonly before?: Date | undefined;
  readonly after?: Date | undefined;
}

/**
 * The part of a list that grows with traffic that a query asks for, newest first. With `after` alone it is the page
 * closest to that time, which is a walk backward.
 */
export function readTimeWindow({ before, after, ...walk }: TimeLimitedWalk, kind: IdKind): PageRequest & TimeWindow {
  const request = readPageRequest(walk, (text) => isId(kind, text));
  const window = { ...request, ...(before && { before }), ...(after && { after }) };
  return { ...window, direction: directionOf(window) };
}
