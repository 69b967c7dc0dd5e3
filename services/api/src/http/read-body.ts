import { ValidationError, type ValidationIssue } from '@posthorn/core';
import * as z from 'zod/mini';
import en from 'zod/v4/locales/en.js';

z.config(en());

/** A body can be wrong in thousands of places. The first ones are enough. */
const maxIssues = 100;

/**
 * Checks the body by its schema.
 *
 * @throws ValidationError with the first hundred errors in the body
 */
export const readBody = <Schema extends z.ZodMiniType>(schema: Schema, body: unknown): z.output<Schema> =>
  readPart(schema, body, ['body']);

/**
 * Checks a parameter of the path that can name a new thing.
 *
 * @throws ValidationError if no thing may have this name
 */
export const readPathName = (schema: z.ZodMiniType<string>, name: string, value: string): string =>
  readPart(schema, value, ['path', name]);

function readPart<Schema extends z.ZodMiniType>(schema: Schema, value: unknown, loc: readonly string[]) {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return parsed.data;
  throw new ValidationError(parsed.error.issues.slice(0, maxIssues).map((issue) => toIssue(issue, loc)));
}

/** An issue of zod in the shape of the API. */
const toIssue = ({ path, message, code }: z.core.$ZodIssue, loc: readonly string[]): ValidationIssue => ({
  loc: [...loc, ...path.map((part) => (typeof part === 'number' ? `[${part}]` : String(part)))],
  msg: message,
  type: code === 'invalid_type' ? 'value_error.jsondecode' : 'value_error',
});
