export { type MemoryStoreOptions, memoryStore } from './once/memory-store.ts';
export { type OnceResult, once } from './once/once.ts';
export type { Run, RunOptions } from './once/run.ts';
export { type Claim, LeaseLostError, type OnceStore, StoreError } from './once/store.ts';
export { memoryOrderStore } from './order/memory-order-store.ts';
export { type CheckOrder, createOrderCheck, type Order, type OrderStore, type Position } from './order/order-check.ts';
export type { Answer } from './receive/answer.ts';
export type { ErrorContext } from './receive/failure.ts';
export {
  createAccept,
  createReceiver,
  type ReceivedRequest,
  type ReceiveOptions,
  type ReceiverOptions,
  type Step,
} from './receive/receiver.ts';
export type { HeadersLike } from './verify/headers.ts';
export type { Keys } from './verify/keys.ts';
export type { JsonReviver, VerifiedMessage } from './verify/verified-message.ts';
export { type VerifyOptions, verify } from './verify/verify.ts';
export { WebhookError, type WebhookErrorCode } from './webhook-error.ts';
