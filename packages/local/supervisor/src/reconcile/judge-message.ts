import {
  type Endpoint,
  type FanOutEndpoint,
  type ListedMessage,
  matchesFilters,
  wasCreatedAfter,
} from '@posthorn/core';

/** An endpoint of an application, as far as a reconcile needs it. */
export type ReconciledEndpoint = Pick<FanOutEndpoint, 'endpointId' | 'eventTypes' | 'channels' | 'order' | 'health'> &
  Pick<Endpoint, 'disabled' | 'updatedAt'>;

/**
 * What is to be done if a message has neither attempt, waiting row nor dead letter at an endpoint. `unwanted`: the
 * endpoint did not want it, or the message was expunged, so there is nothing to look for. `plan`: it is certain that the
 * endpoint wanted it. `plan-in-group`: the same for a destination, if its group has not gone on without it. `list`: a
 * person must decide.
 */
export type Judgement =
  | { readonly kind: 'unwanted' }
  | { readonly kind: 'plan' | 'plan-in-group' }
  | { readonly kind: 'list'; readonly why: string };

/** Judges by the endpoint as it is now. If it was changed after the message was accepted, nothing is certain. */
export function judgeMessage(message: ListedMessage, endpoint: ReconciledEndpoint): Judgement {
  if (wasCreatedAfter(endpoint, message) || !matchesFilters(endpoint, message)) return { kind: 'unwanted' };
  // Nothing of it can be sent any more.
  if (message.expungedAt !== undefined) return { kind: 'unwanted' };
  const wasChanged = endpoint.updatedAt > message.acceptedAt;
  if (endpoint.disabled)
    return wasChanged ? { kind: 'list', why: 'the endpoint was disabled afterwards' } : { kind: 'unwanted' };
  if (wasChanged)
    return { kind: 'list', why: 'the endpoint was changed afterwards: it may not have wanted the message then' };
  return { kind: endpoint.order ? 'plan-in-group' : 'plan' };
}
