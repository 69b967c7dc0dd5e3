import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a package.json in the repository has. Entries are TypeScript files. */
export interface SourceManifest {
  readonly name: string;
  readonly description: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, string>>;
  /** Programs by name. They are TypeScript files, too. */
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** @param folder - of the package */
export const readManifest = async (folder: string): Promise<SourceManifest> =>
  JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
