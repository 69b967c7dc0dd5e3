import { matchesPattern } from '../patterns/matches-pattern.ts';
import type { Pattern, Test } from '../patterns/pattern.ts';
import type { ItemChange } from '../rules/item-change.ts';
import type { ChangeSource, Operation, Rule } from '../rules/source.ts';
import type { Template } from '../templates/template.ts';
import type { Path } from '../values/path.ts';
import type { Item, Value } from '../values/value.ts';

/** What a sample is made of, as far as the caller gives it. */
export interface SampleParts {
  readonly operation?: Operation;
  /** Made up from the rule if absent. */
  readonly item?: Item;
  /** The version before an update. */
  readonly old?: Item;
  /** Names of the key attributes. */
  readonly keys?: readonly string[];
}

const arnOf = (tableName: string) => `arn:aws:dynamodb:sample:0:table/${tableName}/stream/sample`;

/** A change that a rule could see: with the given item, or with one that has what the rule asks for. */
export function sampleChange(
  { tableName, application }: ChangeSource,
  rule: Rule,
  parts: SampleParts = {},
): ItemChange {
  const { operation = rule.on[0] ?? 'insert', keys: keyNames } = parts;
  const made = makeUp(rule, application);
  const item = parts.item ?? made.item;
  const [firstName = 'id'] = Object.keys(item);
  const keys = Object.fromEntries((keyNames ?? [firstName]).map((name) => [name, item[name] ?? { S: 'sample' }]));
  const change = {
    streamArn: arnOf(tableName),
    sequenceNumber: '1',
    changedAt: new Date('2026-01-01T00:00:00Z'),
    operation,
    keys,
  };
  switch (operation) {
    case 'insert':
      return { ...change, new: item };
    case 'update':
      return { ...change, new: item, old: parts.old ?? (parts.item ? { ...parts.item, ...made.before } : made.old) };
    default:
      return { ...change, old: item };
  }
}

interface MadeUp {
  readonly item: Item;
  readonly old: Item;
  /** The attributes that differ before an update. */
  readonly before: Item;
}

function makeUp(rule: Rule, application: ChangeSource['application']): MadeUp {
  const templates = [rule.eventType, rule.orderingKey ?? [], ...rule.channels, ...rule.tags];
  const paths = [
    ...('attribute' in application ? [application.attribute] : []),
    ...(rule.payload.attributes ?? []),
    ...templates.flatMap(pathsOf),
  ];
  const tests = rule.when ? testsOf(rule.when) : [];
  const wanted = (image: string) => tests.filter(({ path }) => path[0] === image || path[0] === 'keys');
  const entries = (image: string): readonly (readonly [Path, Value])[] => [
    ...paths.map((path): readonly [Path, Value] => [path, { S: 'sample' }]),
    ...(rule.changed ?? []).map((path): readonly [Path, Value] => [path, { S: image }]),
    ...wanted(image).flatMap(({ path, test }) => {
      const value = valueFor(test);
      return value === undefined ? [] : [[path.slice(1), value] as const];
    }),
  ];
  const start: Item = { id: { S: 'sample' } };
  const before = entries('old').reduce(put, {});
  return { item: entries('new').reduce(put, start), old: { ...start, ...before }, before };
}

const pathsOf = (template: Template): readonly Path[] =>
  template.flatMap((part) => (part.kind === 'value' ? [part.path] : []));

interface PlacedTest {
  readonly path: readonly string[];
  readonly test: Test;
}

/** One test of each value. Of conditions of which one must match, the first. */
function testsOf(pattern: Pattern): readonly PlacedTest[] {
  switch (pattern.kind) {
    case 'all':
      return pattern.of.flatMap(testsOf);
    case 'any':
      return pattern.of.slice(0, 1).flatMap(testsOf);
    case 'value':
      return pattern.anyOf.slice(0, 1).map((test) => ({ path: pattern.path, test }));
  }
}

/** A value that passes the test, if one is found. */
function valueFor(test: Test): Value | undefined {
  const numbers = test.kind === 'numeric' ? test.ranges.flatMap(({ number }) => [number, `${number}.5`]) : [];
  const candidates: readonly Value[] = [
    ...('text' in test ? [test.text, test.text.replaceAll('*', 'x')].map((S) => ({ S })) : []),
    ...(test.kind === 'number' ? [{ N: test.number }] : []),
    ...(test.kind === 'boolean' ? [{ BOOL: test.is }] : []),
    ...(test.kind === 'null' ? [{ NULL: true }] : []),
    ...[...numbers, '0', '1', '-1'].map((N) => ({ N })),
    { S: 'sample' },
  ];
  const pattern: Pattern = { kind: 'value', path: ['new', 'value'], anyOf: [test] };
  return candidates.find((value) => matchesPattern(pattern, { new: { value }, keys: {} }));
}

/** The item with a value at a path. Indexes of lists are left out: a rule that needs one needs an item of the caller. */
function put(item: Item, [[name, ...rest], value]: readonly [Path, Value]): Item {
  if (typeof name !== 'string') return item;
  const below = Object.hasOwn(item, name) ? item[name]?.M : undefined;
  return { ...item, [name]: rest.length === 0 ? value : { M: put(below ?? {}, [rest, value]) } };
}
