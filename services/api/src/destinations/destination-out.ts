import type { DestinationOut } from '@posthorn/contracts/api/destination';
import { type Endpoint, openHeaders } from '@posthorn/core';
import { type Seal, toHeadersOut } from '../endpoints/sealed-headers.ts';
import type { DestinationState } from './destination-state.ts';

/** A destination in a response. Its iterator is always empty: messages are pushed, not polled. */
export async function toDestinationOut(
  seal: Pick<Seal, 'open'>,
  endpoint: Endpoint,
  state: DestinationState,
): Promise<DestinationOut> {
  return {
    id: endpoint.endpointId,
    uid: endpoint.uid ?? null,
    type: 'fifoEndpoint',
    config: { url: endpoint.url, headers: toHeadersOut(await openHeaders(seal, endpoint)) },
    ...state,
    currentIterator: '',
    batchSize: 1,
    maxWaitSecs: 0,
    ...(endpoint.eventTypes ? { eventTypes: [...endpoint.eventTypes] } : {}),
    ...(endpoint.channels ? { channels: [...endpoint.channels] } : {}),
    metadata: { ...endpoint.metadata },
    createdAt: endpoint.createdAt.toISOString(),
    updatedAt: endpoint.updatedAt.toISOString(),
  };
}
