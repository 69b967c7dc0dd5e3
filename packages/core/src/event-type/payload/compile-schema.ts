import { createProblemSearch, type SchemaProblem } from '../find-schema-problems.ts';
import { isJsonObject, type JsonObject } from '../openapi/document.ts';
import { createMatcher, type Matcher } from '../pattern/create-matcher.ts';
import { UnmatchablePattern } from '../pattern/pattern-node.ts';
import {
  type CheckLimits,
  type CheckPayload,
  type Compare,
  type Mismatch,
  type PathStep,
  TooManySteps,
} from './check.ts';
import { createReferenceFinder, type Located, LostReference, UncheckableSchema } from './find-reference.ts';
import { keywordChecks } from './keyword-checks.ts';
import { shorten } from './shorten.ts';

export interface CompiledSchema {
  readonly check: CheckPayload;
  /** About how many bytes it takes, without the schema itself. */
  readonly size: number;
}

/**
 * Makes a check of a JSON Schema of draft 7. It interprets the schema: no code is made of its text. Unknown keywords and
 * `format` are not checked.
 *
 * @throws UncheckableSchema if it is no schema, or what a reference leads to is none; if a reference leads nowhere, a
 * pattern cannot be matched in linear time, or it is too deep or too large
 * @example
 * compileSchema({ required: ['id'] }).check({}, limits) // => [{ path: [], message: 'must have id' }]
 */
export function compileSchema(schema: unknown): CompiledSchema {
  return compileWith(schema, createMatchers());
}

/**
 * The first reference of a schema that leads nowhere, as `compileSchema` finds it: of the parts that values are compared
 * with. Nothing if there is none, or if the schema cannot be compiled for another reason.
 *
 * @example
 * findLostReference({ not: { $ref: '#/definitions/a' } }) // => { path: ['not', '$ref'], message: … }
 */
export function findLostReference(schema: unknown): SchemaProblem | undefined {
  try {
    compileWith(schema, noMatchers);
  } catch (error) {
    if (error instanceof LostReference)
      return {
        path: [...pathTo(schema, error.at), '$ref'],
        message: `must lead to a place in this schema: ${error.message}`,
      };
    if (!(error instanceof UncheckableSchema)) throw error;
  }
  return undefined;
}

/** The way to a part of a schema. */
function pathTo(schema: unknown, part: JsonObject): readonly (string | number)[] {
  const found: { readonly value: unknown; readonly path: PathStep | undefined }[] = [
    { value: schema, path: undefined },
  ];
  // The loop also reaches the values that it finds.
  for (const { value, path } of found) {
    if (value === part) return toPath(path);
    if (typeof value !== 'object' || value === null) continue;
    const isList = Array.isArray(value);
    for (const [name, inner] of Object.entries(value))
      found.push({ value: inner, path: { before: path, at: isList ? Number(name) : name } });
  }
  return [];
}

function compileWith(schema: unknown, matchers: Matchers): CompiledSchema {
  try {
    return compileRoot(schema, matchers);
  } catch (error) {
    if (error instanceof RangeError || error instanceof TooManySteps)
      throw new UncheckableSchema('it is nested too deep', { cause: error });
    throw error;
  }
}

const [bytesOfSchema, bytesOfStep] = [1_000, 70];

function compileRoot(schema: unknown, matchers: Matchers): CompiledSchema {
  const requireSchema = createSchemaGuard();
  requireSchema({ '': schema });
  const references = createReferenceFinder(schema);
  // Schemas that contain each other are compiled once. The entry is there before its parts are.
  const compiled = new Map<JsonObject, { compare: Compare }>();

  const compile = ({ schema: one, base }: Located): Compare => {
    if (!isJsonObject(one)) return one === false ? refuseAll : acceptAll;
    const known = compiled.get(one);
    if (known) return (subject, check) => known.compare(subject, check);
    const entry = { compare: acceptAll };
    compiled.set(one, entry);
    entry.compare = compileObject(one, references.baseOf(one, base));
    return (subject, check) => entry.compare(subject, check);
  };
  const compileObject = (one: JsonObject, base: string): Compare => {
    // In draft 7 nothing counts beside a reference.
    const { $ref: reference } = one;
    if (typeof reference === 'string') {
      const target = findTarget(one, () => references.find(reference, base));
      // A reference can lead to where no keyword has a schema.
      requireSchema({ [reference]: target.schema });
      const compare = compile(target);
      return (subject, check) => check.enter(() => compare(subject, check));
    }
    const context = {
      schema: one,
      matcherOf: matchers.find,
      compile: (inner: unknown) => compile({ schema: inner, base }),
    };
    const compares = Object.entries(one).flatMap(
      ([keyword, value]) => keywordChecks.get(keyword)?.(value, context) ?? [],
    );
    return (subject, check) =>
      check.enter(() => {
        for (const compare of compares) if (!check.isOver()) compare(subject, check);
      });
  };

  const compare = compile(references.root);
  return {
    check: (payload, limits) => runCheck(compare, payload, limits),
    size: compiled.size * bytesOfSchema + matchers.size() * bytesOfStep + references.size,
  };
}

