import { jsonContentType, type Message, type Resend, timeOfId } from '@posthorn/core';
import { ids } from './ids.ts';

const keptMs = 90 * 24 * 3_600_000;

/** A message that was accepted at the time in its id and is stored for 90 days. */
export function aMessage(overrides: Partial<Message> = {}): Message {
  const messageId = overrides.messageId ?? ids.message;
  const acceptedAt = overrides.acceptedAt ?? timeOfId(messageId);
  return {
    organisationId: ids.organisation,
    applicationId: ids.application,
    messageId,
    eventType: 'invoice.paid',
    body: '{"invoice": 42}',
    contentType: jsonContentType,
    channels: [],
    tags: [],
    acceptedAt,
    expiresAt: new Date(acceptedAt.getTime() + keptMs),
    ...overrides,
  };
}

/** A request to send the builders' message to the builders' endpoint again. */
export const aResend = (overrides: Partial<Resend> = {}): Resend => ({
  organisationId: ids.organisation,
  applicationId: ids.application,
  messageId: ids.message,
  endpointId: ids.endpoint,
  attemptId: ids.attempt,
  requestedAt: timeOfId(ids.attempt),
  ...overrides,
});
