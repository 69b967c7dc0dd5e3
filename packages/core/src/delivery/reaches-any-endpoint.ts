import { type FanOutEndpoint, matchesFilters, type UnreadableEndpoint } from '../endpoint/endpoint.ts';
import type { FanOutMessage } from '../message/message.ts';

/**
 * Whether a message that is accepted now would be sent to any of its application's endpoints. An endpoint whose row cannot
 * be read counts: its filters are not known, and its delivery would be set aside, not lost.
 */
export const reachesAnyEndpoint = (
  message: Pick<FanOutMessage, 'eventType' | 'channels'>,
  endpoints: readonly (FanOutEndpoint | UnreadableEndpoint)[],
): boolean =>
  endpoints.some((endpoint) => 'unreadable' in endpoint || (!endpoint.disabled && matchesFilters(endpoint, message)));
