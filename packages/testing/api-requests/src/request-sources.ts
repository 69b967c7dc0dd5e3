import type { ValueSources } from './arbitrary-value.ts';
import { createMatcher, type Matches } from './create-matcher.ts';
import type { JsonSchema } from './json-schema.ts';
import type { DescribedApi } from './read-document.ts';

export interface RequestSources extends ValueSources {
  /** What the parameters of paths can name, by the parameter's name. */
  readonly names: Readonly<Record<string, readonly string[]>>;
  readonly matches: Matches;
}

/** What requests are made from: the document, what exists, and what no schema can say. */
export const createRequestSources = (
  document: DescribedApi,
  { names, known }: Pick<RequestSources, 'names' | 'known'>,
): RequestSources => ({
  // The document is typed as JSON. Its own tests check its schemas.
  components: document.components.schemas as Readonly<Record<string, JsonSchema>>,
  names,
  known,
  matches: createMatcher(document),
});

/** What a parameter of a path can name. Throws if the sources do not say: each request would be for a missing thing. */
export function namesOf(parameter: string, { names }: RequestSources): readonly string[] {
  const known = names[parameter];
  if (known === undefined) throw new Error(`no name is known for the path parameter ${parameter}: add it to \`names\``);
  return known;
}
