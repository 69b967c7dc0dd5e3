import { isJsonObject, type Json, type JsonObject } from './json.ts';

/** Returns whether the function gets the record. */
export type EventFilter = (record: JsonObject) => boolean;

/** Thrown for a filter pattern that Lambda would reject. */
export class InvalidFilterPattern extends Error {
  constructor(problem: string) {
    super(`Invalid filter pattern: ${problem}`);
    this.name = 'InvalidFilterPattern';
  }
}

type Test = (value: Json | undefined) => boolean;

/**
 * Filters records as Lambda does: a record passes if any pattern matches. Without patterns, every record passes.
 *
 * @throws InvalidFilterPattern for an operator that Lambda does not know
 */
export function createEventFilter(patterns: readonly JsonObject[] = []): EventFilter {
  const tests = patterns.map(compilePattern);
  return (record) => tests.length === 0 || tests.some((test) => test(record));
}

function compilePattern(pattern: JsonObject): Test {
  const tests = Object.entries(pattern).map(([name, rule]) => compileField(name, rule));
  return (value) => tests.every((test) => test(value));
}

function compileField(name: string, rule: Json | undefined): Test {
  if (name === '$or') return compileAlternatives(rule);
  if (Array.isArray(rule)) {
    const test = compileLeaf(rule);
    return (value) => test(field(value, name));
  }
  if (!isJsonObject(rule)) throw new InvalidFilterPattern(`"${name}" must be a list of rules or an object`);
  const test = compilePattern(rule);
  return (value) => {
    const inner = field(value, name);
    return Array.isArray(inner) ? inner.some(test) : test(inner);
  };
}

function compileAlternatives(rule: Json | undefined): Test {
  if (!Array.isArray(rule) || !rule.every(isJsonObject)) throw new InvalidFilterPattern('"$or" must list patterns');
  const tests = rule.map(compilePattern);
  return (value) => tests.some((test) => test(value));
}

const field = (value: Json | undefined, name: string): Json | undefined =>
  isJsonObject(value) ? value[name] : undefined;

function compileLeaf(rules: readonly Json[]): Test {
  const tests = rules.map(compileRule);
  return (value) => {
    const candidates = Array.isArray(value) ? value : [value];
    return tests.some((test) => candidates.some(test));
  };
}

function compileRule(rule: Json): Test {
  if (!isJsonObject(rule)) return (value) => value === rule;
  const [operator, operand] = Object.entries(rule)[0] ?? [];
  const compile = operator === undefined ? undefined : operators[operator];
  if (compile === undefined) throw new InvalidFilterPattern(`unknown operator "${operator}"`);
  return compile(operand);
}

const operators: Readonly<Record<string, (operand: Json | undefined) => Test>> = {
  exists: (operand) => (value) => (value !== undefined && !isJsonObject(value)) === (operand === true),
  prefix: (operand) => textTest(operand, (text, wanted) => text.startsWith(wanted)),
  suffix: (operand) => textTest(operand, (text, wanted) => text.endsWith(wanted)),
  'equals-ignore-case': (operand) => textTest({ 'equals-ignore-case': operand }, (text, wanted) => text === wanted),
  wildcard: compileWildcard,
  numeric: compileNumeric,
  'anything-but': compileAnythingBut,
};

/** Compiles a rule on text. `{ "equals-ignore-case": … }` as operand makes it ignore upper and lower case. */
function textTest(operand: Json | undefined, compare: (text: string, wanted: string) => boolean): Test {
  const folds = isJsonObject(operand);
  const wanted = folds ? operand['equals-ignore-case'] : operand;
  if (typeof wanted !== 'string') throw new InvalidFilterPattern(`expected text, got ${JSON.stringify(operand)}`);
  const fold = (text: string) => (folds ? text.toLowerCase() : text);
  return (value) => typeof value === 'string' && compare(fold(value), fold(wanted));
}

function compileWildcard(operand: Json | undefined): Test {
  if (typeof operand !== 'string') throw new InvalidFilterPattern('"wildcard" must be text');
  const parts = operand.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`, 's');
  return (value) => typeof value === 'string' && expression.test(value);
}

const comparisons: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

function compileNumeric(operand: Json | undefined): Test {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length % 2 !== 0) {
    throw new InvalidFilterPattern('"numeric" must list comparisons and numbers in pairs');
  }
  const tests = operand.flatMap((comparison, index) => {
    if (index % 2 !== 0) return [];
    const compare = comparisons[String(comparison)];
    const limit = operand[index + 1];
    if (compare === undefined || typeof limit !== 'number') {
      throw new InvalidFilterPattern(`"numeric" does not know ${JSON.stringify([comparison, limit])}`);
    }
    return [(value: number) => compare(value, limit)];
  });
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function compileAnythingBut(operand: Json | undefined): Test {
  const refused = refusedBy(operand);
  return (value) => value !== undefined && !isJsonObject(value) && !refused.some((test) => test(value));
}

function refusedBy(operand: Json | undefined): Test[] {
  if (operand === undefined) throw new InvalidFilterPattern('"anything-but" must have a value');
  if (!isJsonObject(operand)) return [operand].flat().map((refused) => (value) => value === refused);
  return Object.entries(operand).flatMap(([operator, inner]) =>
    [inner].flat().map((one) => compileRule({ [operator]: one })),
  );
}
