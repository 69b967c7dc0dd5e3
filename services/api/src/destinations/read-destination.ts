import type { DestinationIn, DestinationPatch } from '@posthorn/contracts/api/destination';
import { type Endpoint, type OrderPolicy, ownOrderingKey } from '@posthorn/core';
import { parseOrderBy } from '@posthorn/core/message/ordering-key';
import { readEndpointUrl, type UrlRules } from '../endpoints/endpoint-url.ts';
import type { EndpointContent } from '../endpoints/new-endpoint.ts';
import { invalidField } from '../http/refusals.ts';

/**
 * The content that a request gives a destination: an endpoint in FIFO mode. What is absent is cleared.
 *
 * @param stored - the destination before the request, if there is one. Its URL is not checked again: after the operator has
 *   restricted URLs, all else of the destination can still be changed.
 */
export const destinationContent = (
  input: DestinationIn,
  rules: UrlRules,
  stored?: Pick<Endpoint, 'url'>,
): EndpointContent =>
  toContent(input, {
    url: readUrl(input.config.url, rules, stored),
    order: readOrderPolicy(input.metadata ?? {}),
  });

/**
 * The content of a destination after a patch. An absent field is kept, null clears it. URL and status are never absent, so
 * null keeps them.
 */
export function patchedDestination(previous: Endpoint, patch: DestinationPatch, rules: UrlRules): EndpointContent {
  const input = {
    uid: patch.uid === undefined ? previous.uid : patch.uid,
    status: patch.status ?? (previous.disabled ? 'disabled' : 'enabled'),
    eventTypes: patch.eventTypes === undefined ? copyOf(previous.eventTypes) : patch.eventTypes,
    channels: patch.channels === undefined ? copyOf(previous.channels) : patch.channels,
    metadata: patch.metadata ?? { ...previous.metadata },
  };
  // The order follows from the metadata, which are checked only if the request gives them.
  const order = patch.metadata ? readOrderPolicy(patch.metadata) : previous.order;
  return toContent(input, {
    url: readUrl(patch.config?.url ?? previous.url, rules, previous),
    ...(order && { order }),
  });
}

const copyOf = (values: readonly string[] | undefined): string[] | undefined => values && [...values];

const toContent = (
  { uid, status, eventTypes, channels, metadata }: Omit<DestinationIn, 'type' | 'config'>,
  given: Pick<EndpointContent, 'url' | 'order'>,
): EndpointContent => ({
  ...given,
  description: '',
  disabled: status === 'disabled',
  metadata: metadata ?? {},
  ...(uid == null ? {} : { uid }),
  ...(eventTypes?.length ? { eventTypes: [...new Set(eventTypes)] } : {}),
  ...(channels?.length ? { channels: [...new Set(channels)] } : {}),
});

const readUrl = (url: string, { allowHttp, allowedPorts }: UrlRules, stored?: Pick<Endpoint, 'url'>): string =>
  url === stored?.url ? url : readEndpointUrl(url, { allowHttp, allowedPorts, loc: ['body', 'config', 'url'] });

/** Reads the order policy from the metadata: Svix's API has no fields for it. */
function readOrderPolicy({ orderBy, onExhausted = 'block' }: Readonly<Record<string, string>>): OrderPolicy {
  if (onExhausted !== 'block' && onExhausted !== 'skip') {
    throw invalidField(['body', 'metadata', 'onExhausted'], 'must be block or skip');
  }
  if (orderBy === undefined) return { onExhausted };
  if (orderBy !== ownOrderingKey && parseOrderBy(orderBy) === undefined) {
    const error = `must be a JSON path such as $.order.id or $['id'], or ${ownOrderingKey}`;
    throw invalidField(['body', 'metadata', 'orderBy'], error);
  }
  return { by: orderBy, onExhausted };
}
