import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { ifPresent, textOf, toItem } from '../rows/row.ts';
import { getRow } from '../rows/row-access.ts';
import { transact } from '../rows/transact.ts';
import type { Store } from '../store.ts';
import { tableDefinitions } from '../table-definitions.ts';
import { createUidRows, type UidHolder } from './uid-rows.ts';

/** What a deletion can have besides. */
interface Deletion {
  /** Writes of the same transaction. */
  readonly also?: readonly TransactWriteItem[];
  /** Whether nothing is written if the row is already gone. */
  readonly mustExist?: boolean;
}

/** Deletes a row and frees its uid. If the row's uid has changed since the caller read it, the new uid is freed. */
export function createDeleteWithUid(store: Store, table: 'applications' | 'endpoints') {
  const TableName = tableName(store.stage, table);
  const { partitionKey, sortKey } = tableDefinitions[table];
  const uids = createUidRows(store, table);

  const deleteRow = ({ owner, id }: UidHolder, uid: string | undefined, mustExist: boolean): TransactWriteItem => ({
    Delete: {
      TableName,
      Key: toItem({ [partitionKey]: owner, [sortKey]: id }),
      ...conditionOf(uid, mustExist),
    },
  });

  return async function deleteWithUid(
    holder: UidHolder,
    uid: string | undefined,
    deletion: Deletion,
  ): Promise<'deleted' | 'gone'> {
    const { also = [], mustExist = false } = deletion;
    const { freeing } = uids.move(holder, { from: uid, to: undefined });
    const unmet = await transact(store, [deleteRow(holder, uid, mustExist), ...freeing, ...also]);
    if (unmet.length === 0) return 'deleted';
    const key = { [partitionKey]: holder.owner, [sortKey]: holder.id };
    const row = await getRow(store, { tableName: TableName, key, attributes: ['uid', 'revision'] });
    return row ? deleteWithUid(holder, ifPresent(row, 'uid', textOf), deletion) : 'gone';
  };
}

/** Every row has a revision. */
function conditionOf(uid: string | undefined, mustExist: boolean) {
  if (uid === undefined)
    return { ConditionExpression: `${mustExist ? 'attribute_exists(revision) AND ' : ''}attribute_not_exists(uid)` };
  return {
    ConditionExpression: `${mustExist ? '' : 'attribute_not_exists(revision) OR '}uid = :uid`,
    ExpressionAttributeValues: toItem({ ':uid': uid }),
  };
}
