import type { ApplicationListQuery } from '@posthorn/contracts/api/application';
import type { Application, EndpointRepository, EndpointTarget } from '@posthorn/core';

export type ReadTargets = Pick<EndpointRepository, 'listTargets'>;

/** A page ends early after it has read about this many endpoints: those of its last applications can be more. */
const maxEndpointsRead = 2_000;
const lookedAtTogether = 25;
/** Most applications are decided by their first endpoints. */
const firstEndpoints = 10;
const moreEndpoints = 100;
const playHost = 'play.svix.com';

type Exclusions = Pick<
  ApplicationListQuery,
  'exclude_apps_with_no_endpoints' | 'exclude_apps_with_disabled_endpoints' | 'exclude_apps_with_svix_play_endpoints'
>;

/** What is known of an application's endpoints so far. */
interface Look {
  readonly application: Application;
  readonly hasEndpoints: boolean;
  readonly allDisabled: boolean;
  readonly allAtPlay: boolean;
  /** Where its other endpoints begin. Absent if all were read, or if they are not needed. */
  readonly next?: string | undefined;
}

/**
 * Selects applications that a query does not exclude by their endpoints, for one page of a list. It reads no more
 * endpoints than decide it, and stops when the page has read enough of them.
 */
export function createSelectByEndpoints({ listTargets }: ReadTargets, query: Exclusions) {
  const firstLimit = asksForEndpoints(query) ? firstEndpoints : 1;
  let rowsLeft = maxEndpointsRead;
  let hasLooked = false;
  const read = async (look: Look, limit: number): Promise<Look> => {
    const { targets, rowsRead, next } = await listTargets(look.application.applicationId, { after: look.next, limit });
    rowsLeft -= rowsRead;
    const seen = add(look, targets);
    return { ...seen, next: !seen.hasEndpoints || isExcluded(query, seen) ? next : undefined };
  };

  return async (rows: readonly Application[]): Promise<readonly (Application | undefined)[]> => {
    const selected: (Application | undefined)[] = [];
    for (let start = 0; start < rows.length; start += lookedAtTogether) {
      if (rowsLeft <= 0 && hasLooked) break;
      const some = rows.slice(start, start + lookedAtTogether);
      for (let look of await Promise.all(some.map((application) => read(unseen(application), firstLimit)))) {
        while (look.next !== undefined) {
          // A page looks at one application at least, so that the next page goes on behind it.
          if (rowsLeft <= 0 && hasLooked) return selected;
          look = await read(look, moreEndpoints);
        }
        hasLooked = true;
        selected.push(isExcluded(query, look) ? undefined : look.application);
      }
    }
    return selected;
  };
}

/** Whether a query excludes applications by their endpoints. */
export const excludesAny = (query: Exclusions): boolean =>
  query.exclude_apps_with_no_endpoints === true || asksForEndpoints(query);

/** Whether a query asks what the endpoints are, and not only whether there is one. */
const asksForEndpoints = (query: Exclusions): boolean =>
  query.exclude_apps_with_disabled_endpoints === true || query.exclude_apps_with_svix_play_endpoints === true;

const unseen = (application: Application): Look => ({
  application,
  hasEndpoints: false,
  allDisabled: true,
  allAtPlay: true,
});

const add = (look: Look, targets: readonly EndpointTarget[]): Look => ({
  ...look,
  hasEndpoints: look.hasEndpoints || targets.length > 0,
  allDisabled: look.allDisabled && targets.every(({ disabled }) => disabled),
  allAtPlay: look.allAtPlay && targets.every(isAtPlay),
});

/** An application without endpoints is excluded by the first filter only: the others ask for what its endpoints are. */
function isExcluded(query: Exclusions, { hasEndpoints, allDisabled, allAtPlay }: Look): boolean {
  if (!hasEndpoints) return query.exclude_apps_with_no_endpoints === true;
  return (
    (query.exclude_apps_with_disabled_endpoints === true && allDisabled) ||
    (query.exclude_apps_with_svix_play_endpoints === true && allAtPlay)
  );
}

const isAtPlay = ({ url }: EndpointTarget): boolean => URL.parse(url)?.hostname === playHost;
