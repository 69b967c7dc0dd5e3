import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exitCodes } from '../exit/cli-error.ts';
import { withCommands } from './commands-page.ts';

const readPage = () => readFile(join(import.meta.dirname, '../../../../docs/cli.md'), 'utf8');

describe('docs/cli.md', () => {
  it('has the present help of every command (if not: pnpm run docs)', async () => {
    const page = await readPage();
    expect(withCommands(page)).toBe(page);
  });

  it('has an example for every command', async () => {
    const blocks = [...(await readPage()).matchAll(/^### (posthorn .+)\n\n```text\n([\s\S]*?)```/gm)];
    expect(blocks.length).toBeGreaterThan(10);
    const without = blocks.filter(([, , help = '']) => !/\$ .*posthorn /.test(help));
    expect(without.map(([, name]) => name)).toEqual([]);
  });

  it('lists every exit code', async () => {
    const page = await readPage();
    for (const code of Object.values(exitCodes)) expect(page).toContain(`| ${code} `);
  });

  it('is an error without its marks', () => {
    expect(() => withCommands('# Page')).toThrow('must contain');
  });
});
