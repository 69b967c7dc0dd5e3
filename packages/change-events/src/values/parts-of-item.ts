import type { Item, Value } from './value.ts';

/** A path of names. In a list it stands for all elements. */
export type Names = readonly string[];

/** The text in the place of a value that must not leave the table. */
const redacted = '[redacted]';

/** The part of an item that is at any of the paths. Elements of lists keep only their selected members. */
export function pickParts(item: Item, paths: readonly Names[]): Item {
  return select(item, paths, (value, below) => {
    if (below.some((path) => path.length === 0)) return value;
    if (value.M) return { M: pickParts(value.M, below) };
    if (value.L) return { L: value.L.map((element) => (element.M ? { M: pickParts(element.M, below) } : element)) };
    return undefined;
  });
}

function select(
  item: Item,
  paths: readonly Names[],
  pick: (value: Value, below: readonly Names[]) => Value | undefined,
): Item {
  const entries = Object.entries(item).flatMap(([name, value]): [string, Value][] => {
    const below = belowName(paths, name);
    const picked = below.length === 0 ? undefined : pick(value, below);
    return picked === undefined ? [] : [[name, picked]];
  });
  return Object.fromEntries(entries);
}

/** The item with a fixed text for each value at one of the paths. */
export function redactParts(item: Item, paths: readonly Names[]): Item {
  if (paths.length === 0) return item;
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, redactValue(value, belowName(paths, name))]),
  );
}

function redactValue(value: Value, below: readonly Names[]): Value {
  if (below.length === 0) return value;
  if (below.some((path) => path.length === 0)) return { S: redacted };
  if (value.M) return { M: redactParts(value.M, below) };
  if (value.L) return { L: value.L.map((element) => redactValue(element, below)) };
  return value;
}

/** What is left of the paths that begin with this name. */
const belowName = (paths: readonly Names[], name: string): readonly Names[] =>
  paths.filter(([first]) => first === name).map((path) => path.slice(1));
