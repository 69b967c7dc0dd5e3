import { execFile } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const own = join(import.meta.dirname, '../..');
const root = join(own, '../..');
const run = promisify(execFile);
const tsc = join(root, 'node_modules/.bin/tsc');

beforeAll(async () => {
  await run(tsc, ['-p', 'tsconfig.build.json'], { cwd: own });
  await run(process.execPath, ['src/publish/write-manifest.ts'], { cwd: own });
});

it('can be published: plain JavaScript with types and the version of the repository', async () => {
  const manifest = JSON.parse(await readFile(join(own, 'dist/package.json'), 'utf8'));
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  expect(manifest).toMatchObject({ name: '@posthorn/outbox', version, license: 'MIT' });
  expect(manifest).not.toHaveProperty('dependencies');
  const files = await readdir(join(own, 'dist'));
  expect(files).toEqual(expect.arrayContaining(['README.md', 'index.js', 'index.d.ts', 'package.json']));

  const program = `import { outboxItem } from '${join(own, 'dist/index.js')}';
    console.log(outboxItem({ application: 'a', eventType: 'b', payload: {}, orderingKey: 'c' }).Put.TableName);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { env: {} });
  expect(stdout).toBe('posthorn-local-outbox\n');
});

it('has types that a program of others can use', async () => {
  const file = join(own, 'dist', 'consumer.ts');
  const program = (key: string) => `import { outboxItem } from './index.js';
    export const table: string = outboxItem({ application: 'a', eventType: 'b', payload: {}, ${key} }).Put.TableName;`;
  const check = async (key: string) => {
    await writeFile(file, program(key));
    const args = ['--noEmit', '--ignoreConfig', '--strict', '--module', 'nodenext', '--types', 'node', file];
    return run(tsc, args, { cwd: own }).then(
      () => 'right',
      ({ stdout }: { readonly stdout: string }) => stdout,
    );
  };
  try {
    expect(await check("orderingKey: 'c'")).toBe('right');
    expect(await check("key: 'c'")).toContain("'key' does not exist in type 'OutboxEvent'");
  } finally {
    await rm(file);
  }
});
