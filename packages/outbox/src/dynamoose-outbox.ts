import type { OutboxEvent } from './event.ts';
import { type MarshalledOutboxItem, marshalledOutboxItem } from './marshalled-outbox-item.ts';
import { outboxTable } from './outbox-item.ts';

/** What is used of `dynamoose`. */
interface Dynamoose {
  readonly Schema: new (definition: KeyAttributes) => unknown;
  readonly Table: new (name: string, models: never[], options: TableOptions) => unknown;
  model(name: string, schema: never): unknown;
}

type KeyAttributes = Record<'orderingKey' | 'id', { type: StringConstructor; hashKey?: true; rangeKey?: true }>;

interface TableOptions {
  readonly create: false;
  readonly update: false;
  readonly waitForActive: false;
  readonly prefix: '';
  readonly suffix: '';
}

/**
 * Makes the outbox known to Dynamoose, which accepts only tables that it knows in a transaction. Call it once, at the
 * start. It never creates or changes the table.
 *
 * @param options - `stage` as in `OutboxEvent`
 * @returns a function that makes the item for `dynamoose.transaction`. It throws InvalidOutboxEvent
 * @example
 * const outbox = dynamooseOutbox(dynamoose);
 * await dynamoose.transaction([
 *   Order.transaction.create(order),
 *   outbox({ application: 'shop', eventType: 'order.created', payload: order, orderingKey: order.id }),
 * ]);
 */
export function dynamooseOutbox(
  dynamoose: Dynamoose,
  { stage }: Pick<OutboxEvent, 'stage'> = {},
): (event: Omit<OutboxEvent, 'stage'>) => MarshalledOutboxItem {
  const name = outboxTable(stage);
  const schema = new dynamoose.Schema({
    orderingKey: { type: String, hashKey: true },
    id: { type: String, rangeKey: true },
  });
  // Both were made by Dynamoose itself. Its own types are not named here, so that it is no dependency.
  const model = dynamoose.model(name, schema as never) as never;
  const options = { create: false, update: false, waitForActive: false, prefix: '', suffix: '' } as const;
  new dynamoose.Table(name, [model], options);
  return (event) => marshalledOutboxItem({ ...event, stage });
}
