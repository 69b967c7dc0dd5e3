import { tableName } from '@posthorn/contracts';
import type { Application } from '@posthorn/core';
import { withPrefix } from './paging/key-range.ts';
import { createSliceReader } from './paging/query-slice.ts';
import { defaultMaxRowsRead, readPage } from './paging/read-page.ts';
import { ifPresent, type Row, textOf, withoutAbsent } from './rows/row.ts';
import { getRow } from './rows/row-access.ts';
import type { Store } from './store.ts';
import { tableDefinitions } from './table-definitions.ts';

/** What an application is named by. */
export type ApplicationName = Pick<Application, 'applicationId' | 'uid'>;

/** The applications of an organisation, by id, with their names only. */
export interface ApplicationNames {
  find(organisationId: string, applicationId: string): Promise<ApplicationName | undefined>;
  /** At most `limit`, from the first one behind `after`. `isLast`: there are no more. */
  list(
    organisationId: string,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<{ readonly names: readonly ApplicationName[]; readonly isLast: boolean }>;
}

const attributes = ['applicationId', 'uid'];

/** Background tasks go through all applications, so it does not use Dynamoose. */
export function createApplicationNames({ client, stage }: Store): ApplicationNames {
  const table = tableName(stage, 'applications');
  const { partitionKey, sortKey } = tableDefinitions.applications;
  return {
    find: async (organisationId, applicationId) => {
      const row = await getRow({ client }, { tableName: table, key: { organisationId, applicationId }, attributes });
      return row && readName(row);
    },
    list: async (organisationId, { after, limit }) => {
      const source = createSliceReader({
        client,
        tableName: table,
        partitionKey,
        sortKey,
        partition: organisationId,
        attributes,
      });
      const keyOf = (row: Row) => textOf(row, 'applicationId');
      const { items, done } = await readPage(
        { sources: [source], range: withPrefix('app_'), keyOf },
        {
          limit,
          direction: 'forward',
          order: 'ascending',
          maxRowsRead: defaultMaxRowsRead,
          ...(after !== undefined && { iterator: after }),
        },
      );
      return { names: items.map(readName), isLast: done };
    },
  };
}

const readName = (row: Row): ApplicationName => ({
  applicationId: textOf(row, 'applicationId'),
  ...withoutAbsent({ uid: ifPresent(row, 'uid', textOf) }),
});
