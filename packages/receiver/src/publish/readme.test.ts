import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const own = join(import.meta.dirname, '../..');
const tsc = join(own, '../../node_modules/.bin/tsc');

// In the package's own folder, programs find the package by its name, and the frameworks.
it('has programs in its README that fit the types of the package and of the frameworks', async () => {
  const readme = await readFile(join(own, 'README.md'), 'utf8');
  const programs = [...readme.matchAll(/^```js\n(.*?)^```/gms)].map(([, program = '']) => program);
  expect(programs.length).toBeGreaterThan(3);
  const folder = await mkdtemp(join(own, 'readme-'));
  try {
    const files = programs.map((_, index) => join(folder, `program-${index}.mjs`));
    await Promise.all(files.map((file, index) => writeFile(file, programs[index] ?? '')));
    const args = ['--noEmit', '--ignoreConfig', '--allowJs', '--checkJs', '--allowImportingTsExtensions'];
    const options = ['--module', 'nodenext', '--target', 'es2024', '--types', 'node', '--skipLibCheck'];
    const found = await promisify(execFile)(tsc, [...args, ...options, '--strict', 'false', ...files], {
      cwd: own,
    }).then(
      () => '',
      ({ stdout }: { readonly stdout: string }) => stdout,
    );
    expect(found).toBe('');
  } finally {
    await rm(folder, { recursive: true });
  }
});
