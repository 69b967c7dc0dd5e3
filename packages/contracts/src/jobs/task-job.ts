import * as z from 'zod/mini';

/**
 * What an entry of the queue `tasks` holds: one slice of a task. Its owner is named, so that owners can take turns: the
 * application, or the organisation if the task works on all of its applications.
 */
const taskJob = z.object({
  version: z.literal(1),
  kind: z.literal('task'),
  organisationId: z.string(),
  applicationId: z.optional(z.string()),
  /** Only of a task of an endpoint. */
  endpointId: z.optional(z.string()),
  taskId: z.string(),
  slice: z.int().check(z.minimum(0)),
  /** Whether the task goes on if it has failed at this slice. Only a redriven slice says so. */
  resumes: z.optional(z.literal(true)),
});

/** A slice of a task that is to be run. */
export type TaskJob = Readonly<Omit<z.output<typeof taskJob>, 'version' | 'kind'>>;

/** A slice of a task, or the reason why a text is not one. */
export type ParsedTaskJob =
  | { readonly kind: 'task'; readonly job: TaskJob }
  | { readonly kind: 'refused'; readonly reason: string };

/** The text of a queue entry for a slice. */
export const toTaskJob = ({ organisationId, applicationId, endpointId, taskId, slice, resumes }: TaskJob): string =>
  JSON.stringify({ version: 1, kind: 'task', organisationId, applicationId, endpointId, taskId, slice, resumes });

/** Reads the text of a queue entry. */
export function parseTaskJob(text: string): ParsedTaskJob {
  const parsed = z.safeParse(taskJob, parseJson(text));
  if (!parsed.success) return { kind: 'refused', reason: 'not a slice of a task' };
  const { version: _, kind, ...job } = parsed.data;
  return { kind, job };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the schema refuses `undefined` too.
    return undefined;
  }
}
