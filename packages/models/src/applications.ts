import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { type Application, type ApplicationRepository, isId } from '@posthorn/core';
import dynamoose from 'dynamoose';
import { createFindAccepting } from './accepting-applications.ts';
import { createOrdering } from './application-ordering.ts';
import { applicationAttributes, readApplication, toChanges } from './applications/application-row.ts';
import { createModel } from './dynamoose/create-model.ts';
import { createModelSliceReader } from './dynamoose/model-slice.ts';
import { createInsertApplication } from './insert-application.ts';
import { withPrefix } from './paging/key-range.ts';
import { defaultMaxRowsRead, readPage } from './paging/read-page.ts';
import { textOf } from './rows/row.ts';
import { transact } from './rows/transact.ts';
import type { Store } from './store.ts';
import { createUidRows } from './uids/uid-rows.ts';

/** Applications in DynamoDB. */
export function createApplicationRepository(store: Store): ApplicationRepository {
  const model = createModel(store, 'applications', applicationAttributes);
  const uids = createUidRows(store, 'applications');

  const findById = async (organisationId: string, applicationId: string): Promise<Application | undefined> => {
    const item = await model.get({ organisationId, applicationId }, { consistent: true });
    // Dynamoose returns undefined if there is no row, but its type does not say so.
    return item && readApplication(item.toJSON());
  };

  return {
    insert: createInsertApplication(store),
    find: async (organisationId, idOrUid) => {
      if (isId('application', idOrUid)) return findById(organisationId, idOrUid);
      const holder = await uids.findHolder(organisationId, idOrUid);
      const found = holder === undefined ? undefined : await findById(organisationId, holder);
      return found?.uid === idOrUid ? found : undefined;
    },
    findAccepting: createFindAccepting(store),
    list: async (organisationId, page) => {
      const list = {
        sources: [createModelSliceReader(model, { table: 'applications', partition: organisationId })],
        range: withPrefix('app_'),
        keyOf: (row: Parameters<typeof readApplication>[0]) => textOf(row, 'applicationId'),
      };
      const { items, ...end } = await readPage(list, { ...page, maxRowsRead: defaultMaxRowsRead });
      return { ...end, items: items.map(readApplication) };
    },
    update: async (next, previous) => {
      const { taking, freeing } = uids.move(toHolder(previous), { from: previous.uid, to: next.uid });
      // The update expression is optional in Dynamoose's type. It is always set, because the revision always changes.
      const row = (await model.transaction.update(...toUpdate(next, previous))) as TransactWriteItem;
      const unmet = await transact(store, [row, ...freeing, ...taking]);
      if (unmet.length === 0) return 'updated';
      return unmet.some((index) => index <= freeing.length) ? 'stale' : 'uid_taken';
    },
    ...createOrdering(store),
  };
}

const toHolder = ({ organisationId, applicationId }: Application) => ({ owner: organisationId, id: applicationId });

/** The arguments of Dynamoose's update: the key, the changes, and the condition that the revision has not changed. */
function toUpdate(next: Application, previous: Application) {
  const changes = Object.entries({ ...toChanges(next), revision: previous.revision + 1 });
  const { organisationId, applicationId } = previous;
  return [
    { organisationId, applicationId },
    {
      $SET: Object.fromEntries(changes.filter(([, value]) => value !== undefined)),
      $REMOVE: changes.filter(([, value]) => value === undefined).map(([name]) => name),
    },
    { return: 'request', condition: new dynamoose.Condition('revision').eq(previous.revision) },
  ] as const;
}
