import {
  type Attempt,
  type AttemptQuery,
  type AttemptRepository,
  type Endpoint,
  type Page,
  type PageRequest,
  timeOfId,
} from '@posthorn/core';
import { findPlannedFrom, type PlannedFromDeps, type WindowAfter } from './find-planned-from.ts';

export interface ListWindowDeps extends PlannedFromDeps {
  readonly attempts: Pick<AttemptRepository, 'listByEndpoint'>;
}

/**
 * Lists parts of one page of an endpoint's attempts. Attempts of a window that were planned before it are the last ones
 * of the list. So the statistics, which say whether there are any, are read once, and only by a page that gets there.
 */
export function createWindowLister(
  deps: ListWindowDeps,
  endpoint: Endpoint,
  { request, now }: { readonly request: AttemptQuery; readonly now: Date },
): (page: PageRequest) => Promise<Page<Attempt>> {
  const list = (page: PageRequest, plannedFrom?: Date) => {
    const query = { ...request, ...page, ...(plannedFrom && { plannedFrom }) };
    return deps.attempts.listByEndpoint(endpoint.endpointId, query, now);
  };
  const { after } = request;
  if (!after) return list;
  const window: WindowAfter = { ...request, after };
  let found: Promise<Date> | undefined;
  const plannedFrom = () => {
    found ??= findPlannedFrom(deps, endpoint, { window, now });
    return found;
  };
  return async (page) => {
    const reached = page.iterator === undefined ? undefined : timeOfId(page.iterator);
    const goesBack = page.direction === 'forward';
    // What comes next was planned after this.
    if (reached && !goesBack) return list(page, reached);
    if (!goesBack || (reached && reached <= after)) return list(page, await plannedFrom());
    const inWindow = await list(page, after);
    if (!inWindow.done || (await plannedFrom()) >= after) return inWindow;
    return list(page, await plannedFrom());
  };
}
