import { readFile } from 'node:fs/promises';
import { checkSources, type FileProblem } from './check-sources.ts';
import { type CompiledSources, compileSources, type Target } from './compile-sources.ts';

/** The name of the file, in the root folder of the installation. */
export const sourcesFileName = 'posthorn.sources.yml';

/** The file of sources cannot be used. The text has all problems, one a line. */
export class InvalidSources extends Error {
  readonly problems: readonly FileProblem[];

  constructor(file: string, problems: readonly FileProblem[]) {
    super(
      [`${file} has ${problems.length === 1 ? 'a problem' : 'problems'}:`, ...problems.map(formatProblem)].join('\n  '),
    );
    this.name = 'InvalidSources';
    this.problems = problems;
  }
}

function formatProblem({ path, line, message }: FileProblem): string {
  const place = [path, line === undefined ? '' : `(line ${line})`].filter(Boolean).join(' ');
  return place === '' ? message : `${place}: ${message}`;
}

/**
 * Reads the sources of a file, for one stage.
 *
 * @returns no sources if there is no file
 * @throws InvalidSources with all problems
 */
export async function readSources(
  path: string,
  target: Target,
): Promise<Pick<CompiledSources, 'sources' | 'absent'> & { readonly found: boolean }> {
  const text = await readOrNothing(path);
  if (text === undefined) return { found: false, sources: [], absent: [] };
  const checked = checkSources(text);
  if (checked.kind === 'invalid') throw new InvalidSources(path, checked.problems);
  const { problems, ...compiled } = compileSources(checked.file, target);
  if (problems.length > 0) throw new InvalidSources(path, problems);
  return { found: true, ...compiled };
}

async function readOrNothing(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
