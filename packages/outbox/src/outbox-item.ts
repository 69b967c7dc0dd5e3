import { randomUUID } from 'node:crypto';
import { checkEvent } from './check-event.ts';
import type { OutboxEvent } from './event.ts';

/** The attributes of a row. A type and not an interface, so that the document client's types accept it. */
export type OutboxAttributes = {
  orderingKey: string;
  id: string;
  createdAt: string;
  application: string;
  eventType: string;
  payload: string;
  eventId?: string;
  channels?: string[];
  tags?: string[];
  organisation?: string;
};

/** A part of a TransactWriteCommand of the document client (`@aws-sdk/lib-dynamodb`). */
export interface OutboxItem {
  readonly Put: { readonly TableName: string; readonly Item: OutboxAttributes };
}

/**
 * Returns the item that makes an event part of your transaction, for the document client.
 *
 * The row has an id of its own: a transaction that is sent again with the same item is the same event.
 *
 * @throws InvalidOutboxEvent with all problems
 * @example
 * await client.send(new TransactWriteCommand({
 *   TransactItems: [
 *     { Put: { TableName: 'orders', Item: order, ConditionExpression: 'attribute_not_exists(id)' } },
 *     outboxItem({ application: 'shop', eventType: 'order.created', payload: order, orderingKey: order.id }),
 *   ],
 * }));
 */
export function outboxItem(event: OutboxEvent): OutboxItem {
  const { payload, channels, tags } = checkEvent(event);
  const { application, eventType, orderingKey, eventId, organisation } = event;
  return {
    Put: {
      TableName: outboxTable(event.stage),
      Item: {
        orderingKey,
        id: randomUUID(),
        createdAt: new Date().toISOString(),
        application,
        eventType,
        payload,
        ...(eventId !== undefined && { eventId }),
        ...(channels && { channels: [...channels] }),
        ...(tags && { tags: [...tags] }),
        ...(organisation !== undefined && { organisation }),
      },
    },
  };
}

/** The name of the outbox of a stage. */
export const outboxTable = (stage: string = process.env.POSTHORN_STAGE || 'local'): string =>
  `posthorn-${stage}-outbox`;
