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
export function readBody<Schema extends z.ZodMiniType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = z.safeParse(schema, body);
  if (!parsed.success) throw new ValidationError(parsed.error.issues.slice(0, maxIssues).map(toIssue));
  return parsed.data;
}

/** An issue of zod in the shape of the API. */
const toIssue = ({ path, message, code }: z.core.$ZodIssue): ValidationIssue => ({
  loc: ['body', ...path.map((part) => (typeof part === 'number' ? `[${part}]` : String(part)))],
  msg: message,
  type: code === 'invalid_type' ? 'value_error.jsondecode' : 'value_error',
});
