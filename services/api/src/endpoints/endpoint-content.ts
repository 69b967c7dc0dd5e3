import type { EndpointPatch, EndpointUpsert } from '@posthorn/contracts/api/endpoint';
import type { Endpoint } from '@posthorn/core';
import { readEndpointUrl } from '../endpoint/endpoint-url.ts';
import type { EndpointContent } from '../endpoint/new-endpoint.ts';

/** What a request makes of an endpoint; what is absent is cleared. */
export function endpointContent(input: EndpointUpsert, { allowHttp }: { allowHttp: boolean }): EndpointContent {
  const eventTypes = input.eventTypes ?? input.filterTypes;
  const throttleRate = input.throttleRate ?? input.rateLimit;
  return {
    url: readEndpointUrl(input.url, { allowHttp, loc: ['body', 'url'] }),
    description: input.description ?? '',
    disabled: input.disabled ?? false,
    version: input.version ?? 1,
    metadata: input.metadata ?? {},
    ...(input.uid == null ? {} : { uid: input.uid }),
    ...(eventTypes == null ? {} : { eventTypes: [...new Set(eventTypes)] }),
    ...(input.channels == null ? {} : { channels: [...new Set(input.channels)] }),
    ...(throttleRate == null ? {} : { throttleRate }),
  };
}

/** The endpoint that stands there, with its content replaced: ids, secrets, headers and order stay. */
export function withContent(previous: Endpoint, content: EndpointContent, now: Date): Endpoint {
  const { uid: _, eventTypes: __, channels: ___, throttleRate: ____, ...rest } = previous;
  return { ...rest, ...content, updatedAt: now };
}

/** The request that a change amounts to: what is absent is as it was, null clears. */
export function patchedInput(previous: Endpoint, patch: EndpointPatch): EndpointUpsert {
  const eventTypes = patch.eventTypes === undefined ? patch.filterTypes : patch.eventTypes;
  const throttleRate = patch.throttleRate === undefined ? patch.rateLimit : patch.throttleRate;
  return {
    url: patch.url ?? previous.url,
    description: patch.description ?? previous.description,
    disabled: patch.disabled ?? previous.disabled,
    version: patch.version ?? previous.version,
    metadata: patch.metadata ?? { ...previous.metadata },
    uid: patch.uid === undefined ? previous.uid : patch.uid,
    eventTypes: eventTypes === undefined ? copyOf(previous.eventTypes) : eventTypes,
    channels: patch.channels === undefined ? copyOf(previous.channels) : patch.channels,
    throttleRate: throttleRate === undefined ? previous.throttleRate : throttleRate,
  };
}

const copyOf = (values: readonly string[] | undefined): string[] | undefined => values && [...values];
