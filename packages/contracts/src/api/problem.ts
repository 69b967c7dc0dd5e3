import * as z from 'zod/mini';

/** A refusal: what kind it is, and a sentence for the reader. */
export const problemOut = z.object({ code: z.string(), detail: z.string() });
export type ProblemOut = z.output<typeof problemOut>;

/** A request that does not fit its schema, with everything that is wrong with it. */
export const validationProblemOut = z.object({
  detail: z.array(z.object({ loc: z.array(z.string()), msg: z.string(), type: z.string() })),
});
export type ValidationProblemOut = z.output<typeof validationProblemOut>;
