import { comparisons, type NumericRange, type Pattern, type Test } from './pattern.ts';

/** Where in the file something is wrong, and what. */
export interface PatternProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Report = (path: PatternProblem['path'], message: string) => void;
type Members = Readonly<Record<string, unknown>>;

const roots = ['new', 'old', 'keys'];

/**
 * Reads a condition in the form of EventBridge's event patterns: `{ new: { status: [paid, { prefix: re }] } }`. All members
 * must match; of a list, one entry.
 *
 * @returns the pattern, and everything that is wrong with the condition
 */
export function compilePattern(condition: unknown): {
  readonly pattern: Pattern;
  readonly problems: readonly PatternProblem[];
} {
  const problems: PatternProblem[] = [];
  const report: Report = (path, message) => void problems.push({ path, message });
  const pattern = compileMembers(condition, { names: [], place: [] }, report);
  return { pattern, problems };
}

interface Position {
  /** The names of the attributes down to here. */
  readonly names: readonly string[];
  /** The path in the file. */
  readonly place: PatternProblem['path'];
}

const nothing: Pattern = { kind: 'all', of: [] };

function compileMembers(condition: unknown, { names, place }: Position, report: Report): Pattern {
  if (!isMembers(condition)) {
    const what = names.length < 2 ? 'a map of attributes' : 'a list of values, such as [paid], or a map of attributes';
    report(place, names.length === 0 ? `must be a map with ${roots.join(', ')}` : `must be ${what}`);
    return nothing;
  }
  if (Object.keys(condition).length === 0) report(place, 'must not be empty. Leave it out to match every change');
  const of = Object.entries(condition).map(([name, value]): Pattern => {
    const inner = { names: [...names, name], place: [...place, name] };
    if (name === '$or') return compileAny(value, { names, place: inner.place }, report);
    if (names.length === 0 && !roots.includes(name))
      report(inner.place, `is not known here. A condition begins with ${roots.join(', ')} or $or`);
    if (Array.isArray(value)) return compileTests(value, inner, report);
    return compileMembers(value, inner, report);
  });
  return of.length === 1 && of[0] ? of[0] : { kind: 'all', of };
}

function compileAny(value: unknown, { names, place }: Position, report: Report): Pattern {
  if (!Array.isArray(value) || value.length === 0) {
    report(place, 'must be a list of conditions of which one must match');
    return nothing;
  }
  const of = value.map((one: unknown, index) => compileMembers(one, { names, place: [...place, index] }, report));
  return { kind: 'any', of };
}

function compileTests(values: readonly unknown[], { names, place }: Position, report: Report): Pattern {
  if (values.length === 0) report(place, 'must have at least one value');
  if (names.length === 1 && roots.includes(names[0] ?? '')) report(place, 'must be a map of attributes');
  const anyOf = values.flatMap((value, index) => compileTest(value, [...place, index], report) ?? []);
  return { kind: 'value', path: names, anyOf };
}

function compileTest(value: unknown, place: PatternProblem['path'], report: Report): Test | undefined {
  const literal = compileLiteral(value);
  if (literal) return literal;
  if (!isMembers(value)) return fail(report, place, `must be a value or one of ${operators}`);
  const [operator, ...others] = Object.keys(value);
  if (operator === undefined || others.length > 0) return fail(report, place, `must have one of ${operators}`);
  return compileOperator(operator, value[operator], { place: [...place, operator], report });
}

interface Reporting {
  readonly place: PatternProblem['path'];
  readonly report: Report;
}

const operators = 'prefix, suffix, equals-ignore-case, wildcard, exists, numeric, anything-but';

function compileOperator(operator: string, value: unknown, { place, report }: Reporting): Test | undefined {
  switch (operator) {
    case 'prefix':
    case 'suffix':
    case 'equals-ignore-case':
    case 'wildcard':
      return typeof value === 'string' ? { kind: operator, text: value } : fail(report, place, 'must be a text');
    case 'exists':
      return typeof value === 'boolean' ? { kind: 'exists', is: value } : fail(report, place, 'must be true or false');
    case 'numeric':
      return compileNumeric(value, { place, report });
    case 'anything-but':
      return compileAnythingBut(value, { place, report });
    default:
      return fail(report, place, `is not known. Use one of ${operators}`);
  }
}

function compileNumeric(value: unknown, { place, report }: Reporting): Test | undefined {
  const hint = "must be pairs of a comparison and a number, such as ['>=', 10, '<', 20]";
  if (!Array.isArray(value) || value.length === 0 || value.length % 2 !== 0) return fail(report, place, hint);
  const ranges: NumericRange[] = [];
  for (let index = 0; index < value.length; index += 2) {
    const comparison = comparisons.find((known) => known === value[index]);
    const number = numberTextOf(value[index + 1]);
    if (comparison === undefined || number === undefined) return fail(report, place, hint);
    ranges.push({ comparison, number });
  }
  return { kind: 'numeric', ranges };
}

function compileAnythingBut(value: unknown, { place, report }: Reporting): Test | undefined {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0) return fail(report, place, 'must have at least one value');
  const tests = values.flatMap((one, index) => {
    const test = compileTest(one, Array.isArray(value) ? [...place, index] : place, report);
    if (test?.kind !== 'exists' && test?.kind !== 'anything-but') return test ?? [];
    report(place, `must not contain ${test.kind}`);
    return [];
  });
  return { kind: 'anything-but', tests };
}

function compileLiteral(value: unknown): Test | undefined {
  if (typeof value === 'string') return { kind: 'text', text: value };
  if (typeof value === 'boolean') return { kind: 'boolean', is: value };
  if (value === null) return { kind: 'null' };
  const number = numberTextOf(value);
  return number === undefined ? undefined : { kind: 'number', number };
}

/** Whole numbers of the file are read as BigInt, so their text is exact. */
const numberTextOf = (value: unknown): string | undefined =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value)) ? String(value) : undefined;

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function fail(report: Report, place: PatternProblem['path'], message: string): undefined {
  report(place, message);
  return undefined;
}
