import { isJsonObject } from '../openapi/document.ts';
import { toCanonical } from './canonical.ts';
import type { Check, Compare, KeywordContext, Subject } from './check.ts';
import { isMultipleOf } from './is-multiple-of.ts';

/** Makes the comparison of one keyword. The schema has passed `findSchemaProblems`, so values have the right form. */
type CompileKeyword = (value: unknown, context: KeywordContext) => Compare;

/** Listing the members of an object takes longer than going through a list. */
const stepsOfMember = 20;
/** A comparison whose result alone counts. */
const stepsOfTrial = 5;
/** Numbers can have 300 digits. */
const stepsOfDivision = 100;

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const below = ({ path }: Subject, at: string | number, value: unknown): Subject => ({
  value,
  path: { before: path, at },
});

/** Whether a value fits, without a word about what does not. */
function fits(compare: Compare, subject: Subject, check: Check): boolean {
  check.spend(stepsOfTrial);
  let isRefused = false;
  const refuse = () => {
    isRefused = true;
  };
  compare(subject, { ...check, refuse, isOver: () => isRefused });
  return !isRefused;
}

/** A keyword for values of one type; others fit. */
const forType =
  <Value>(isType: (value: unknown) => value is Value) =>
  (fitsLimit: (value: Value, limit: number) => boolean, say: (limit: number) => string): CompileKeyword =>
  (limit) => {
    const number = Number(limit);
    return (subject, { refuse }) => {
      if (isType(subject.value) && !fitsLimit(subject.value, number)) refuse(subject, say(number));
    };
  };
const forNumbers = forType((value): value is number => typeof value === 'number');
const forLists = forType(isList);
/** A limit of how many members an object has. */
const forCounts =
  (fitsLimit: (count: number, limit: number) => boolean, say: (limit: number) => string): CompileKeyword =>
  (limit) => {
    const number = Number(limit);
    return (subject, { refuse, spend }) => {
      if (!isJsonObject(subject.value)) return;
      const count = Object.keys(subject.value).length;
      spend(count * stepsOfMember);
      if (!fitsLimit(count, number)) refuse(subject, say(number));
    };
  };

const checkMultiple: CompileKeyword = (value) => {
  const divisor = Number(value);
  return (subject, { refuse, spend }) => {
    if (typeof subject.value !== 'number') return;
    spend(stepsOfDivision);
    if (!isMultipleOf(subject.value, divisor)) refuse(subject, `must be a multiple of ${divisor}`);
  };
};

/** A limit of how many characters a text has. */
const forLengths =
  (fitsLimit: (length: number, limit: number) => boolean, say: (limit: number) => string): CompileKeyword =>
  (limit) => {
    const number = Number(limit);
    return (subject, { refuse, spend }) => {
      if (typeof subject.value !== 'string') return;
      spend(subject.value.length / 4);
      if (!fitsLimit(lengthOf(subject.value), number)) refuse(subject, say(number));
    };
  };

/** Characters, as people count them: one outside of the basic plane is one. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}

const isOfType = (value: unknown, type: unknown): boolean => {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return isList(value);
    case 'object':
      return isJsonObject(value);
    case 'integer':
      return Number.isInteger(value);
    default:
      return typeof value === type;
  }
};

const checkType: CompileKeyword = (value) => {
  const types = isList(value) ? value : [value];
  return (subject, { refuse }) => {
    if (!types.some((type) => isOfType(subject.value, type))) refuse(subject, `must be ${types.join(' or ')}`);
  };
};

const checkPattern: CompileKeyword = (pattern, { matcherOf }) => {
  const { matches } = matcherOf(String(pattern));
  return (subject, { refuse, spend }) => {
    if (typeof subject.value === 'string' && !matches(subject.value, spend))
      refuse(subject, `must match ${String(pattern)}`);
  };
};

const checkEnum: CompileKeyword = (value) => {
  const allowed = new Set((isList(value) ? value : []).map((one) => toCanonical(one)));
  return (subject, { refuse, spend }) => {
    if (!allowed.has(toCanonical(subject.value, spend)))
      refuse(subject, 'must be one of the values that the schema lists');
  };
};

const checkUnique: CompileKeyword =
  (isOn) =>
  (subject, { refuse, spend }) => {
    const { value } = subject;
    if (isOn !== true || !isList(value)) return;
    if (new Set(value.map((one) => toCanonical(one, spend))).size < value.length)
      refuse(subject, 'must have no value twice');
  };

const checkRequired: CompileKeyword = (value) => {
  const names = isList(value) ? value.map(String) : [];
  return (subject, { refuse, spend, isOver }) => {
    const object = subject.value;
    if (!isJsonObject(object)) return;
    spend(names.length);
    for (const name of names) {
      if (isOver()) return;
      if (!Object.hasOwn(object, name)) refuse(subject, `must have ${name}`);
    }
  };
};

/** Compares each member of an object that has a schema of its own. */
const checkProperties: CompileKeyword = (value, { compile }) => {
  const schemas = new Map(Object.entries(isJsonObject(value) ? value : {}).map(([name, one]) => [name, compile(one)]));
  return (subject, check) => {
    const object = subject.value;
    if (!isJsonObject(object)) return;
    check.spend(schemas.size);
    for (const [name, compare] of schemas)
      if (Object.hasOwn(object, name)) compare(below(subject, name, object[name]), check);
  };
};

