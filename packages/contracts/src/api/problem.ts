import * as z from 'zod/mini';
import { component } from './documentation.ts';

/** An error: its code, and a sentence for the reader. */
export const problemOut = component('HttpErrorOut', z.object({ code: z.string(), detail: z.string() }));
export type ProblemOut = z.output<typeof problemOut>;

/** The errors of a request that does not match its schema. */
export const validationProblemOut = component(
  'HTTPValidationError',
  z.object({
    detail: z.array(z.object({ loc: z.array(z.string()), msg: z.string(), type: z.string() })),
  }),
);