/** @throws LostReference */
function findTarget(at: JsonObject, find: () => Located): Located {
  try {
    return find();
  } catch (error) {
    throw error instanceof UncheckableSchema ? new LostReference(at, error) : error;
  }
}

/** Patterns do not matter to references, and take long to be compiled. */
const noMatchers: Matchers = { find: () => ({ matches: () => true, size: 0 }), size: () => 0 };

/** @throws UncheckableSchema from what it returns */
function createSchemaGuard() {
  const search = createProblemSearch(1);
  return (schemas: Readonly<Record<string, unknown>>): void => {
    for (const { path, message } of search(schemas))
      throw new UncheckableSchema(`${shorten(path.filter((part) => part !== '').join('.'))} ${message}`.trim());
  };
}

/** All patterns of a schema together. Each takes memory as long as the schema is kept. */
const maxMatcherSize = 50_000;

interface Matchers {
  readonly find: (pattern: string) => Matcher;
  /** Of all of them together. */
  readonly size: () => number;
}

/** Makes one matcher for each pattern of a schema. */
function createMatchers(): Matchers {
  const matchers = new Map<string, Matcher>();
  let size = 0;
  const find = (pattern: string): Matcher => {
    const known = matchers.get(pattern);
    if (known) return known;
    const matcher = toMatcher(pattern);
    size += matcher.size;
    if (size > maxMatcherSize)
      throw new UncheckableSchema('its patterns repeat too much, or have too many classes of characters');
    matchers.set(pattern, matcher);
    return matcher;
  };
  return { find, size: () => size };
}

function toMatcher(pattern: string): Matcher {
  try {
    return createMatcher(pattern);
  } catch (cause) {
    if (!(cause instanceof UnmatchablePattern)) throw cause;
    throw new UncheckableSchema(`its pattern ${shorten(pattern)} ${cause.message}`, { cause });
  }
}

const stepsOfComparison = 10;

/** Schemas inside each other that are compared with one value after another: each takes room on the stack. */
const maxDepth = 500;

const acceptAll: Compare = (_, { spend }) => spend(1);
const refuseAll: Compare = (subject, { refuse, spend }) => {
  spend(1);
  refuse(subject, 'must not be there');
};

function runCheck(compare: Compare, payload: unknown, { maxMismatches, maxSteps }: CheckLimits): readonly Mismatch[] {
  const mismatches: Mismatch[] = [];
  const isOver = (): boolean => mismatches.length >= maxMismatches;
  let [steps, depth] = [0, 0];
  const spend = (more: number): void => {
    steps += more;
    if (steps > maxSteps) throw new TooManySteps();
  };
  compare(
    { value: payload, path: undefined },
    {
      enter: (run) => {
        spend(stepsOfComparison);
        depth += 1;
        if (depth > maxDepth) throw new TooManySteps();
        run();
        depth -= 1;
      },
      spend,
      refuse: ({ path }, message) => {
        if (!isOver()) mismatches.push({ path: toPath(path), message: shorten(message) });
      },
      isOver,
    },
  );
  return mismatches;
}

function toPath(end: PathStep | undefined): (string | number)[] {
  const path: (string | number)[] = [];
  for (let step = end; step !== undefined; step = step.before)
    path.push(typeof step.at === 'string' ? shorten(step.at) : step.at);
  return path.reverse();
}
