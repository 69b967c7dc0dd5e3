export { dynamooseOutbox } from './dynamoose-outbox.ts';
export type { OutboxEvent } from './event.ts';
export { InvalidOutboxEvent } from './event.ts';
export type { MarshalledOutboxItem } from './marshalled-outbox-item.ts';
export { marshalledOutboxItem } from './marshalled-outbox-item.ts';
export type { OutboxAttributes, OutboxItem } from './outbox-item.ts';
export { outboxItem, outboxTable } from './outbox-item.ts';
