import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildLibrary } from './build-library.ts';

/** Inside the repository, where the compiler finds the types of Node.js. */
const folder = join(import.meta.dirname, '../dist/library');

async function writeLibrary(source: string): Promise<void> {
  await mkdir(join(folder, 'src/inner'), { recursive: true });
  const exports = { '.': './src/index.ts', './inner': './src/inner/entry.ts' };
  const manifest = { name: 'library', description: '', license: 'MIT', type: 'module', exports };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'README.md'), '# library\n\n## For contributors\n\nSources.\n');
  await writeFile(join(folder, 'src/index.ts'), `export { value } from './inner/entry.ts';`);
  await writeFile(join(folder, 'src/inner/entry.ts'), `export const value: unknown = ${source};`);
}

afterEach(() => rm(folder, { recursive: true }));

it('builds every entry twice', async () => {
  await writeLibrary('1');
  await buildLibrary(folder);
  const { exports, typesVersions } = JSON.parse(await readFile(join(folder, 'dist/package.json'), 'utf8'));
  expect(exports['./inner']).toEqual({
    import: { types: './esm/inner/entry.d.ts', default: './esm/inner/entry.js' },
    require: { types: './cjs/inner/entry.d.ts', default: './cjs/inner/entry.js' },
  });
  expect(typesVersions).toEqual({ '*': { inner: ['./cjs/inner/entry.d.ts'] } });
  expect(await readFile(join(folder, 'dist/README.md'), 'utf8')).toBe('# library\n');
  expect(await readFile(join(folder, 'dist/esm/index.js'), 'utf8')).toContain(`from './inner/entry.js'`);
  expect(await readFile(join(folder, 'dist/cjs/index.js'), 'utf8')).toContain(`require("./inner/entry.js")`);
});

it('can be published for everybody, with a README for users', async () => {
  await writeLibrary('1');
  const readme = '# library\n\nSee [its page](../../docs/page.md) and\n[the web](https://example.com/).\n';
  await writeFile(join(folder, 'README.md'), `${readme}\n## For contributors\n\nSee [this](../../docs/inner.md).\n`);
  await buildLibrary(folder);
  const { publishConfig } = JSON.parse(await readFile(join(folder, 'dist/package.json'), 'utf8'));
  expect(publishConfig).toEqual({ access: 'public' });
  expect(await readFile(join(folder, 'dist/README.md'), 'utf8')).toBe(
    '# library\n\nSee its page and\n[the web](https://example.com/).\n',
  );
});

it('refuses what Node.js 20 does not have', async () => {
  await writeLibrary('Promise.withResolvers()');
  await expect(buildLibrary(folder)).rejects.toThrow("Property 'withResolvers' does not exist");
});
