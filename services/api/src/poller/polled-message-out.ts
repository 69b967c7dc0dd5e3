import type { PollingEndpointMessageOut } from '@posthorn/contracts/api/poller';
import { jsonContentType, type Message } from '@posthorn/core';
import { isJsonObject } from '@posthorn/core/message/json-scan';

/** A raw payload of control characters gets six times as long as a JSON string. An answer would be too long. */
const maxEscapedLength = 4_000_000;

/**
 * The JSON text of a message in the answer of a poll. A payload that is a JSON object has the bytes that were sent. Any other
 * is a JSON string, so that its text survives too.
 */
export function toPolledMessageText(message: Message): string {
  const head: Omit<PollingEndpointMessageOut, 'payload'> = {
    id: message.messageId,
    eventId: message.eventId ?? null,
    eventType: message.eventType,
    channels: message.channels.length > 0 ? [...message.channels] : null,
    tags: message.tags.length > 0 ? [...message.tags] : null,
    headers: message.contentType === jsonContentType ? null : { 'content-type': message.contentType },
    timestamp: message.acceptedAt.toISOString(),
    deliverAt: message.deliverAt?.toISOString() ?? null,
  };
  return `${JSON.stringify(head).slice(0, -1)},"payload":${payloadText(message)}}`;
}

function payloadText({ body, contentType }: Message): string {
  if (contentType === jsonContentType && isJsonObject(body)) return body;
  const text = JSON.stringify(body);
  return text.length <= maxEscapedLength ? text : '{}';
}
