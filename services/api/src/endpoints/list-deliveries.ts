import type { DeliveryListQuery, DeliveryOut } from '@posthorn/contracts/api/delivery';
import type { ListAnswer } from '@posthorn/contracts/api/paging';
import {
  type Application,
  type DeliveryRepository,
  type EndpointRepository,
  isId,
  nextAttemptAt,
  type StoredDelivery,
} from '@posthorn/core';
import { notFound } from '../http/refusals.ts';
import { requireName } from '../http/require-name.ts';
import { toListAnswer } from '../paging/list-answer.ts';
import { readPageRequest } from '../paging/page-request.ts';

export interface ListDeliveriesDeps {
  readonly endpoints: Pick<EndpointRepository, 'find'>;
  readonly deliveries: Pick<DeliveryRepository, 'list'>;
}

interface ListRequest {
  readonly application: Pick<Application, 'applicationId'>;
  readonly idOrUid: string;
  readonly query: DeliveryListQuery;
  readonly now: Date;
}

/**
 * Lists the stored deliveries to an endpoint in one state, oldest message first. Those of a deleted endpoint are listed by
 * its id: they are kept longer than the endpoint.
 *
 * @throws DomainError `not_found` if there is no such endpoint, and no delivery to one that was deleted
 */
export const createDeliveriesLister =
  ({ endpoints, deliveries }: ListDeliveriesDeps) =>
  async ({ application, idOrUid, query, now }: ListRequest): Promise<ListAnswer<DeliveryOut>> => {
    const { applicationId } = application;
    const name = requireName(idOrUid);
    const { before, after, state } = query;
    const request = readPageRequest(query, (text) => isId('message', text));
    const endpoint = await endpoints.find(applicationId, name);
    if (!endpoint && !isId('endpoint', name)) throw notFound();
    const selected = { ...request, state, ...(before && { before }), ...(after && { after }) };
    const page = await deliveries.list(endpoint?.endpointId ?? name, selected, now);
    // Without the endpoint, its deliveries show which application it belonged to.
    if (page.items.some(({ delivery }) => delivery.applicationId !== applicationId)) throw notFound();
    if (!endpoint && page.items.length === 0 && request.iterator === undefined) throw notFound();
    const { direction } = request;
    return toListAnswer({ direction, page, idOf: (it) => it.delivery.messageId, toRow: toDeliveryOut });
  };

function toDeliveryOut(stored: StoredDelivery): DeliveryOut {
  const { delivery, state, reason, since } = stored;
  const { messageId, endpointId, attemptNumber } = delivery;
  return {
    msgId: messageId,
    endpointId,
    state,
    reason,
    attemptNumber,
    since: since.toISOString(),
    nextAttemptAt: nextAttemptAt(stored)?.toISOString() ?? null,
  };
}
