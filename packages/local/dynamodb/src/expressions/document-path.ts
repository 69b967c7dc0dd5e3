import type { AttributeValue, Item } from '../values.ts';

/** The path of a value in an item: an attribute's name, then member names of maps and indexes of lists. */
export type DocumentPath = readonly [string, ...(string | number)[]];

/** Returns whether a parsed operand is a path. Only paths are arrays. */
export const isPath = (operand: object): operand is DocumentPath => Array.isArray(operand);

/** Returns the value at the path, if there is one. */
export function valueAt(item: Item, path: DocumentPath): AttributeValue | undefined {
  let value: AttributeValue | undefined = { M: item };
  for (const step of path) {
    value = stepInto(value, step);
    if (value === undefined) return undefined;
  }
  return value;
}

const stepInto = ({ L, M }: AttributeValue, step: string | number): AttributeValue | undefined => {
  if (typeof step === 'number') return L?.[step];
  return M !== undefined && Object.hasOwn(M, step) ? M[step] : undefined;
};

/** A part of an item while it is built. Lists may have gaps, which are closed at the end. */
interface Part {
  value?: AttributeValue;
  members?: Map<string, Part>;
  elements?: Map<number, Part>;
}

/**
 * Returns the parts of the item at the paths. Maps have only these members, and lists only these elements, in order.
 */
export function projectItem(item: Item, paths: readonly DocumentPath[]): Item {
  const root: Part = {};
  for (const path of paths) {
    const value = valueAt(item, path);
    if (value === undefined) continue;
    let part = root;
    for (const step of path) part = partAt(part, step);
    part.value = value;
  }
  return toValue(root).M ?? {};
}

function partAt(part: Part, step: string | number): Part {
  if (typeof step === 'number') {
    part.elements ??= new Map();
    return getOrMake(part.elements, step);
  }
  part.members ??= new Map();
  return getOrMake(part.members, step);
}

function getOrMake<Step>(parts: Map<Step, Part>, step: Step): Part {
  const found = parts.get(step) ?? {};
  parts.set(step, found);
  return found;
}

function toValue({ value, members, elements }: Part): AttributeValue {
  if (value !== undefined) return value;
  if (elements === undefined)
    return { M: Object.fromEntries([...(members ?? [])].map(([name, part]) => [name, toValue(part)])) };
  const inOrder = [...elements].sort(([one], [other]) => one - other);
  return { L: inOrder.map(([, part]) => toValue(part)) };
}
