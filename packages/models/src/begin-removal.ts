import { tableName } from '@posthorn/contracts';
import type { BeginRemoval } from '@posthorn/core';
import { toItem } from './rows/row.ts';
import type { Store } from './store.ts';
import { toTaskRow } from './tasks/task-row.ts';
import { createDeleteWithUid } from './uids/delete-with-uid.ts';

/** Deletes an application and stores its task in one transaction. */
export function createBeginRemoval(store: Store): BeginRemoval {
  const deleteWithUid = createDeleteWithUid(store, 'applications');
  return async (task) => {
    const put = { Put: { TableName: tableName(store.stage, 'tasks'), Item: toItem(toTaskRow(task)) } };
    const holder = { owner: task.organisationId, id: task.applicationId };
    const end = await deleteWithUid(holder, task.work.uid, { also: [put], mustExist: true });
    return end === 'deleted' ? 'begun' : 'gone';
  };
}
