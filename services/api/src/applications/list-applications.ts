import type { ApplicationListQuery } from '@posthorn/contracts/api/application';
import {
  type Application,
  type ApplicationRepository,
  type EndpointRepository,
  type EndpointTarget,
  isId,
  type Page,
  type PageRequest,
  selectPage,
} from '@posthorn/core';
import { readPageRequest } from '../paging/page-request.ts';

export interface ListApplicationsDeps {
  readonly applications: Pick<ApplicationRepository, 'list'>;
  readonly endpoints: Pick<EndpointRepository, 'listTargets'>;
}

/** A page ends early after it has looked at the endpoints of so many applications. */
const maxLookedAt = 500;
const lookedAtTogether = 25;
const playHost = 'play.svix.com';

/** A page of an organisation's applications, without those that the query excludes by their endpoints. */
export const createApplicationLister =
  ({ applications, endpoints }: ListApplicationsDeps) =>
  async (
    organisationId: string,
    query: ApplicationListQuery,
  ): Promise<Page<Application> & Pick<PageRequest, 'direction'>> => {
    const { order = 'ascending' } = query;
    const request = readPageRequest(query, (text) => isId('application', text));
    const list = (page: PageRequest) => applications.list(organisationId, { ...page, order });
    const { direction } = request;
    if (!excludesAny(query)) return { ...(await list(request)), direction };
    const page = await selectPage<Application, Application>(request, {
      list,
      keyOf: ({ applicationId }) => applicationId,
      select: (rows) => selectRows(endpoints, query, rows),
      maxRows: maxLookedAt,
    });
    return { ...page, direction };
  };

const excludesAny = (query: ApplicationListQuery): boolean =>
  query.exclude_apps_with_no_endpoints === true ||
  query.exclude_apps_with_disabled_endpoints === true ||
  query.exclude_apps_with_svix_play_endpoints === true;

async function selectRows(
  { listTargets }: ListApplicationsDeps['endpoints'],
  query: ApplicationListQuery,
  rows: readonly Application[],
): Promise<readonly (Application | undefined)[]> {
  const selected: (Application | undefined)[] = [];
  for (let start = 0; start < rows.length; start += lookedAtTogether) {
    const some = rows.slice(start, start + lookedAtTogether);
    const targets = await Promise.all(some.map(({ applicationId }) => listTargets(applicationId)));
    selected.push(...some.map((row, index) => (isExcluded(query, targets[index] ?? []) ? undefined : row)));
  }
  return selected;
}

/** An application without endpoints is excluded by the first filter only: the others ask for what its endpoints are. */
function isExcluded(query: ApplicationListQuery, targets: readonly EndpointTarget[]): boolean {
  if (targets.length === 0) return query.exclude_apps_with_no_endpoints === true;
  return (
    (query.exclude_apps_with_disabled_endpoints === true && targets.every(({ disabled }) => disabled)) ||
    (query.exclude_apps_with_svix_play_endpoints === true && targets.every(isAtPlay))
  );
}

const isAtPlay = ({ url }: EndpointTarget): boolean => URL.parse(url)?.hostname === playHost;