const compilePatterns = (value: unknown, { matcherOf, compile }: KeywordContext) =>
  Object.entries(isJsonObject(value) ? value : {}).map(
    ([pattern, schema]) => ({ matches: matcherOf(pattern).matches, compare: compile(schema) }) as const,
  );

const checkPatternProperties: CompileKeyword = (value, context) => {
  const patterns = compilePatterns(value, context);
  return (subject, check) => {
    for (const [name, inner] of membersOf(subject.value, check))
      for (const { matches, compare } of patterns)
        if (matches(name, check.spend)) compare(below(subject, name, inner), check);
  };
};

const checkAdditionalProperties: CompileKeyword = (value, context) => {
  const { properties, patternProperties } = context.schema;
  const named = isJsonObject(properties) ? properties : {};
  const patterns = compilePatterns(patternProperties, { ...context, compile: () => () => undefined });
  const compare = value === false ? refuseUnknown : context.compile(value);
  return (subject, check) => {
    for (const [name, inner] of membersOf(subject.value, check)) {
      if (Object.hasOwn(named, name) || patterns.some(({ matches }) => matches(name, check.spend))) continue;
      compare(below(subject, name, inner), check);
    }
  };
};

const refuseUnknown: Compare = (subject, { refuse }) => refuse(subject, 'is not in the schema');

const checkPropertyNames: CompileKeyword = (value, { compile }) => {
  const compare = compile(value);
  return (subject, check) => {
    for (const [name] of membersOf(subject.value, check)) compare(below(subject, name, name), check);
  };
};

const checkDependencies: CompileKeyword = (value, context) => {
  const dependencies = Object.entries(isJsonObject(value) ? value : {}).map(
    ([name, one]) => [name, isList(one) ? checkRequired(one, context) : context.compile(one)] as const,
  );
  return (subject, check) => {
    const object = subject.value;
    if (!isJsonObject(object)) return;
    check.spend(dependencies.length);
    for (const [name, compare] of dependencies) if (Object.hasOwn(object, name)) compare(subject, check);
  };
};

const checkItems: CompileKeyword = (value, { compile }) => {
  const compares = isList(value) ? value.map(compile) : undefined;
  const compare = compares ? undefined : compile(value);
  return (subject, check) => {
    if (!isList(subject.value)) return;
    check.spend(subject.value.length);
    for (const [index, item] of subject.value.entries()) {
      if (compares && index >= compares.length) return;
      (compare ?? compares?.[index])?.(below(subject, index, item), check);
    }
  };
};

const checkAdditionalItems: CompileKeyword = (value, { schema, compile }) => {
  if (!isList(schema.items)) return () => undefined;
  const first = schema.items.length;
  const compare = compile(value);
  return (subject, check) => {
    if (!isList(subject.value)) return;
    check.spend(subject.value.length);
    for (const [index, item] of subject.value.entries())
      if (index >= first) compare(below(subject, index, item), check);
  };
};

const checkContains: CompileKeyword = (value, { compile }) => {
  const compare = compile(value);
  return (subject, check) => {
    if (!isList(subject.value)) return;
    check.spend(subject.value.length);
    if (subject.value.some((item, index) => fits(compare, below(subject, index, item), check))) return;
    check.refuse(subject, 'must contain a value that the schema describes');
  };
};

