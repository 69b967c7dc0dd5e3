import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { defaultAttemptRetention, type Endpoint, type EndpointMode, type EndpointRepository } from '@posthorn/core';
import { createModel } from './dynamoose/create-model.ts';
import { createModelSliceReader, type ModelQuery } from './dynamoose/model-slice.ts';
import { createDisableEndpoint, createFindEndpoint, createListForFanOut } from './endpoint-reads.ts';
import { toDeletedEndpointRow } from './endpoints/deleted-endpoint.ts';
import { endpointAttributes, readEndpoint, toEndpointRow } from './endpoints/endpoint-row.ts';
import { insertEndpoint, insertWithinLimit } from './endpoints/insert-endpoint.ts';
import { listDeletedEndpoints } from './endpoints/list-endpoint-keys.ts';
import { updateEndpoint } from './endpoints/update-endpoint.ts';
import { withPrefix } from './paging/key-range.ts';
import { defaultMaxRowsRead, readPage } from './paging/read-page.ts';
import { type Row, textOf, toItem } from './rows/row.ts';
import { transact } from './rows/transact.ts';
import type { Store } from './store.ts';
import { createDeleteWithUid } from './uids/delete-with-uid.ts';
import { createUidRows } from './uids/uid-rows.ts';

/** The table of endpoints. */
export interface EndpointStore extends Store {
  /** A page ends early after it has read this many rows. Default: 2,000. */
  readonly maxRowsRead?: number;
  /** Days that successful attempts are kept. As long, a message's attempts at a deleted endpoint are found. */
  readonly successDays?: number;
}

/** An attempt can be recorded after its endpoint was deleted: it was made while the endpoint existed. */
const lateDays = 1;

/** Endpoints in DynamoDB, including those in FIFO mode. */
export function createEndpointRepository({
  maxRowsRead = defaultMaxRowsRead,
  successDays = defaultAttemptRetention.successDays,
  ...store
}: EndpointStore): EndpointRepository {
  const model = createModel(store, 'endpoints', endpointAttributes);
  const uids = createUidRows(store, 'endpoints');
  const deleteWithUid = createDeleteWithUid(store, 'endpoints');

  return {
    insert: async (endpoint, limit) => {
      const { taking } = uids.move(toHolder(endpoint), { from: undefined, to: endpoint.uid });
      const row: TransactWriteItem = await model.transaction.create(toEndpointRow(endpoint));
      const insertion = { endpoint, row, taking };
      return limit === undefined ? insertEndpoint(store, insertion) : insertWithinLimit(store, insertion, limit);
    },
    find: createFindEndpoint(store),
    list: async (applicationId, { mode, ...page }) => {
      const list = {
        sources: [
          createModelSliceReader(model, { table: 'endpoints', partition: applicationId, filter: onlyOf(mode) }),
        ],
        range: withPrefix('ep_'),
        keyOf: (row: Row) => textOf(row, 'endpointId'),
      };
      const { items, ...end } = await readPage(list, { ...page, maxRowsRead });
      return { ...end, items: items.map(readEndpoint) };
    },
    listForFanOut: createListForFanOut(store),
    listDeleted: (applicationId, since) => listDeletedEndpoints(store, applicationId, since),
    update: async (next, previous) => {
      const { taking, freeing } = uids.move(toHolder(previous), { from: previous.uid, to: next.uid });
      const row = updateEndpoint(store, replacing(next, previous), previous);
      const unmet = await transact(store, [row, ...freeing, ...taking]);
      if (unmet.length === 0) return 'updated';
      return unmet.some((index) => index <= freeing.length) ? 'stale' : 'uid_taken';
    },
    disable: createDisableEndpoint(store),
    delete: (endpoint, now) => {
      const left = toDeletedEndpointRow(endpoint, { deletedAt: now, keptDays: successDays + lateDays });
      const put = { TableName: tableName(store.stage, 'endpoints'), Item: toItem(left) };
      return deleteWithUid(toHolder(endpoint), endpoint.uid, [{ Put: put }]);
    },
  };
}

const toHolder = ({ applicationId, endpointId }: Endpoint) => ({ owner: applicationId, id: endpointId });

/** The changed endpoint, with the previous values of the fields that never change. */
const replacing = (
  next: Endpoint,
  { organisationId, applicationId, endpointId, createdAt, revision }: Endpoint,
): Endpoint => ({ ...next, organisationId, applicationId, endpointId, createdAt, revision: revision + 1 });

const onlyOf =
  (mode: EndpointMode) =>
  (query: ModelQuery): ModelQuery =>
    mode === 'fifo' ? query.filter('onExhausted').exists() : query.filter('onExhausted').not().exists();
