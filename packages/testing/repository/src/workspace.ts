import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the repository. */
export const root = join(import.meta.dirname, '../../../..');

/** A package or service of the workspace. */
export interface Room {
  /** Its folder, relative to the root: `packages/core`. */
  readonly folder: string;
  readonly name: string;
  /** One line that says what it is for. */
  readonly description: string;
  readonly version?: string;
  /** Folders of the packages that its production code imports. */
  readonly imports: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly description?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The text of a file of the repository. */
export const readText = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The files that git tracks or would track, relative to the root. */
export const listFiles = (): readonly string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => file !== '');

/** Every package of the workspace but the root, by folder. `knip` checks that every dependency is used. */
export function readRooms(files: readonly string[] = listFiles()): readonly Room[] {
  const manifests = files
    .filter((file) => file.endsWith('/package.json'))
    // Every package.json of the repository has this shape.
    .map((file) => ({ folder: dirname(file), manifest: JSON.parse(readText(file)) as Manifest }));
  const folders = new Map(manifests.map(({ folder, manifest }) => [manifest.name, folder]));
  const sorted = manifests.toSorted((a, b) => (a.folder < b.folder ? -1 : 1));
  return sorted.map(({ folder, manifest }) => ({
    folder,
    name: manifest.name,
    description: manifest.description ?? '',
    ...(manifest.version === undefined ? {} : { version: manifest.version }),
    imports: Object.keys(manifest.dependencies ?? {}).flatMap((name) => folders.get(name) ?? []),
  }));
}
