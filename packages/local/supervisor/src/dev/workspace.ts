import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A package of this repository, with the packages of this repository that it uses. */
export interface WorkspacePackage {
  readonly name: string;
  /** Its path from the root, with `/`. */
  readonly folder: string;
  readonly uses: readonly string[];
}

const places = ['packages/*/package.json', 'packages/*/*/package.json', 'services/*/package.json'];

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Reads the packages below the root. The uses of a service include what only its serverless.yml needs. */
export const readWorkspace = (root: string): readonly WorkspacePackage[] =>
  globSync(places, { cwd: root }).map((path) => {
    // Each package.json is a file of this repository.
    const manifest = JSON.parse(readFileSync(join(root, path), 'utf8')) as Manifest;
    const folder = dirname(path).replaceAll('\\', '/');
    const needed = { ...manifest.dependencies, ...(folder.startsWith('services/') && manifest.devDependencies) };
    const uses = Object.entries(needed).flatMap(([name, version]) => (version.startsWith('workspace:') ? [name] : []));
    return { name: manifest.name, folder, uses };
  });

/** Help for tests: no service runs it. */
const isTestHelp = ({ folder }: WorkspacePackage): boolean => folder.startsWith('packages/testing/');

/** Returns the folder of a package and those of all packages that it uses, directly or not. */
export function foldersOf(folder: string, workspace: readonly WorkspacePackage[]): readonly string[] {
  const byName = new Map(workspace.map((one) => [one.name, one]));
  const found = new Set<WorkspacePackage>();
  const visit = (one: WorkspacePackage | undefined): void => {
    if (one === undefined || found.has(one) || isTestHelp(one)) return;
    found.add(one);
    for (const name of one.uses) visit(byName.get(name));
  };
  visit(workspace.find((one) => one.folder === folder));
  return [...found].map((one) => one.folder);
}
