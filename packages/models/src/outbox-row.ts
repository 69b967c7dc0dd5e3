import { ForeignRow, ifPresent, instantOf, type Row, textOf, withoutAbsent } from './rows/row.ts';

/** A row of the outbox: an event that another program has put there in a transaction of its own. */
export interface OutboxRow {
  /** The caller's ordering key. Rows with the same one are accepted in the order in which they were put. */
  readonly orderingKey: string;
  /** Unique for the ordering key and time. */
  readonly id: string;
  /** When the caller made the row. Together with the key it makes the message id, so that a row is one message. */
  readonly createdAt: Date;
  /** The organisation of the application, if the row names one. */
  readonly organisationId?: string;
  /** The application by id or uid. */
  readonly application: string;
  readonly eventType: string;
  /** The JSON text that is signed and sent, byte for byte. */
  readonly payload: string;
  readonly eventId?: string;
  readonly channels: readonly string[];
  readonly tags: readonly string[];
}

/**
 * Reads a row of the outbox. Other programs write it, so nothing of it is certain.
 *
 * @throws UnusableData if an attribute is missing or has another type
 */
export function readOutboxRow(given: Row): OutboxRow {
  const row = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  return {
    orderingKey: textOf(row, 'orderingKey'),
    id: textOf(row, 'id'),
    createdAt: instantOf(row, 'createdAt'),
    ...withoutAbsent({
      organisationId: ifPresent(row, 'organisation', textOf),
      eventId: ifPresent(row, 'eventId', textOf),
    }),
    application: textOf(row, 'application'),
    eventType: textOf(row, 'eventType'),
    payload: textOf(row, 'payload'),
    channels: listOf(row, 'channels'),
    tags: listOf(row, 'tags'),
  };
}

/** Some clients write an array as a list, others write a set. */
function listOf(row: Row, attribute: string): readonly string[] {
  const value = row[attribute] ?? [];
  const list: readonly unknown[] = value instanceof Set ? [...value] : Array.isArray(value) ? value : [undefined];
  return list.map((text) => {
    if (typeof text !== 'string') throw new ForeignRow(attribute);
    return text;
  });
}
