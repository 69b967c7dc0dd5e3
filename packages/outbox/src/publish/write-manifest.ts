// Writes package.json and README.md beside the compiled code, so that the folder `dist` can be published.
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const own = join(import.meta.dirname, '../..');
const readManifest = async (folder: string) => JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
const { name, description, license, type } = await readManifest(own);
// All packages have the version of the repository.
const { version } = await readManifest(join(own, '../..'));
const manifest = {
  name,
  version,
  description,
  license,
  type,
  exports: { '.': { types: './index.d.ts', default: './index.js' } },
  files: ['*.js', '*.d.ts', 'README.md'],
  engines: { node: '>=20' },
  sideEffects: false,
};
await writeFile(join(own, 'dist', 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
await copyFile(join(own, 'README.md'), join(own, 'dist', 'README.md'));
