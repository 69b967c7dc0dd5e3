import type { JsonObject } from '../openapi/document.ts';
import type { Matcher } from '../pattern/create-matcher.ts';

/** A place in a payload that does not fit the schema. */
export interface Mismatch {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export interface CheckLimits {
  /** A check ends soon after it has found this many mismatches. */
  readonly maxMismatches: number;
  /** What a check may cost: a comparison with one schema counts as ten steps, and one of a character as one. */
  readonly maxSteps: number;
}

/** @throws TooManySteps */
export type CheckPayload = (payload: unknown, limits: CheckLimits) => readonly Mismatch[];

/** A check that would take longer than its limit. Schemas can refer to themselves in ways that take for ever. */
export class TooManySteps extends Error {
  constructor() {
    super('takes too long to be compared with the schema of the event type');
    this.name = 'TooManySteps';
  }
}

/** A value, and the way to it. */
export interface Subject {
  readonly value: unknown;
  readonly path: PathStep | undefined;
}
export interface PathStep {
  readonly before: PathStep | undefined;
  readonly at: string | number;
}

/** One check of one payload. */
export interface Check {
  /** Runs the comparison with one schema, which is a step. */
  readonly enter: (compare: () => void) => void;
  /** Counts work. */
  readonly spend: (steps: number) => void;
  readonly refuse: (subject: Subject, message: string) => void;
  readonly isOver: () => boolean;
}

/** Compares a value with one schema, or with one keyword of it. */
export type Compare = (subject: Subject, check: Check) => void;

/** What a keyword is compiled with. */
export interface KeywordContext {
  readonly matcherOf: (pattern: string) => Matcher;
  /** The whole schema that has the keyword. */
  readonly schema: JsonObject;
  readonly compile: (schema: unknown) => Compare;
}
