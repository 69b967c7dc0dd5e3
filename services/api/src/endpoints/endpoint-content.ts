import type { EndpointPatch, EndpointUpsert } from '@posthorn/contracts/api/endpoint';
import type { Endpoint } from '@posthorn/core';
import { resolveAlias } from '@posthorn/core/alias/resolve-alias';
import { readEndpointUrl, type UrlRules } from './endpoint-url.ts';
import type { EndpointContent } from './new-endpoint.ts';

type AliasedFields = Pick<Endpoint, 'eventTypes' | 'throttleRate'>;
type StoredFields = AliasedFields & Partial<Pick<Endpoint, 'url'>>;
type AliasedInput = Pick<EndpointPatch, 'eventTypes' | 'filterTypes' | 'throttleRate' | 'rateLimit'>;

/**
 * The content that a request gives an endpoint; what is absent is cleared.
 *
 * @param stored - the endpoint before the request, if there is one: it decides between two names of one field. Its URL is
 *   not checked again: after the operator has restricted URLs, all else of the endpoint can still be changed.
 */
export function endpointContent(
  input: EndpointUpsert,
  { allowHttp, allowedPorts }: UrlRules,
  stored: StoredFields = {},
): EndpointContent {
  const { eventTypes, throttleRate } = readAliases(input, stored);
  return {
    url:
      input.url === stored.url
        ? input.url
        : readEndpointUrl(input.url, { allowHttp, allowedPorts, loc: ['body', 'url'] }),
    description: input.description ?? '',
    disabled: input.disabled ?? false,
    metadata: input.metadata ?? {},
    ...(input.uid == null ? {} : { uid: input.uid }),
    ...(eventTypes == null ? {} : { eventTypes: [...new Set(eventTypes)] }),
    ...(input.channels == null ? {} : { channels: [...new Set(input.channels)] }),
    ...(throttleRate == null ? {} : { throttleRate }),
  };
}

/** The stored endpoint with new content. Ids, secrets, headers and order stay. */
export function withContent(previous: Endpoint, content: EndpointContent, now: Date): Endpoint {
  const { uid: _, eventTypes: __, channels: ___, throttleRate: ____, ...rest } = previous;
  return { ...rest, ...content, updatedAt: now };
}

/**
 * The whole content after a patch: an absent field is kept, null clears it.
 *
 * @param stored - decides between two names of one field
 */
export function patchedInput(previous: Endpoint, patch: EndpointPatch, stored: AliasedFields): EndpointUpsert {
  const { eventTypes, throttleRate } = readAliases(patch, stored);
  return {
    url: patch.url ?? previous.url,
    description: patch.description ?? previous.description,
    disabled: patch.disabled ?? previous.disabled,
    metadata: patch.metadata ?? { ...previous.metadata },
    uid: patch.uid === undefined ? previous.uid : patch.uid,
    eventTypes: eventTypes === undefined ? copyOf(previous.eventTypes) : eventTypes,
    channels: patch.channels === undefined ? copyOf(previous.channels) : patch.channels,
    throttleRate: throttleRate === undefined ? previous.throttleRate : throttleRate,
  };
}

const copyOf = (values: readonly string[] | undefined): string[] | undefined => values && [...values];

const readAliases = (input: AliasedInput, stored: AliasedFields) => ({
  eventTypes: resolveAlias<'eventTypes' | 'filterTypes', string[]>(input, {
    names: ['eventTypes', 'filterTypes'],
    stored: copyOf(stored.eventTypes),
    isSame: areSameNames,
  }),
  throttleRate: resolveAlias<'throttleRate' | 'rateLimit', number>(input, {
    names: ['throttleRate', 'rateLimit'],
    stored: stored.throttleRate,
  }),
});

/** Event types are a set: neither their order nor a repetition matters. */
const areSameNames = (one: readonly string[], other: readonly string[]): boolean =>
  new Set(one).symmetricDifference(new Set(other)).size === 0;
