import type { AttributeValue, Item } from '../values.ts';
import { compareNumbers } from './decimal.ts';
import { type DocumentPath, isPath, valueAt } from './document-path.ts';
import { isSameValue } from './same-item.ts';

/** An operand from dynalite's parser: a value, a path, or the size of one. */
export type Operand = DocumentPath | AttributeValue | SizeCall;

interface SizeCall {
  readonly type: 'function';
  readonly name: 'size';
  readonly args: readonly [Operand];
}

type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** A condition or filter from dynalite's parser. */
export type Condition =
  | { readonly type: 'and' | 'or'; readonly args: readonly [Condition, Condition] }
  | { readonly type: 'not'; readonly args: readonly [Condition] }
  | { readonly type: Comparator | 'between' | 'in'; readonly args: readonly Operand[] }
  | { readonly type: 'function'; readonly name: string; readonly args: readonly Operand[] };

/** Returns whether an item meets a condition. If there is no item, pass `{}`. */
export function meets(item: Item, condition: Condition): boolean {
  switch (condition.type) {
    case 'and':
      return condition.args.every((one) => meets(item, one));
    case 'or':
      return condition.args.some((one) => meets(item, one));
    case 'not':
      return !meets(item, condition.args[0]);
    case 'function':
      return holds(
        condition.name,
        condition.args.map((operand) => resolve(item, operand)),
      );
    default:
      return compares(
        condition.type,
        condition.args.map((operand) => resolve(item, operand)),
      );
  }
}

type Found = AttributeValue | undefined;

export const isSize = (operand: Operand): operand is SizeCall => !isPath(operand) && 'type' in operand;

function resolve(item: Item, operand: Operand): Found {
  if (isPath(operand)) return valueAt(item, operand);
  return isSize(operand) ? sizeOf(resolve(item, operand.args[0])) : operand;
}

/**
 * Returns the result of `size`. For a string it is the length in UTF-16, as in Java. Numbers and booleans have no size.
 */
function sizeOf(value: Found): Found {
  const size = countOf(value);
  return size === undefined ? undefined : { N: String(size) };
}

function countOf({ S, B, M, ...lists }: AttributeValue = {}): number | undefined {
  if (S !== undefined) return S.length;
  if (B !== undefined) return Buffer.byteLength(B, 'base64');
  if (M !== undefined) return Object.keys(M).length;
  return (lists.L ?? lists.SS ?? lists.NS ?? lists.BS)?.length;
}

function compares(type: Comparator | 'between' | 'in', [first, ...others]: readonly Found[]): boolean {
  const [second, third] = others;
  switch (type) {
    case '=':
      return isSame(first, second);
    case '<>':
      return !isSame(first, second);
    case 'in':
      return others.some((other) => isSame(first, other));
    case 'between':
      return isOrdered(first, second, (order) => order >= 0) && isOrdered(first, third, (order) => order <= 0);
    case '<':
      return isOrdered(first, second, (order) => order < 0);
    case '<=':
      return isOrdered(first, second, (order) => order <= 0);
    case '>':
      return isOrdered(first, second, (order) => order > 0);
    case '>=':
      return isOrdered(first, second, (order) => order >= 0);
  }
}

const isSame = (one: Found, other: Found): boolean =>
  one !== undefined && other !== undefined && isSameValue(one, other);

/** Returns false for values of different types, and for types without an order. */
function isOrdered(one: Found, other: Found, wanted: (order: number) => boolean): boolean {
  const order = compareValues(one ?? {}, other ?? {});
  return order !== undefined && wanted(order);
}

/** Compares numbers by value, strings by their UTF-8 bytes, and binary values as unsigned bytes. */
export function compareValues(one: AttributeValue, other: AttributeValue): number | undefined {
  if (one.N !== undefined && other.N !== undefined) return compareNumbers(one.N, other.N);
  if (one.S !== undefined && other.S !== undefined) return Buffer.compare(Buffer.from(one.S), Buffer.from(other.S));
  if (one.B !== undefined && other.B !== undefined) return Buffer.compare(bytesOf(one.B), bytesOf(other.B));
  return undefined;
}

const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64');

function holds(name: string, [first, second]: readonly Found[]): boolean {
  switch (name) {
    case 'attribute_exists':
      return first !== undefined;
    case 'attribute_not_exists':
      return first === undefined;
    case 'attribute_type':
      return first !== undefined && second?.S !== undefined && Object.hasOwn(first, second.S);
    case 'begins_with':
      return beginsWith(first ?? {}, second ?? {});
    case 'contains':
      return contains(first ?? {}, second);
    default:
      throw new RangeError(`no function ${name}`);
  }
}

function beginsWith(whole: AttributeValue, start: AttributeValue): boolean {
  if (whole.S !== undefined && start.S !== undefined) return whole.S.startsWith(start.S);
  if (whole.B === undefined || start.B === undefined) return false;
  const wanted = bytesOf(start.B);
  return bytesOf(whole.B).subarray(0, wanted.length).equals(wanted);
}

/** Returns whether a string or binary value contains a part, or a set or list contains a member. */
function contains(whole: AttributeValue, part: Found): boolean {
  if (part === undefined) return false;
  if (whole.L !== undefined) return whole.L.some((element) => isSameValue(element, part));
  if (part.S !== undefined) return (whole.S ?? whole.SS)?.includes(part.S) ?? false;
  if (part.N !== undefined) return whole.NS?.includes(part.N) ?? false;
  if (part.B === undefined) return false;
  return whole.B === undefined ? (whole.BS?.includes(part.B) ?? false) : bytesOf(whole.B).includes(bytesOf(part.B));
}
