import { join } from 'node:path';
import { buildLibrary, checkTypes, type Installed, installPacked, runProgram } from '@posthorn/publishing';

const own = join(import.meta.dirname, '../..');
const event = "{ application: 'a', eventType: 'b', payload: {}, orderingKey: 'c' }";
const print = `console.log(outboxItem(${event}).Put.TableName);`;
let installed: Installed;

beforeAll(async () => {
  await buildLibrary(own);
  installed = await installPacked(join(own, 'dist'));
});

afterAll(() => installed[Symbol.asyncDispose]());

describe.each(['oldest', 'current'] as const)('the installed package, on the %s Node.js', (node) => {
  it.each([
    ['program.mjs', `import { outboxItem } from '@posthorn/outbox'; ${print}`],
    ['program.cjs', `const { outboxItem } = require('@posthorn/outbox'); ${print}`],
  ])('runs in %s', async (file, text) => {
    expect(await runProgram(installed.folder, { node, file, text })).toBe('posthorn-local-outbox\n');
  });
});

describe.each(['nodenext', 'bundler'] as const)('its types, with %s', (resolution) => {
  const check = (file: string, key: string) =>
    checkTypes(installed.folder, {
      resolution,
      file,
      text: `import { outboxItem } from '@posthorn/outbox';
        export const table: string = outboxItem({ application: 'a', eventType: 'b', payload: {}, ${key} }).Put.TableName;`,
    });

  it.each(['consumer.mts', 'consumer.cts'])(
    'can be used in %s',
    async (file) => {
      expect(await check(file, "orderingKey: 'c'")).toBe('');
      expect(await check(file, "key: 'c'")).toContain("'key' does not exist in type 'OutboxEvent'");
    },
    60_000,
  );
});

it('has what a published package needs, and nothing else', async () => {
  expect(installed.files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'esm/index.js', 'cjs/index.d.ts']));
  expect(installed.files.filter((file) => !/^(LICENSE|README\.md)$|\.(js|d\.ts)$|package\.json$/.test(file))).toEqual(
    [],
  );
});
