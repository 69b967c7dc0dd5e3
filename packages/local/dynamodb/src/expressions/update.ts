import { validationFailure } from '../failure.ts';
import { setMember } from '../members.ts';
import type { AttributeValue, Item } from '../values.ts';
import { addNumbers, subtractNumbers } from './decimal.ts';
import { type DocumentPath, isPath, valueAt } from './document-path.ts';
import { checkNumber } from './number-limits.ts';

/** The right side of an assignment, from dynalite's parser. */
export type Source =
  | DocumentPath
  | AttributeValue
  | { readonly type: 'add' | 'subtract'; readonly args: readonly [Source, Source] }
  | {
      readonly type: 'function';
      readonly name: 'if_not_exists' | 'list_append';
      readonly args: readonly [Source, Source];
    };

/** One action of an update expression, from dynalite's parser. */
export type Action =
  | { readonly type: 'set'; readonly path: DocumentPath; readonly val: Source }
  | { readonly type: 'remove'; readonly path: DocumentPath }
  | { readonly type: 'add' | 'delete'; readonly path: DocumentPath; readonly val: AttributeValue };

/** A part of an item that is modified in place. Removed elements leave a gap, so that the others keep their index. */
interface Draft {
  readonly M?: Record<string, AttributeValue | undefined>;
  readonly L?: (AttributeValue | undefined)[];
}

const wrongType = () => validationFailure('An operand in the update expression has an incorrect data type');
const wrongPath = () => validationFailure('The document path provided in the update expression is invalid for update');
const missing = () =>
  validationFailure('The provided expression refers to an attribute that does not exist in the item');

/**
 * Applies the actions of an update expression to an item. Operands and list indexes always refer to the old item, not
 * to the result of other actions.
 *
 * @throws RequestFailure when an operand or path does not fit the item
 */
export function updateItem(old: Item, actions: readonly Action[]): Item {
  for (const { path } of actions) parentOf(old, path);
  const results = actions.map((action) => resultOf(old, action));
  const next: Record<string, AttributeValue | undefined> = { ...old };
  for (const { path } of actions) if (path.length > 1) setMember(next, path[0], structuredClone(old[path[0]]));
  const lists = new Set<NonNullable<Draft['L']>>();
  actions.forEach(({ path }, index) => {
    const { M, L } = parentOf(next, path);
    const last = path.at(-1);
    const result = results[index];
    if (M !== undefined && typeof last === 'string') {
      if (result === undefined) delete M[last];
      else setMember(M, last, result);
    }
    if (L === undefined || typeof last !== 'number') return;
    L[last] = result;
    lists.add(L);
  });
  for (const list of lists) list.splice(0, list.length, ...list.filter((element) => element !== undefined));
  // No member is undefined any more: removed ones were deleted.
  return next as Item;
}

/** Returns the new value at the path, or nothing if it is removed. */
function resultOf(old: Item, action: Action): AttributeValue | undefined {
  const current = valueAt(old, action.path);
  switch (action.type) {
    case 'set':
      return evaluate(old, action.val);
    case 'remove':
      return undefined;
    case 'add':
      return add(current, action.val);
    case 'delete':
      return current === undefined ? undefined : subtractSet(current, action.val);
  }
}

/** @throws RequestFailure if there is no map or list for the last step of the path */
function parentOf(item: Draft['M'] & {}, path: DocumentPath): Draft {
  if (path.length === 1) return { M: item };
  const [head, ...rest] = path;
  // Removed members do not matter here, because the paths of two actions never overlap.
  const parent = valueAt(item as Item, [head, ...rest.slice(0, -1)]) as Draft | undefined;
  const fits = typeof rest.at(-1) === 'number' ? parent?.L : parent?.M;
  if (parent === undefined || fits === undefined) throw wrongPath();
  return parent;
}

function evaluate(old: Item, source: Source): AttributeValue {
  if (isPath(source)) {
    const value = valueAt(old, source);
    if (value === undefined) throw missing();
    return value;
  }
  if (!isCall(source)) return source;
  const [first, second] = source.args;
  if ('name' in source && source.name === 'if_not_exists') {
    // The default is always evaluated, because it must exist.
    const otherwise = evaluate(old, second);
    return (isPath(first) ? valueAt(old, first) : undefined) ?? otherwise;
  }
  if (source.type === 'function') return { L: [...listAt(old, first), ...listAt(old, second)] };
  const [left, right] = [numberAt(old, first), numberAt(old, second)];
  return checkNumber(source.type === 'add' ? addNumbers(left, right) : subtractNumbers(left, right));
}

function listAt(old: Item, source: Source): readonly AttributeValue[] {
  const { L } = evaluate(old, source);
  if (L === undefined) throw wrongType();
  return L;
}

function numberAt(old: Item, source: Source): string {
  const { N } = evaluate(old, source);
  if (N === undefined) throw wrongType();
  return N;
}

type Call = Extract<Source, { readonly args: unknown }>;
const isCall = (source: Source): source is Call => 'args' in source;

function add(current: AttributeValue | undefined, value: AttributeValue): AttributeValue {
  if (current === undefined) return value;
  if (value.N !== undefined) {
    if (current.N === undefined) throw wrongType();
    return checkNumber(addNumbers(current.N, value.N));
  }
  const type = setTypes.find((one) => value[one] !== undefined && current[one] !== undefined);
  if (type === undefined) throw wrongType();
  return { [type]: [...new Set([...(current[type] ?? []), ...(value[type] ?? [])])] };
}

/** Removes members from a set. A set is never empty: without members the attribute is removed. */
function subtractSet(current: AttributeValue, value: AttributeValue): AttributeValue | undefined {
  const type = setTypes.find((one) => value[one] !== undefined && current[one] !== undefined);
  if (type === undefined) throw wrongType();
  const gone = new Set(value[type]);
  const rest = (current[type] ?? []).filter((member) => !gone.has(member));
  return rest.length === 0 ? undefined : { [type]: rest };
}

const setTypes = ['SS', 'NS', 'BS'] as const;
