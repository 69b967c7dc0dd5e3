import type { DestinationIn } from '@posthorn/contracts/api/destination';
import { type OrderPolicy, ownOrderingKey } from '@posthorn/core';
import { parseOrderBy } from '@posthorn/core/message/ordering-key';
import { readEndpointUrl, type UrlRules } from '../endpoints/endpoint-url.ts';
import type { EndpointContent } from '../endpoints/new-endpoint.ts';
import { invalidField } from '../http/refusals.ts';

/** The content that a request gives a destination: an endpoint in FIFO mode. */
export function destinationContent(input: DestinationIn, { allowHttp, allowedPorts }: UrlRules): EndpointContent {
  return {
    url: readEndpointUrl(input.config.url, { allowHttp, allowedPorts, loc: ['body', 'config', 'url'] }),
    description: '',
    disabled: input.status === 'disabled',
    version: 1,
    metadata: input.metadata ?? {},
    order: readOrderPolicy(input.metadata ?? {}),
    ...(input.uid == null ? {} : { uid: input.uid }),
    ...(input.eventTypes?.length ? { eventTypes: [...new Set(input.eventTypes)] } : {}),
    ...(input.channels?.length ? { channels: [...new Set(input.channels)] } : {}),
  };
}

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
