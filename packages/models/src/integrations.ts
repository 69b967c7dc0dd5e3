import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { IntegrationRepository } from '@posthorn/core';
import { integrationKey, readIntegration, toIntegrationRow } from './integrations/integration-row.ts';
import { withPrefix } from './paging/key-range.ts';
import { createSliceReader } from './paging/query-slice.ts';
import { defaultMaxRowsRead, readPage } from './paging/read-page.ts';
import { compares, createPlaceholders } from './rows/placeholders.ts';
import { type Row, textOf, toItem } from './rows/row.ts';
import { getRow, tryConditionalWrite } from './rows/row-access.ts';
import type { Store } from './store.ts';
import { tableDefinitions } from './table-definitions.ts';

/** Integrations in DynamoDB. They are in the table of tokens: one read of it says whether the key of one is valid. */
export function createIntegrationRepository({ client, stage }: Store): IntegrationRepository {
  const TableName = tableName(stage, 'tokens');
  return {
    insert: async (integration) => {
      const ConditionExpression = 'attribute_not_exists(entry)';
      const put = new PutItemCommand({ TableName, Item: toItem(toIntegrationRow(integration)), ConditionExpression });
      return (await tryConditionalWrite(client.send(put))).refused ? 'exists' : 'inserted';
    },
    find: async (applicationId, integrationId) => {
      const key = integrationKey({ applicationId, integrationId });
      const row = await getRow({ client }, { tableName: TableName, key });
      return row && readIntegration(row);
    },
    list: async (applicationId, page) => {
      const { partitionKey, sortKey } = tableDefinitions.tokens;
      const source = createSliceReader({
        client,
        tableName: TableName,
        partitionKey,
        sortKey,
        partition: applicationId,
      });
      const list = { sources: [source], range: withPrefix('integ_'), keyOf: (row: Row) => textOf(row, 'entry') };
      const { items, ...end } = await readPage(list, { ...page, maxRowsRead: defaultMaxRowsRead });
      return { ...end, items: items.map(readIntegration) };
    },
    update: async (next, previous) => {
      const { organisationId, applicationId, integrationId, createdAt, revision } = previous;
      const own = { organisationId, applicationId, integrationId, createdAt, revision: revision + 1 };
      const placeholders = createPlaceholders();
      const ConditionExpression = compares('revision', '=', revision)(placeholders);
      const Item = toItem(toIntegrationRow({ ...next, ...own }));
      const { refused } = await tryConditionalWrite(
        client.send(new PutItemCommand({ TableName, Item, ConditionExpression, ...placeholders.given() })),
      );
      return refused ? 'stale' : 'updated';
    },
    delete: async (applicationId, integrationId) => {
      const Key = toItem(integrationKey({ applicationId, integrationId }));
      await client.send(new DeleteItemCommand({ TableName, Key }));
    },
  };
}
