import type { ApiEvent } from '../http/api-event.ts';
import { idempotencyKeyOf } from '../idempotency/idempotently.ts';

/** What the idempotency key of a message's request is claimed under: by the message that it made, not by an answer. */
export const messageClaimKey = (event: ApiEvent): string | undefined => {
  const key = idempotencyKeyOf(event);
  return key === undefined ? undefined : `message-${key}`;
};
