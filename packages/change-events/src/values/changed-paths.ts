import type { Path } from './path.ts';
import { isSameValue } from './same-value.ts';
import type { Item } from './value.ts';

/**
 * The paths at which two versions of an item differ, in the order of the new one. Maps are compared member by member;
 * lists and sets as a whole.
 */
export function changedPaths(old: Item = {}, next: Item = {}, above: Path = []): readonly Path[] {
  const names = new Set([...Object.keys(next), ...Object.keys(old)]);
  return [...names].flatMap((name) => {
    const [before, after] = [own(old, name), own(next, name)];
    const path = [...above, name];
    if (before?.M && after?.M) return changedPaths(before.M, after.M, path);
    return isSameValue(before, after) ? [] : [path];
  });
}

const own = (item: Item, name: string) => (Object.hasOwn(item, name) ? item[name] : undefined);
