import type { AttributeValue, Item } from '../values.ts';

/** Returns whether two items have the same attributes with the same values. The order in sets does not count. */
export function isSameItem(one: Item, other: Item): boolean {
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => {
    const [value, otherValue] = [one[name], other[name]];
    return value !== undefined && otherValue !== undefined && isSameValue(value, otherValue);
  });
}

export function isSameValue(one: AttributeValue, other: AttributeValue): boolean {
  if (one.M !== undefined) return other.M !== undefined && isSameItem(one.M, other.M);
  if (one.L !== undefined) return other.L !== undefined && isSameList(one.L, other.L);
  for (const type of ['SS', 'NS', 'BS'] as const) {
    const [set, otherSet] = [one[type], other[type]];
    if (set !== undefined) return otherSet !== undefined && isSameSet(set, otherSet);
  }
  const [type] = Object.keys(one) as readonly (keyof AttributeValue)[];
  return type !== undefined && one[type] === other[type];
}

const isSameList = (one: readonly AttributeValue[], other: readonly AttributeValue[]): boolean =>
  one.length === other.length &&
  one.every((value, index) => {
    const otherValue = other[index];
    return otherValue !== undefined && isSameValue(value, otherValue);
  });

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  const members = new Set(other);
  return one.length === other.length && one.every((member) => members.has(member));
}
