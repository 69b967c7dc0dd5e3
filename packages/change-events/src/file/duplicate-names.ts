/** A name that an earlier entry of its list has too. */
export interface DuplicateName {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * The names that are used twice in a file. It works on what is written, whatever else is wrong with it, so that all problems
 * are found at once.
 */
export function duplicateNames(file: unknown): readonly DuplicateName[] {
  const sources = entriesOf(file, 'sources');
  const inRules = sources.flatMap((source, index) =>
    repeated(entriesOf(source, 'rules')).map((at) => ['sources', index, 'rules', at, 'name']),
  );
  return [...repeated(sources).map((at) => ['sources', at, 'name']), ...inRules].map((path) => ({
    path,
    message: 'is used twice. Choose another name',
  }));
}

/** The places of the entries with the name of an earlier one. */
function repeated(entries: readonly unknown[]): readonly number[] {
  const names = entries.map((entry) => memberOf(entry, 'name'));
  return names.flatMap((name, index) => (typeof name === 'string' && names.indexOf(name) < index ? [index] : []));
}

function entriesOf(value: unknown, name: string): readonly unknown[] {
  const entries = memberOf(value, name);
  return Array.isArray(entries) ? entries : [];
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Object.entries(value).find(([own]) => own === name)?.[1] : undefined;
