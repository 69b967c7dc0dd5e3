import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { ifPresent, textOf, toItem } from '../rows/row.ts';
import { getRow } from '../rows/row-access.ts';
import { transact } from '../rows/transact.ts';
import type { Store } from '../store.ts';
import { tableDefinitions } from '../table-definitions.ts';
import { createUidRows, type UidHolder } from './uid-rows.ts';

/**
 * Deletes a row and frees its uid. If the row's uid has changed since the caller read it, the new uid is freed. The
 * writes in `also` are part of the same transaction.
 */
export function createDeleteWithUid(store: Store, table: 'applications' | 'endpoints') {
  const TableName = tableName(store.stage, table);
  const { partitionKey, sortKey } = tableDefinitions[table];
  const uids = createUidRows(store, table);

  const deleteRow = ({ owner, id }: UidHolder, uid: string | undefined): TransactWriteItem => ({
    Delete: {
      TableName,
      Key: toItem({ [partitionKey]: owner, [sortKey]: id }),
      ...(uid === undefined
        ? { ConditionExpression: 'attribute_not_exists(uid)' }
        : {
            ConditionExpression: 'attribute_not_exists(revision) OR uid = :uid',
            ExpressionAttributeValues: toItem({ ':uid': uid }),
          }),
    },
  });

  return async function deleteWithUid(
    holder: UidHolder,
    uid: string | undefined,
    also: readonly TransactWriteItem[] = [],
  ): Promise<void> {
    const { freeing } = uids.move(holder, { from: uid, to: undefined });
    const unmet = await transact(store, [deleteRow(holder, uid), ...freeing, ...also]);
    if (unmet.length === 0) return;
    const key = { [partitionKey]: holder.owner, [sortKey]: holder.id };
    const row = await getRow(store, { tableName: TableName, key, attributes: ['uid', 'revision'] });
    if (row) await deleteWithUid(holder, ifPresent(row, 'uid', textOf), also);
  };
}
