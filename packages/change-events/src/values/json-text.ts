import { UnusableData } from '@posthorn/core';
import { isDecimal } from './decimal.ts';
import type { Item, Value } from './value.ts';

/**
 * How values are written: `plain` as JSON of their own kind (sets as arrays, binary values as base64), or `dynamodb` with
 * DynamoDB's types (`{"N":"1"}`).
 */
export type JsonForm = 'plain' | 'dynamodb';

/**
 * The JSON text of an item. Numbers are never parsed: what DynamoDB has is what is written, with up to 38 digits.
 *
 * @throws UnusableData if a number is none
 */
export const itemText = (item: Item, form: JsonForm): string =>
  form === 'plain' ? mapText(item) : JSON.stringify(item);

/** The JSON text of a value. @throws UnusableData if a number is none */
export const valueText = (value: Value, form: JsonForm): string =>
  form === 'plain' ? plainText(value) : JSON.stringify(value);

/** DynamoDB nests at most 32 levels deep, so this may recurse. */
function plainText({ S, N, B, BOOL, L, M, SS, NS, BS }: Value): string {
  if (S !== undefined) return JSON.stringify(S);
  if (N !== undefined) return numberText(N);
  if (BOOL !== undefined) return String(BOOL);
  if (M !== undefined) return mapText(M);
  if (L !== undefined) return listText(L.map(plainText));
  if (B !== undefined) return JSON.stringify(B);
  if (SS !== undefined) return listText(SS.map((text) => JSON.stringify(text)));
  if (NS !== undefined) return listText(NS.map(numberText));
  if (BS !== undefined) return listText(BS.map((text) => JSON.stringify(text)));
  return 'null';
}

const mapText = (item: Item): string =>
  `{${Object.entries(item)
    .map(([name, value]) => `${JSON.stringify(name)}:${plainText(value)}`)
    .join(',')}}`;

const listText = (texts: readonly string[]): string => `[${texts.join(',')}]`;

function numberText(text: string): string {
  if (!isDecimal(text)) throw new UnusableData('the item has a number that is not written as one');
  return text;
}
