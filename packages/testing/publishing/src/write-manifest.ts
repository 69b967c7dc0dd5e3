import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest } from './manifest.ts';
import { root } from './paths.ts';

/** What differs between published packages. Paths are relative to `dist`. */
export interface PublishedParts {
  readonly exports: Readonly<Record<string, unknown>>;
  /** Folders and files that are published, beside package.json, README.md and LICENSE. */
  readonly files: readonly string[];
  /** For tools that do not read `exports`. */
  readonly main: string;
  readonly types: string;
  /** The types of the entries with a name, for compilers that do not read `exports`. */
  readonly typesVersions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly bin?: Readonly<Record<string, string>>;
  /** Default: that of the package in the repository. */
  readonly name?: string | undefined;
  /** What `*.js` files are. Default: ES modules. */
  readonly type?: 'commonjs';
  /** What it depends on is inside its files. */
  readonly isBundled?: boolean;
}

/**
 * Writes package.json, README.md and LICENSE into the folder `dist` of a package, so that it can be published. Every
 * published package has the version of the repository.
 *
 * @param folder - of the package
 */
export async function writeManifest(folder: string, parts: PublishedParts): Promise<void> {
  const { isBundled = false, name, type = 'module', ...published } = parts;
  const source = await readManifest(folder);
  const { description, license, dependencies, peerDependencies, peerDependenciesMeta } = source;
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const manifest = {
    name: name ?? source.name,
    version,
    description,
    license,
    type,
    ...published,
    dependencies: isBundled ? undefined : dependencies,
    peerDependencies,
    peerDependenciesMeta,
    engines: { node: '>=20' },
    sideEffects: false,
    // A name with a scope is private by default.
    publishConfig: { access: 'public' },
  };
  const dist = join(folder, 'dist');
  await writeFile(join(dist, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(join(dist, 'README.md'), forUsers(await readFile(join(folder, 'README.md'), 'utf8')));
  await copyFile(join(root, 'LICENSE'), join(dist, 'LICENSE'));
}

/**
 * A README up to its section for contributors, which is the last one and speaks of files that are not published. Links
 * to such files become their text.
 */
function forUsers(readme: string): string {
  const [text = ''] = readme.split('\n## For contributors\n');
  return `${text.trimEnd().replace(/\[([^\]]+)\]\(\.{1,2}\/[^)]*\)/g, '$1')}\n`;
}
