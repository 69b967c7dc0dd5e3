export type { AcceptMessageDeps } from './accept-message.ts';
export { createMessageAcceptor } from './accept-message.ts';
export { eventClaimKey } from './event-claim-key.ts';
export type { FindMessageDeps } from './find-message.ts';
export { findMessage, resolveMessageId, wasAttempted } from './find-message.ts';
export type { FindTargetDeps, MessageTarget } from './find-target.ts';
export { createTargetFinder } from './find-target.ts';
export { idempotencyMs } from './idempotency-window.ts';
export type { MessageIdentity } from './message-identity.ts';
/** @public For sources that can be replayed: table triggers and operational webhooks. */
export { deriveMessageId } from './message-identity.ts';
export type { NewMessage } from './new-message.ts';
export type { ResendMessageDeps } from './resend-message.ts';
export { createMessageResender } from './resend-message.ts';
