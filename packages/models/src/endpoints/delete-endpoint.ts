import { tableName } from '@posthorn/contracts';
import { type AttemptRetention, defaultAttemptRetention, type EndpointRepository } from '@posthorn/core';
import { toItem } from '../rows/row.ts';
import type { Store } from '../store.ts';
import { createDeleteWithUid } from '../uids/delete-with-uid.ts';
import { toDeletedEndpointRow } from './deleted-endpoint.ts';

/** An attempt can be recorded after its endpoint was deleted: it was made while the endpoint existed. */
const lateDays = 1;

/** Deletes an endpoint. As long as something of it can be stored, a row is left that names it. */
export function createDeleteEndpoint(
  store: Store,
  {
    successDays = defaultAttemptRetention.successDays,
    failureDays = defaultAttemptRetention.failureDays,
  }: Partial<AttemptRetention> = {},
): EndpointRepository['delete'] {
  const deleteWithUid = createDeleteWithUid(store, 'endpoints');
  const keptDays = Math.max(successDays, failureDays) + lateDays;
  return async (endpoint, now) => {
    const left = toDeletedEndpointRow(endpoint, { deletedAt: now, keptDays });
    const put = { TableName: tableName(store.stage, 'endpoints'), Item: toItem(left) };
    const holder = { owner: endpoint.applicationId, id: endpoint.endpointId };
    await deleteWithUid(holder, endpoint.uid, { also: [{ Put: put }] });
  };
}
