import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { DataKeyRepository } from '@posthorn/core';
import { textOf, toItem } from './rows/row.ts';
import { getRow, tryConditionalWrite } from './rows/row-access.ts';
import type { Store } from './store.ts';

/** The wrapped data keys of organisations in DynamoDB. The conditional write decides which of several first keys stays. */
export function createDataKeyRepository({ client, stage }: Store): DataKeyRepository {
  const table = tableName(stage, 'data-keys');
  return {
    find: async (organisationId, keyId) => {
      const row = await getRow({ client }, { tableName: table, key: { organisationId, keyId } });
      return row && textOf(row, 'wrapped');
    },
    insert: async (organisationId, keyId, wrapped) => {
      const command = new PutItemCommand({
        TableName: table,
        Item: toItem({ organisationId, keyId, wrapped }),
        ConditionExpression: 'attribute_not_exists(keyId)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      const written = await tryConditionalWrite(client.send(command));
      return written.refused ? textOf(written.by, 'wrapped') : wrapped;
    },
  };
}
