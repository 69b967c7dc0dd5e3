import type { ApplicationRepository } from '@posthorn/core';
import type { Store } from './store.ts';
import { createDeleteWithUid } from './uids/delete-with-uid.ts';

/** Deletes the row of an application. A background task needs it, so it does not use Dynamoose. */
export function createDeleteApplication(store: Store): ApplicationRepository['delete'] {
  const deleteWithUid = createDeleteWithUid(store, 'applications');
  return ({ organisationId, applicationId, uid }) => deleteWithUid({ owner: organisationId, id: applicationId }, uid);
}