const checkAll: CompileKeyword = (value, { compile }) => {
  const compares = (isList(value) ? value : []).map(compile);
  return (subject, check) => {
    for (const compare of compares) compare(subject, check);
  };
};

const checkAny: CompileKeyword = (value, { compile }) => {
  const compares = (isList(value) ? value : []).map(compile);
  return (subject, check) => {
    if (!compares.some((compare) => fits(compare, subject, check)))
      check.refuse(subject, 'must fit at least one of the schemas in anyOf');
  };
};

const checkOne: CompileKeyword = (value, { compile }) => {
  const compares = (isList(value) ? value : []).map(compile);
  return (subject, check) => {
    if (compares.filter((compare) => fits(compare, subject, check)).length !== 1)
      check.refuse(subject, 'must fit exactly one of the schemas in oneOf');
  };
};

const checkNot: CompileKeyword = (value, { compile }) => {
  const compare = compile(value);
  return (subject, check) => {
    if (fits(compare, subject, check)) check.refuse(subject, 'must not fit the schema in not');
  };
};

const checkIf: CompileKeyword = (value, { schema, compile }) => {
  const [condition, onMatch, otherwise] = [compile(value), compile(schema.then ?? true), compile(schema.else ?? true)];
  return (subject, check) => (fits(condition, subject, check) ? onMatch : otherwise)(subject, check);
};

function membersOf(value: unknown, { spend }: Check): Iterable<readonly [string, unknown]> {
  if (!isJsonObject(value)) return [];
  const members = Object.entries(value);
  spend(members.length * stepsOfMember);
  return members;
}

/** The keywords of draft 7 that say something about values. */
export const keywordChecks: ReadonlyMap<string, CompileKeyword> = new Map<string, CompileKeyword>([
  ['type', checkType],
  ['enum', checkEnum],
  ['const', (value, context) => checkEnum([value], context)],
  ['multipleOf', checkMultiple],
  [
    'minimum',
    forNumbers(
      (value, limit) => value >= limit,
      (limit) => `must be at least ${limit}`,
    ),
  ],
  [
    'maximum',
    forNumbers(
      (value, limit) => value <= limit,
      (limit) => `must be at most ${limit}`,
    ),
  ],
  [
    'exclusiveMinimum',
    forNumbers(
      (value, limit) => value > limit,
      (limit) => `must be above ${limit}`,
    ),
  ],
  [
    'exclusiveMaximum',
    forNumbers(
      (value, limit) => value < limit,
      (limit) => `must be below ${limit}`,
    ),
  ],
  [
    'minLength',
    forLengths(
      (length, limit) => length >= limit,
      (limit) => `must have at least ${limit} characters`,
    ),
  ],
  [
    'maxLength',
    forLengths(
      (length, limit) => length <= limit,
      (limit) => `must have at most ${limit} characters`,
    ),
  ],
  [
    'minItems',
    forLists(
      (list, limit) => list.length >= limit,
      (limit) => `must have at least ${limit} elements`,
    ),
  ],
  [
    'maxItems',
    forLists(
      (list, limit) => list.length <= limit,
      (limit) => `must have at most ${limit} elements`,
    ),
  ],
  [
    'minProperties',
    forCounts(
      (count, limit) => count >= limit,
      (limit) => `must have at least ${limit} members`,
    ),
  ],
  [
    'maxProperties',
    forCounts(
      (count, limit) => count <= limit,
      (limit) => `must have at most ${limit} members`,
    ),
  ],
  ['pattern', checkPattern],
  ['uniqueItems', checkUnique],
  ['required', checkRequired],
  ['properties', checkProperties],
  ['patternProperties', checkPatternProperties],
  ['additionalProperties', checkAdditionalProperties],
  ['propertyNames', checkPropertyNames],
  ['dependencies', checkDependencies],
  ['items', checkItems],
  ['additionalItems', checkAdditionalItems],
  ['contains', checkContains],
  ['allOf', checkAll],
  ['anyOf', checkAny],
  ['oneOf', checkOne],
  ['not', checkNot],
  ['if', checkIf],
]);
