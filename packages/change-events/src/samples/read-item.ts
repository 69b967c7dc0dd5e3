import type { Item, Value } from '../values/value.ts';

const types = ['S', 'N', 'B', 'BOOL', 'NULL', 'L', 'M', 'SS', 'NS', 'BS'];

/** The digits of a number in a JSON text. */
class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Reads an item from JSON: with DynamoDB's types (`{"id":{"S":"1"}}`), as AWS's tools print it, or plain (`{"id":"1"}`).
 * Numbers are kept digit by digit.
 *
 * @throws SyntaxError if the text is not JSON, or no object
 */
export function readItem(text: string): Item {
  const value: unknown = JSON.parse(text, (_, parsed: unknown, context?: { readonly source?: string }) =>
    typeof parsed === 'number' ? new JsonNumber(context?.source ?? String(parsed)) : parsed,
  );
  if (!isObject(value)) throw new SyntaxError('an item must be a JSON object');
  const isTyped = Object.values(value).every(isTypedValue);
  // Every member has one member with the name of a type.
  return isTyped ? (value as Item) : toItem(value);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);

function isTypedValue(value: unknown): boolean {
  if (!isObject(value)) return false;
  const [name, ...others] = Object.keys(value);
  return name !== undefined && others.length === 0 && types.includes(name);
}

const toItem = (members: Readonly<Record<string, unknown>>): Item =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [name, toValue(value)]));

function toValue(value: unknown): Value {
  if (value instanceof JsonNumber) return { N: value.text };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (Array.isArray(value)) return { L: value.map(toValue) };
  return isObject(value) ? { M: toItem(value) } : { NULL: true };
}
