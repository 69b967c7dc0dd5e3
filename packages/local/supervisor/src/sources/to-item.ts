import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from '@posthorn/change-events';

type Value = Item[string];

/** An item of the SDK, with binary values as base64. */
export const toItem = (item: Readonly<Record<string, AttributeValue>>): Item =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toValue(value)]));

function toValue(value: AttributeValue): Value {
  if (value.B !== undefined) return { B: toBase64(value.B) };
  if (value.BS !== undefined) return { BS: value.BS.map(toBase64) };
  if (value.M !== undefined) return { M: toItem(value.M) };
  if (value.L !== undefined) return { L: value.L.map(toValue) };
  const { S, N, BOOL, NULL, SS, NS } = value;
  const members = Object.entries({ S, N, BOOL, NULL, SS, NS }).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members);
}

const toBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** A key of a table: texts, numbers and bytes. */
export const toKey = (key: Item): Record<string, AttributeValue> =>
  Object.fromEntries(
    Object.entries(key).map(([name, { S, N, B }]): [string, AttributeValue] => {
      if (S !== undefined) return [name, { S }];
      return [name, N !== undefined ? { N } : { B: Buffer.from(B ?? '', 'base64') }];
    }),
  );
