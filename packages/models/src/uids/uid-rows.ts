import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { ifPresent, type Row, textOf, toItem } from '../rows/row.ts';
import { getRow } from '../rows/row-access.ts';
import type { Store } from '../store.ts';
import { tableDefinitions } from '../table-definitions.ts';

/** What has the uid: an application of an organisation, or an endpoint of an application. */
export interface UidHolder {
  readonly owner: string;
  readonly id: string;
}

/**
 * The uids of a table's rows. Each uid is a row in the same table: its key makes the uid unique. One transaction writes
 * the uid's row and its holder's row.
 */
export function createUidRows({ client, stage }: Store, table: 'applications' | 'endpoints') {
  const TableName = tableName(stage, table);
  const { partitionKey, sortKey } = tableDefinitions[table];
  const key = (owner: string, uid: string): Row => ({ [partitionKey]: owner, [sortKey]: `uid#${uid}` });

  const take = ({ owner, id }: UidHolder, uid: string): TransactWriteItem => ({
    Put: {
      TableName,
      Item: toItem({ ...key(owner, uid), holder: id }),
      ConditionExpression: 'attribute_not_exists(holder)',
    },
  });
  const free = ({ owner, id }: UidHolder, uid: string): TransactWriteItem => ({
    Delete: {
      TableName,
      Key: toItem(key(owner, uid)),
      ConditionExpression: 'attribute_not_exists(holder) OR holder = :id',
      ExpressionAttributeValues: toItem({ ':id': id }),
    },
  });

  return {
    /** Finds the id of the row that has the uid. */
    findHolder: async (owner: string, uid: string): Promise<string | undefined> => {
      const row = await getRow({ client }, { tableName: TableName, key: key(owner, uid) });
      return row && ifPresent(row, 'holder', textOf);
    },
    /** The writes that change a holder's uid: `taking` for the new uid, `freeing` for the old one. */
    move: (
      holder: UidHolder,
      { from, to }: { readonly from: string | undefined; readonly to: string | undefined },
    ): { readonly taking: readonly TransactWriteItem[]; readonly freeing: readonly TransactWriteItem[] } => ({
      taking: to === undefined || to === from ? [] : [take(holder, to)],
      freeing: from === undefined || to === from ? [] : [free(holder, from)],
    }),
  };
}
