import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { AttemptRetention, Endpoint, EndpointMode, EndpointRepository } from '@posthorn/core';
import { createModel } from './dynamoose/create-model.ts';
import { createModelSliceReader, type ModelQuery } from './dynamoose/model-slice.ts';
import {
  createDisableEndpoint,
  createFindEndpoint,
  createListAllEndpoints,
  createListDeletedEndpoints,
  createListForFanOut,
  createListTargets,
} from './endpoint-reads.ts';
import { createDeleteEndpoint } from './endpoints/delete-endpoint.ts';
import { endpointAttributes, readEndpoint, toEndpointRow } from './endpoints/endpoint-row.ts';
import { insertEndpoint, insertWithinLimit } from './endpoints/insert-endpoint.ts';
import { updateEndpoint } from './endpoints/update-endpoint.ts';
import { withPrefix } from './paging/key-range.ts';
import { defaultMaxRowsRead, readPage } from './paging/read-page.ts';
import { type Row, textOf } from './rows/row.ts';
import { transact } from './rows/transact.ts';
import type { Store } from './store.ts';
import { createUidRows } from './uids/uid-rows.ts';

/** The table of endpoints. */
export interface EndpointStore extends Store, Partial<AttemptRetention> {
  /** A page ends early after it has read this many rows. Default: 2,000. */
  readonly maxRowsRead?: number;
}

/** Endpoints in DynamoDB, including those in FIFO mode. */
export function createEndpointRepository({
  maxRowsRead = defaultMaxRowsRead,
  successDays,
  failureDays,
  ...store
}: EndpointStore): EndpointRepository {
  const model = createModel(store, 'endpoints', endpointAttributes);
  const uids = createUidRows(store, 'endpoints');

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
    listAll: createListAllEndpoints(store, maxRowsRead),
    listDeleted: createListDeletedEndpoints(store),
    listTargets: createListTargets(store),
    update: async (next, previous) => {
      const { taking, freeing } = uids.move(toHolder(previous), { from: previous.uid, to: next.uid });
      const row = updateEndpoint(store, replacing(next, previous), previous);
      const unmet = await transact(store, [row, ...freeing, ...taking]);
      if (unmet.length === 0) return 'updated';
      return unmet.some((index) => index <= freeing.length) ? 'stale' : 'uid_taken';
    },
    disable: createDisableEndpoint(store),
    delete: createDeleteEndpoint(store, {
      ...(successDays !== undefined && { successDays }),
      ...(failureDays !== undefined && { failureDays }),
    }),
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
