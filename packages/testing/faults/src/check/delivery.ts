import { type Accepted, type Event, ofKind, type Received, type Recorded, type Subscribed } from '../history/event.ts';

/** One message on its way to one endpoint, with all that was observed of it. */
export interface ObservedDelivery {
  readonly endpoint: Subscribed;
  readonly message: Accepted;
  /** In the order of arrival. */
  readonly requests: readonly Received[];
  readonly attempts: readonly Recorded[];
}

export interface Deliveries {
  readonly all: readonly ObservedDelivery[];
  /** Requests and attempts that belong to no accepted message and endpoint. */
  readonly strange: readonly (Received | Recorded)[];
}

export const keyOf = (endpointId: string, messageId: string): string => `${endpointId} ${messageId}`;

interface Collecting extends ObservedDelivery {
  readonly requests: Received[];
  readonly attempts: Recorded[];
}

/** Groups what was observed by delivery: each message that was accepted, at each endpoint of its application. */
export function groupByDelivery(history: readonly Event[]): Deliveries {
  const endpoints = ofKind(history, 'subscribed');
  const byPath = new Map(endpoints.map((endpoint) => [endpoint.path, endpoint]));
  const found = new Map<string, Collecting>();
  for (const message of ofKind(history, 'accepted'))
    for (const endpoint of endpoints)
      if (endpoint.applicationId === message.applicationId)
        found.set(keyOf(endpoint.endpointId, message.messageId), { endpoint, message, requests: [], attempts: [] });
  const strange: (Received | Recorded)[] = [];
  for (const request of ofKind(history, 'received').toSorted((one, other) => one.order - other.order)) {
    const delivery = found.get(keyOf(byPath.get(request.path)?.endpointId ?? '', request.messageId));
    if (delivery) delivery.requests.push(request);
    else strange.push(request);
  }
  for (const attempt of ofKind(history, 'recorded')) {
    const delivery = found.get(keyOf(attempt.endpointId, attempt.messageId));
    if (delivery) delivery.attempts.push(attempt);
    else strange.push(attempt);
  }
  return { all: [...found.values()], strange };
}
