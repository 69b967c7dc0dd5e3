import { isRegularExpression } from './is-regular-expression.ts';
import { type KeywordForm, maxPatternCharacters, schemaKeywords, schemaTypes } from './json-schema-keywords.ts';

/** A place in a JSON Schema that is wrong, and what must be there. */
export interface SchemaProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A value in a JSON Schema, and the way to it. Undefined: all schemas together. */
type Place = { readonly in: Place; readonly at: string | number } | undefined;

/** What a look at one keyword finds: problems, and further schemas to look at. */
interface Findings {
  readonly refuse: (place: Place, message: string) => void;
  readonly visit: (schema: unknown, place: Place) => void;
  /** Whether the patterns up to this one are few enough to be read. */
  readonly mayRead: (pattern: string) => boolean;
}

type Check = (value: unknown, place: Place, found: Findings) => void;

const forms: ReadonlyMap<string, KeywordForm> = new Map(Object.entries(schemaKeywords));
const types: ReadonlySet<unknown> = new Set(schemaTypes);

/**
 * What is wrong with the JSON Schemas of an event type by the meta-schema of draft 7, and which of their patterns are not
 * regular expressions. References are not followed, and no pattern is run. The time that it takes grows with the size of
 * the schemas, whatever is in them, and deep nesting does not fill the stack.
 *
 * @param versions - the schemas by version
 * @param maxProblems - the search ends soon after it has found this many
 * @example
 * findSchemaProblems({ 1: { items: { type: 'text' } } }, 100) // => [{ path: ['1', 'items', 'type'], … }]
 */
export function findSchemaProblems(
  versions: Readonly<Record<string, unknown>>,
  maxProblems: number,
): readonly SchemaProblem[] {
  return createProblemSearch(maxProblems)(versions);
}

/** What is wrong with some schemas, by name. What was looked at before is not looked at again. */
export type SearchProblems = (schemas: Readonly<Record<string, unknown>>) => readonly SchemaProblem[];

/** Makes a search for what is wrong with the parts of an event type's schemas. All together have one limit for patterns. */
export function createProblemSearch(maxProblems: number): SearchProblems {
  const seen = new Set<unknown>();
  let patternCharacters = 0;
  const mayRead = (pattern: string): boolean => {
    patternCharacters += pattern.length;
    return patternCharacters <= maxPatternCharacters;
  };
  return (byName) => {
    const problems: { readonly place: Place; readonly message: string }[] = [];
    const schemas: { readonly schema: unknown; readonly place: Place }[] = Object.entries(byName).map(
      ([name, schema]) => ({ schema, place: { in: undefined, at: name } }),
    );
    const found: Findings = {
      refuse: (place, message) => void problems.push({ place, message }),
      visit: (inner, place) => void schemas.push({ schema: inner, place }),
      mayRead,
    };
    // The loop also reaches the schemas that it finds.
    for (const { schema, place } of schemas) {
      if (problems.length >= maxProblems) break;
      if (isObject(schema) && seen.has(schema)) continue;
      seen.add(schema);
      checkSchema(schema, place, found);
    }
    return problems.slice(0, maxProblems).map(({ place, message }) => ({ path: toPath(place), message }));
  };
}

function toPath(place: Place): (string | number)[] {
  const path: (string | number)[] = [];
  for (let step = place; step !== undefined; step = step.in) path.push(step.at);
  return path.reverse();
}

function checkSchema(schema: unknown, place: Place, found: Findings): void {
  if (typeof schema === 'boolean') return;
  if (!isObject(schema)) {
    found.refuse(place, 'must be a JSON Schema: an object, true or false');
    return;
  }
  for (const [name, value] of Object.entries(schema)) {
    const form = forms.get(name);
    if (form !== undefined) checks[form](value, { in: place, at: name }, found);
  }
}

/** A check of the value alone. */
const mustBe =
  (isValid: (value: unknown) => boolean, wanted: string): Check =>
  (value, place, { refuse }) => {
    if (!isValid(value)) refuse(place, `must be ${wanted}`);
  };

const checkNames = mustBe(
  (value) => isList(value) && value.every((name) => typeof name === 'string') && isDistinct(value),
  'a list of different texts',
);

const tooManyPatterns = `must be shorter: all patterns of an event type together have at most ${maxPatternCharacters} characters`;

const checkPattern: Check = (value, place, { refuse, mayRead }) => {
  if (typeof value !== 'string') refuse(place, 'must be a regular expression');
  else if (!mayRead(value)) refuse(place, tooManyPatterns);
  else if (!isRegularExpression(value)) refuse(place, 'must be a regular expression');
};

const checkList: Check = (value, place, { refuse, visit }) => {
  if (!isList(value) || value.length === 0) refuse(place, 'must be a list of at least one JSON Schema');
  else for (const [index, schema] of value.entries()) visit(schema, { in: place, at: index });
};

/** An object: `check` looks at each of its values. */
const checkEach =
  (check: Check): Check =>
  (value, place, found) => {
    if (!isObject(value)) found.refuse(place, 'must be an object');
    else for (const [name, inner] of Object.entries(value)) check(inner, { in: place, at: name }, found);
  };

const visitSchema: Check = (value, place, { visit }) => visit(value, place);

const checks: Readonly<Record<KeywordForm, Check>> = {
  text: mustBe((value) => typeof value === 'string', 'a text'),
  flag: mustBe((value) => typeof value === 'boolean', 'true or false'),
  number: mustBe(Number.isFinite, 'a number'),
  'positive-number': mustBe((value) => Number.isFinite(value) && Number(value) > 0, 'a number above 0'),
  count: mustBe((value) => Number.isInteger(value) && Number(value) >= 0, 'a whole number of at least 0'),
  pattern: checkPattern,
  list: mustBe(isList, 'a list'),
  names: checkNames,
  types: mustBe(
    (value) => isType(value) || (isList(value) && value.length > 0 && value.every(isType) && isDistinct(value)),
    `one of ${schemaTypes.join(', ')}, or a list of different ones`,
  ),
  schema: visitSchema,
  'schema-list': checkList,
  'schema-or-list': (value, place, found) => (isList(value) ? checkList : visitSchema)(value, place, found),
  'schema-by-name': checkEach(visitSchema),
  'schema-by-pattern': checkEach((value, place, found) => {
    checkPattern(place?.at, place, found);
    visitSchema(value, place, found);
  }),
  'schema-or-names-by-name': checkEach((value, place, found) =>
    (isList(value) ? checkNames : visitSchema)(value, place, found),
  ),
};

function isType(value: unknown): boolean {
  return types.has(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !isList(value);
}

const isDistinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length;
