import type { Item, ItemChange, Operation } from '@posthorn/change-events';
import { type DecodedRecord, type RowChange, UnusableData } from '@posthorn/core';
import type { StreamImage } from '@posthorn/models/stream-images';
import { decodeRecord, type StreamRecord } from '@posthorn/models/stream-records';

/** The change of an item of one of the user's tables, in the place of a row. */
export interface ItemRow {
  readonly streamArn: string;
  readonly keys: Item;
  readonly item: Item;
}

const bothImages = 'NEW_AND_OLD_IMAGES';

/** Decodes records of the streams of the user's tables. */
export const decodeItemRecords = (records: readonly StreamRecord[]): readonly DecodedRecord<ItemRow>[] =>
  records.map((record) => {
    const { eventSourceARN: streamArn = '', dynamodb } = record;
    return decodeRecord(record, (image) => {
      const { StreamViewType: view = bothImages, Keys } = dynamodb ?? {};
      if (view !== bothImages)
        throw new UnusableData(`the stream has the view type ${view}. Give the table a stream with ${bothImages}`);
      if (Keys === undefined || streamArn === '') throw new UnusableData('stream record has no Keys or no ARN');
      return { streamArn, keys: toItem(Keys), item: toItem(image) };
    });
  });

/** Lambda's event is JSON: its binary values are base64, never bytes. */
const toItem = (image: StreamImage): Item => image as Item;

/** The change as the rules need it. */
export function toItemChange(change: RowChange<ItemRow>): ItemChange {
  const { sequenceNumber, changedAt } = change;
  const of = (operation: Operation, { streamArn, keys }: ItemRow) => ({
    streamArn,
    sequenceNumber,
    changedAt,
    operation,
    keys,
  });
  switch (change.kind) {
    case 'inserted':
      return { ...of('insert', change.new), new: change.new.item };
    case 'updated':
      return { ...of('update', change.new), new: change.new.item, old: change.old.item };
    case 'removed':
      return { ...of(change.by === 'expiry' ? 'expire' : 'remove', change.old), old: change.old.item };
  }
}
