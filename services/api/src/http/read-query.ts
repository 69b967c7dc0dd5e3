import * as z from 'zod/mini';
import { UnreadableQuery } from './problem-answers.ts';

/** Parameters that hold a list: separated by commas, repeated, or with brackets. */
const listNames: ReadonlySet<string> = new Set(['event_types']);
/** Parameters that may not be empty: an empty length of a page is a mistake of the caller. */
const fullNames: ReadonlySet<string> = new Set(['limit']);

/**
 * Checks the query string by its schema. Unknown parameters and empty values are ignored, but for an empty `limit`.
 *
 * @throws UnreadableQuery with every parameter that cannot be read
 */
export function readQuery<Schema extends z.ZodMiniObject>(schema: Schema, search: string): z.output<Schema> {
  const parsed = z.safeParse(schema, collect(new URLSearchParams(search)));
  if (!parsed.success) {
    throw new UnreadableQuery(
      parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
      { cause: parsed.error },
    );
  }
  return parsed.data;
}

function collect(parameters: URLSearchParams): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = {};
  for (const [key, value] of parameters) {
    const name = key.replace(/\[\d*\]$/, '');
    if (value === '' && !fullNames.has(name)) continue;
    if (listNames.has(name)) values[name] = [...(values[name] ?? []), ...value.split(',').filter(Boolean)];
    else values[name] = value;
  }
  return values;
}
