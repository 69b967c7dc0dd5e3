import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { toAttributeValue } from './attribute-value.ts';

/** DynamoDB accepts at most this many values in one IN. */
const maxInValues = 100;

/** Collects the names and values of an expression's placeholders. */
export interface Placeholders {
  name(attribute: string): string;
  value(value: string | number | boolean): string;
  /** The names and values to send with the expressions. */
  given(): {
    readonly ExpressionAttributeNames: Record<string, string>;
    readonly ExpressionAttributeValues: Record<string, AttributeValue>;
  };
}

export function createPlaceholders(): Placeholders {
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {};
  let count = 0;
  return {
    name: (attribute) => {
      const placeholder = `#${attribute}`;
      names[placeholder] = attribute;
      return placeholder;
    },
    value: (value) => {
      const placeholder = `:v${count}`;
      count += 1;
      values[placeholder] = toAttributeValue(value);
      return placeholder;
    },
    given: () => ({ ExpressionAttributeNames: names, ExpressionAttributeValues: values }),
  };
}

/** A condition on a row, in DynamoDB's syntax. */
export type RowCondition = (placeholders: Placeholders) => string;

type Comparison = '=' | '<' | '<=' | '>' | '>=';

export const compares =
  (attribute: string, comparison: Comparison, value: string | number | boolean): RowCondition =>
  ({ name, value: place }) =>
    `${name(attribute)} ${comparison} ${place(value)}`;

export const holds =
  (attribute: string, member: string): RowCondition =>
  ({ name, value }) =>
    `contains(${name(attribute)}, ${value(member)})`;

export const startsWith =
  (attribute: string, start: string): RowCondition =>
  ({ name, value }) =>
    `begins_with(${name(attribute)}, ${value(start)})`;

/** Whether the attribute has one of the values. False if there are no values. */
export const isOneOf =
  (attribute: string, allowed: readonly string[]): RowCondition =>
  (placeholders) => {
    const { name, value } = placeholders;
    if (allowed.length === 0) return `attribute_not_exists(${name(attribute)})`;
    const groups = Array.from({ length: Math.ceil(allowed.length / maxInValues) }, (_, index) =>
      allowed.slice(index * maxInValues, (index + 1) * maxInValues),
    );
    return `(${groups.map((group) => `${name(attribute)} IN (${group.map(value).join(', ')})`).join(' OR ')})`;
  };

/** Joins the given conditions with AND; leaves out undefined ones. */
export const allOf =
  (conditions: readonly (RowCondition | undefined)[]): RowCondition =>
  (placeholders) =>
    conditions.flatMap((condition) => (condition ? [condition(placeholders)] : [])).join(' AND ');
