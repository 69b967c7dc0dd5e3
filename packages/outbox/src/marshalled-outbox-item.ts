import type { OutboxEvent } from './event.ts';
import { outboxItem } from './outbox-item.ts';

/** The attributes in DynamoDB's own form. */
export type MarshalledAttributes = Record<string, { S: string } | { L: { S: string }[] }>;

/** A part of a TransactWriteItemsCommand of the plain client (`@aws-sdk/client-dynamodb`). */
export interface MarshalledOutboxItem {
  readonly Put: { readonly TableName: string; readonly Item: MarshalledAttributes };
}

/**
 * Returns the same as `outboxItem`, for the plain client.
 *
 * @throws InvalidOutboxEvent with all problems
 */
export function marshalledOutboxItem(event: OutboxEvent): MarshalledOutboxItem {
  const { TableName, Item } = outboxItem(event).Put;
  return {
    Put: {
      TableName,
      Item: Object.fromEntries(
        Object.entries(Item).map(([name, value]) => [
          name,
          typeof value === 'string' ? { S: value } : { L: value.map((text) => ({ S: text })) },
        ]),
      ),
    },
  };
}
