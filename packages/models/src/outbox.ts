import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { DecodedRecord } from '@posthorn/core';
import { type OutboxRow, readOutboxRow } from './outbox-row.ts';
import { toItem } from './rows/row.ts';
import type { Store } from './store.ts';
import { readStreamRow } from './stream-images.ts';
import { decodeRecord, type StreamRecord } from './stream-records.ts';

export type { OutboxRow } from './outbox-row.ts';

/** The outbox, as far as its trigger uses it. Other programs write it. */
export interface Outbox {
  /** Removes the row of an accepted message. It is no error if the row is already gone. */
  remove(row: Pick<OutboxRow, 'orderingKey' | 'id'>): Promise<void>;
}

export function createOutbox({ client, stage }: Store): Outbox {
  const TableName = tableName(stage, 'outbox');
  return {
    async remove({ orderingKey, id }) {
      await client.send(new DeleteItemCommand({ TableName, Key: toItem({ orderingKey, id }) }));
    },
  };
}

/**
 * Decodes records of the outbox's stream. A row that is put over another one is a new row. Removals are left out: they
 * are the trigger's own.
 */
export const decodeOutboxRecords = (records: readonly StreamRecord[]): readonly DecodedRecord<OutboxRow>[] =>
  records
    .filter(({ eventName }) => eventName !== 'REMOVE')
    .map((record) => (record.eventName === 'MODIFY' ? { ...record, eventName: 'INSERT' } : record))
    .map((record) => decodeRecord(record, (image) => readOutboxRow(readStreamRow(image))));
