import { compareDecimals } from '../values/decimal.ts';
import { findValues } from '../values/path.ts';
import type { Item, Value } from '../values/value.ts';
import type { NumericRange, Pattern, Test } from './pattern.ts';

/** What a condition is about. */
export interface Images {
  readonly new?: Item | undefined;
  readonly old?: Item | undefined;
  readonly keys: Item;
}

/** Whether a change matches a condition. A list or a set matches if one of its elements does. */
export function matchesPattern(pattern: Pattern, images: Images): boolean {
  switch (pattern.kind) {
    case 'all':
      return pattern.of.every((one) => matchesPattern(one, images));
    case 'any':
      return pattern.of.some((one) => matchesPattern(one, images));
    case 'value': {
      const [root = '', ...path] = pattern.path;
      const found = findValues(imageOf(images, root), path);
      return pattern.anyOf.some((test) => passes(test, found));
    }
  }
}

function imageOf(images: Images, root: string): Item | undefined {
  if (root === 'keys') return images.keys;
  return root === 'old' ? images.old : images.new;
}

function passes(test: Test, found: readonly Value[]): boolean {
  if (test.kind === 'exists') return found.length > 0 === test.is;
  const elements = found.flatMap(elementsOf);
  if (test.kind !== 'anything-but') return elements.some((value) => passesOne(test, value));
  return found.length > 0 && !elements.some((value) => test.tests.some((one) => passesOne(one, value)));
}

function elementsOf(value: Value): readonly Value[] {
  if (value.L) return value.L;
  const set = value.SS?.map((S) => ({ S })) ?? value.NS?.map((N) => ({ N })) ?? value.BS?.map((B) => ({ B }));
  return set ?? [value];
}

function passesOne(test: Test, value: Value): boolean {
  switch (test.kind) {
    case 'text':
      return textOf(value) === test.text;
    case 'number':
      return value.N !== undefined && compareDecimals(value.N, test.number) === 0;
    case 'boolean':
      return value.BOOL === test.is;
    case 'null':
      return value.NULL === true;
    case 'prefix':
      return textOf(value)?.startsWith(test.text) === true;
    case 'suffix':
      return textOf(value)?.endsWith(test.text) === true;
    case 'equals-ignore-case':
      return textOf(value)?.toLowerCase() === test.text.toLowerCase();
    case 'wildcard':
      return matchesWildcard(textOf(value), test.text);
    case 'numeric':
      return value.N !== undefined && test.ranges.every((range) => isInRange(value.N ?? '', range));
    case 'exists':
      return test.is;
    case 'anything-but':
      return !test.tests.some((one) => passesOne(one, value));
  }
}

/** Binary values are compared as base64. */
const textOf = ({ S, B }: Value): string | undefined => S ?? B;

/** `*` stands for any characters. Each part is looked for once, so the time is bounded by the text. */
function matchesWildcard(text: string | undefined, wildcard: string): boolean {
  const [first = '', ...rest] = wildcard.split('*');
  const last = rest.pop();
  if (text === undefined || last === undefined) return text === wildcard;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return from <= text.length - last.length;
}

function isInRange(text: string, { comparison, number }: NumericRange): boolean {
  const order = compareDecimals(text, number);
  switch (comparison) {
    case '=':
      return order === 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}
