import type { ReceivedRequest, Receiver } from '@posthorn/testing';
import { isSigned } from '../fixtures/payloads.ts';
import { type EndpointName, endpointNames, failsFirst, type Posted, pathOf, type Tenant } from './order-traffic.ts';

/** Counts of what the endpoints of a run received. */
export interface DeliveryReport {
  /** Deliveries without a request that was answered with 2xx. */
  readonly missing: number;
  /** Requests for a delivery that was accepted before. */
  readonly duplicates: number;
  readonly badSignatures: number;
  readonly wrongBodies: number;
  /** First requests of messages that arrived before an earlier message with the same ordering key was accepted. */
  readonly outOfOrder: number;
  readonly toPrivate: number;
}

const reached = endpointNames.filter((name) => name !== 'private');

const expectedRequests = (posted: readonly Posted[]): number =>
  posted
    .flatMap((message) => reached.map((name) => (failsFirst(name, message) ? 2 : 1)))
    .reduce((sum, own) => sum + own, 0);

/** A delivery that no request has ended so far. */
export interface MissingDelivery {
  readonly path: string;
  readonly name: EndpointName;
  readonly posted: Posted;
}

const needed = (name: EndpointName, message: Posted): number => (failsFirst(name, message) ? 2 : 1);
const keyOf = (path: string, messageId: unknown): string => `${path} ${messageId}`;

/**
 * Follows the deliveries of messages. Each call looks only at the requests since the last one: the receiver asks at each
 * request, and must answer within the time limit of an attempt however many there were before.
 */
export function followDeliveries(posted: readonly Posted[]) {
  const open = new Map<string, MissingDelivery & { requests: number }>();
  for (const message of posted)
    for (const name of reached) {
      const path = pathOf(message.tenant, name);
      open.set(keyOf(path, message.messageId), { path, name, posted: message, requests: needed(name, message) });
    }
  let seen = 0;
  /** @param requests - all requests so far */
  const missing = (requests: readonly ReceivedRequest[]) => {
    for (; seen < requests.length; seen += 1) {
      const request = requests[seen];
      const key = keyOf(request?.path ?? '', request?.headers['webhook-id']);
      const delivery = open.get(key);
      if (!delivery) continue;
      delivery.requests -= 1;
      if (delivery.requests === 0) open.delete(key);
    }
    return open;
  };
  return {
    areAllDone: (requests: readonly ReceivedRequest[]): boolean => missing(requests).size === 0,
    missing: (requests: readonly ReceivedRequest[]): readonly MissingDelivery[] => [...missing(requests).values()],
  };
}

export function checkDeliveries(
  receiver: Receiver,
  posted: readonly Posted[],
  tenants: readonly Tenant[],
): DeliveryReport {
  const { requests } = receiver;
  const bodies = new Map(posted.map(({ messageId, body }) => [messageId, body]));
  return {
    missing: followDeliveries(posted).missing(requests).length,
    duplicates: requests.length - expectedRequests(posted),
    badSignatures: requests.filter((request) => !isSignedFor(request, tenants)).length,
    wrongBodies: requests.filter(({ headers, body }) => bodies.get(String(headers['webhook-id'])) !== body).length,
    outOfOrder: tenants.reduce(
      (sum, _, tenant) => sum + countOutOfOrder(receiver.requestsTo(pathOf(tenant, 'fifo'))),
      0,
    ),
    toPrivate: requests.filter(({ path }) => path.endsWith('/private')).length,
  };
}

function isSignedFor(request: ReceivedRequest, tenants: readonly Tenant[]): boolean {
  const [, tenant = '', name = ''] = request.path.split('/');
  // The paths come from the preparation of the tenants.
  return isSigned(request, tenants[Number(tenant)]?.secrets[name as EndpointName] ?? '');
}

/**
 * Counts requests that break the order of their key, because the message before had not been accepted when they
 * arrived. A repetition of the last accepted message is a duplicate and does not break the order.
 */
function countOutOfOrder(requests: readonly ReceivedRequest[]): number {
  const acceptedUpTo = new Map<number, number>();
  const tries = new Map<unknown, number>();
  let breaks = 0;
  for (const { body, headers } of requests) {
    const { orderId, sequence }: { orderId: number; sequence: number } = JSON.parse(body);
    const own = (tries.get(headers['webhook-id']) ?? 0) + 1;
    tries.set(headers['webhook-id'], own);
    const last = acceptedUpTo.get(orderId) ?? -1;
    if (sequence !== last + 1 && sequence !== last) breaks += 1;
    const isAccepted = own > 1 || sequence % 5 !== 2;
    if (isAccepted) acceptedUpTo.set(orderId, Math.max(last, sequence));
  }
  return breaks;
}
