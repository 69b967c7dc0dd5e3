import type { PollingEndpointMessageOut } from '@posthorn/contracts/api/poller';
import { jsonContentType, type Message } from '@posthorn/core';
import { isJsonObject } from '@posthorn/core/message/json-scan';

/** A raw payload of control characters gets six times as long as a JSON string. An answer would be too long. */
const maxEscapedLength = 4_000_000;

/** The payload of a message as JSON text, and what must be known to get its bytes. */
type Payload = Pick<PollingEndpointMessageOut, 'headers'> & { readonly text: string };

/**
 * The JSON text of a message in the answer of a poll. A payload that is a JSON object has the bytes that were sent, between
 * the colon and the last bracket. Any other is a JSON string, so that its text survives too. The payload is the last member.
 */
export function toPolledMessageText(message: Message): string {
  const { headers, text } = toPayload(message);
  const head: Omit<PollingEndpointMessageOut, 'payload'> = {
    id: message.messageId,
    eventId: message.eventId ?? null,
    eventType: message.eventType,
    channels: message.channels.length > 0 ? [...message.channels] : null,
    tags: message.tags.length > 0 ? [...message.tags] : null,
    headers,
    timestamp: message.acceptedAt.toISOString(),
    deliverAt: message.deliverAt?.toISOString() ?? null,
  };
  return `${JSON.stringify(head).slice(0, -1)},"payload":${text}}`;
}

function toPayload({ body, contentType }: Message): Payload {
  const isJson = contentType === jsonContentType;
  if (isJson && isJsonObject(body)) return { headers: null, text: body };
  const text = JSON.stringify(body);
  if (text.length <= maxEscapedLength) return { headers: isJson ? null : { 'content-type': contentType }, text };
  return {
    headers: { 'content-type': contentType, 'content-transfer-encoding': 'base64' },
    text: JSON.stringify(Buffer.from(body).toString('base64')),
  };
}
