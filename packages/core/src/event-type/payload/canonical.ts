import { isJsonObject, type JsonObject } from '../openapi/document.ts';
import { TooManySteps } from './check.ts';

const stepsOfValue = 30;
const charactersAStep = 4;

/** Values inside each other: each takes room on the stack. */
const maxDepth = 500;

/**
 * A text that is the same for equal JSON values, whatever the order of their members. Lists of texts can be compared in
 * one pass, where a comparison of each value with each other one would take the square of the time.
 *
 * @param spend - is told how much work it is
 */
export function toCanonical(value: unknown, spend: (steps: number) => void = () => undefined): string {
  const write = (one: unknown, depth: number): string => {
    if (depth > maxDepth) throw new TooManySteps();
    const writeInner = (inner: unknown): string => write(inner, depth + 1);
    spend(stepsOfValue);
    const text = Array.isArray(one)
      ? `[${one.map(writeInner).join()}]`
      : isJsonObject(one)
        ? writeMembers(one, writeInner)
        : writeScalar(one);
    // Each value is copied into the text of the one around it.
    spend(text.length / charactersAStep);
    return text;
  };
  return write(value, 0);
}

function writeMembers(object: JsonObject, write: (inner: unknown) => string): string {
  const members = Object.entries(object).sort(([name], [other]) => (name < other ? -1 : 1));
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${write(inner)}`).join()}}`;
}

/** A number that is too large for JavaScript is no `null`. */
const writeScalar = (value: unknown): string => (typeof value === 'number' ? String(value) : JSON.stringify(value));
