export type { AcceptingApplication, Application, MessagePlacement } from './application/application.ts';
export type { Attempt, AttemptOutcome, AttemptResult, UnreachableReason } from './attempt/attempt.ts';
export { attemptTimeoutMs, maxResponseBytes } from './attempt/attempt.ts';
export { attemptIdOf } from './attempt/attempt-id.ts';
export type { AttemptTrigger, Delivery } from './delivery/delivery.ts';
export { deliveryIdOf } from './delivery/delivery.ts';
export type { Endpoint, EndpointSecret, FanOutEndpoint, OrderPolicy } from './endpoint/endpoint.ts';
export { wants } from './endpoint/endpoint.ts';
export type { DomainErrorCode, ValidationIssue } from './errors.ts';
export { DomainError, ValidationError } from './errors.ts';
export type { EventType } from './event-type/event-type.ts';
export type { IdKind } from './identifier/identifier.ts';
export {
  createId,
  entropyOfId,
  idEntropyBytes,
  idPrefixes,
  isId,
  lowestIdAt,
  shardOf,
  timeOfId,
} from './identifier/identifier.ts';
export type { FanOutMessage, Message } from './message/message.ts';
export { jsonContentType, maxMessageBytes } from './message/message.ts';
export type { Page, PageRequest, TimeWindow } from './paging/page.ts';
