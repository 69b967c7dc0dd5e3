import type { ApplicationListQuery } from '@posthorn/contracts/api/application';
import {
  type Application,
  type ApplicationRepository,
  isId,
  type Page,
  type PageRequest,
  selectPage,
} from '@posthorn/core';
import { readPageRequest } from '../paging/page-request.ts';
import { createSelectByEndpoints, excludesAny, type ReadTargets } from './select-by-endpoints.ts';

export interface ListApplicationsDeps {
  readonly applications: Pick<ApplicationRepository, 'list'>;
  readonly endpoints: ReadTargets;
}

/** A page ends early after it has looked at the endpoints of so many applications. */
const maxLookedAt = 500;

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
      select: createSelectByEndpoints(endpoints, query),
      maxRows: maxLookedAt,
    });
    return { ...page, direction };
  };
