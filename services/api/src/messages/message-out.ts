import type { MessageOut } from '@posthorn/contracts/api/message';
import { jsonContentType, type ListedMessage } from '@posthorn/core';
import { isJsonObject } from '@posthorn/core/message/json-scan';

/** A message in an answer, without its payload. */
const toMessageHead = (message: ListedMessage): Omit<MessageOut, 'payload'> => ({
  id: message.messageId,
  eventId: message.eventId ?? null,
  eventType: message.eventType,
  channels: message.channels.length > 0 ? [...message.channels] : null,
  tags: message.tags.length > 0 ? [...message.tags] : null,
  timestamp: message.acceptedAt.toISOString(),
  deliverAt: message.deliverAt?.toISOString() ?? null,
});

/** A message in an answer that never shows payloads. */
export const toBareMessageOut = (message: ListedMessage): MessageOut => ({ ...toMessageHead(message), payload: {} });

/**
 * The JSON text of a message in an answer. Its payload has the bytes that were sent: parsing would change numbers beyond
 * 2^53 and the order of keys. The payload is `{}` without content, and for a raw payload that is not a JSON object,
 * because SDKs expect an object. One that is no longer stored is `{"expired":true}`, as Svix shows it.
 *
 * @param object - a body that is known to be a JSON object, so that it is not scanned again
 */
export function toMessageText(message: ListedMessage, withContent: boolean, object?: string): string {
  const head = JSON.stringify(toMessageHead(message));
  return `${head.slice(0, -1)},"payload":${withContent ? payloadText(message, object) : '{}'}}`;
}

function payloadText({ body, contentType }: ListedMessage, object: string | undefined): string {
  if (body === undefined) return '{"expired":true}';
  return contentType === jsonContentType && (body === object || isJsonObject(body)) ? body : '{}';
}
