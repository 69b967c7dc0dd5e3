import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { Application, ApplicationRepository } from '@posthorn/core';
import { toApplicationRow } from './applications/application-row.ts';
import { toItem } from './rows/row.ts';
import { transact } from './rows/transact.ts';
import type { Store } from './store.ts';
import { createUidRows } from './uids/uid-rows.ts';

/** Inserts an application. A message can create its application, so this does not use Dynamoose. */
export function createInsertApplication(store: Store): ApplicationRepository['insert'] {
  const uids = createUidRows(store, 'applications');
  const toPut = (application: Application): TransactWriteItem => ({
    Put: {
      TableName: tableName(store.stage, 'applications'),
      Item: toItem(toApplicationRow(application)),
      ConditionExpression: 'attribute_not_exists(applicationId)',
    },
  });
  return async (application) => {
    const holder = { owner: application.organisationId, id: application.applicationId };
    const { taking } = uids.move(holder, { from: undefined, to: application.uid });
    const unmet = await transact(store, [toPut(application), ...taking]);
    if (unmet.includes(0)) return 'exists';
    return unmet.length === 0 ? 'inserted' : 'uid_taken';
  };
}
