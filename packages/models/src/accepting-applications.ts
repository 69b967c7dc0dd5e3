import { tableName } from '@posthorn/contracts';
import { type ApplicationRepository, isId } from '@posthorn/core';
import { readAcceptingApplication } from './applications/application-row.ts';
import { getRow } from './rows/row-access.ts';
import type { Store } from './store.ts';
import { createUidRows } from './uids/uid-rows.ts';

/** The read that accepting a message needs. It is on the hot path, so it does not use Dynamoose. */
export function createFindAccepting(store: Store): ApplicationRepository['findAccepting'] {
  const uids = createUidRows(store, 'applications');
  const read = (organisationId: string, applicationId: string) =>
    getRow(store, {
      tableName: tableName(store.stage, 'applications'),
      key: { organisationId, applicationId },
      attributes: ['organisationId', 'applicationId', 'orderedAt', 'orderStarts', 'uid'],
    });
  return async (organisationId, idOrUid) => {
    const isUid = !isId('application', idOrUid);
    const applicationId = isUid ? await uids.findHolder(organisationId, idOrUid) : idOrUid;
    const row = applicationId === undefined ? undefined : await read(organisationId, applicationId);
    if (!row || (isUid && row.uid !== idOrUid)) return undefined;
    return readAcceptingApplication(row);
  };
}
