import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { aKey } from '../adapters/testing/a-delivery.ts';

const own = join(import.meta.dirname, '../..');
const tsc = join(own, '../../node_modules/.bin/tsc');

let folder: string;
let programs: readonly string[];
beforeAll(async () => {
  const readme = await readFile(join(own, 'README.md'), 'utf8');
  programs = [...readme.matchAll(/^```js\n(.*?)^```/gms)].map(([, program = '']) => program);
  // In the package's own folder, programs find the package by its name, and the frameworks.
  folder = await mkdtemp(join(own, 'readme-'));
  await Promise.all(programs.map((program, index) => writeFile(fileOf(index), program)));
});
afterAll(() => rm(folder, { recursive: true }));
const fileOf = (index: number) => join(folder, `program-${index}.mjs`);

it('has programs in its README that fit the types of the package and of the frameworks', async () => {
  expect(programs.length).toBeGreaterThan(3);
  const args = ['--noEmit', '--ignoreConfig', '--allowJs', '--checkJs', '--allowImportingTsExtensions'];
  const options = ['--module', 'nodenext', '--target', 'es2024', '--types', 'node', '--skipLibCheck'];
  const files = programs.map((_, index) => fileOf(index));
  const found = await promisify(execFile)(tsc, [...args, ...options, '--strict', 'false', ...files], {
    cwd: own,
  }).then(
    () => '',
    ({ stdout }: { readonly stdout: string }) => stdout,
  );
  expect(found).toBe('');
});

it('has a route of Next.js in its README that a build can load without the key', async () => {
  const route = fileOf(programs.findIndex((program) => /^export .*POST/m.test(program)));
  const text = `
    const { POST } = await import(${JSON.stringify(route)});
    process.env.WEBHOOK_KEY = ${JSON.stringify(aKey)};
    const { status } = await POST(new Request('http://localhost/webhooks', { method: 'POST' }));
    console.log(status);`;
  const { WEBHOOK_KEY: _, NODE_OPTIONS: __, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', text], { env });
  expect(stdout).toBe('400\n');
});
