import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { UnusableData } from '@posthorn/core';
import { fromAttributeValue, toAttributeValue } from './attribute-value.ts';

/** A row's attributes as plain values. */
export type Row = Readonly<Record<string, unknown>>;

/** A row that this package did not write, or wrote in another format. */
export class ForeignRow extends UnusableData {
  constructor(attribute: string) {
    super(`row has an invalid attribute: ${attribute}`);
    this.name = 'ForeignRow';
  }
}

/** A row in DynamoDB's format. Absent values are left out. */
export function toItem(row: Row): Record<string, AttributeValue> {
  const item: Record<string, AttributeValue> = {};
  for (const name of Object.keys(row)) if (row[name] !== undefined) item[name] = toAttributeValue(row[name]);
  return item;
}

/** Reads a row from DynamoDB's format. */
export function toRow(item: Readonly<Record<string, AttributeValue>>): Row {
  const row: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(item)) row[name] = fromAttributeValue(value);
  return row;
}

export function textOf(row: Row, attribute: string): string {
  const value = row[attribute];
  if (typeof value !== 'string') throw new ForeignRow(attribute);
  return value;
}

export function numberOf(row: Row, attribute: string): number {
  const value = row[attribute];
  if (typeof value !== 'number') throw new ForeignRow(attribute);
  return value;
}

export function flagOf(row: Row, attribute: string): boolean {
  const value = row[attribute];
  if (typeof value !== 'boolean') throw new ForeignRow(attribute);
  return value;
}

/** A list of texts. Empty if absent. */
export function textsOf(row: Row, attribute: string): readonly string[] {
  const value = row[attribute] ?? [];
  if (!Array.isArray(value) || !value.every((text) => typeof text === 'string')) throw new ForeignRow(attribute);
  return value;
}

export function instantOf(row: Row, attribute: string): Date {
  const instant = new Date(textOf(row, attribute));
  if (Number.isNaN(instant.getTime())) throw new ForeignRow(attribute);
  return instant;
}

export function oneOf<Text extends string>(row: Row, attribute: string, allowed: readonly Text[]): Text {
  const found = allowed.find((text) => text === row[attribute]);
  if (found === undefined) throw new ForeignRow(attribute);
  return found;
}

/** Returns the result of `read` if the attribute is present. */
export const ifPresent = <Value>(
  row: Row,
  attribute: string,
  read: (row: Row, attribute: string) => Value,
): Value | undefined => (row[attribute] === undefined ? undefined : read(row, attribute));

/** The object without its undefined fields. */
export function withoutAbsent<Fields extends object>(fields: Fields): PresentFields<Fields> {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  // Only undefined fields were left out, and the result type makes exactly those optional.
  return Object.fromEntries(present) as PresentFields<Fields>;
}

type OptionalNames<Fields> = { [Name in keyof Fields]: undefined extends Fields[Name] ? Name : never }[keyof Fields];
type PresentFields<Fields> = Omit<Fields, OptionalNames<Fields>> & {
  [Name in OptionalNames<Fields>]?: Exclude<Fields[Name], undefined>;
};

/** A list as it is stored in a row: an empty list is left out. */
export const unlessEmpty = (texts: readonly string[]): readonly string[] | undefined =>
  texts.length === 0 ? undefined : texts;
