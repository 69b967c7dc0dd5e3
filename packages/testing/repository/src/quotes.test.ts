import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tables } from '@posthorn/contracts';
import { listFiles, readText, root } from './workspace.ts';

const pages = listFiles().filter((file) => file.endsWith('.md') && existsSync(join(root, file)));

/** Code blocks of a page that are said to be from a file: `<!-- from FILE -->` stands before them. */
const quotesOf = (page: string) =>
  [...readText(page).matchAll(/<!-- from (\S+) -->\n\n```\w+\n([\s\S]*?)\n```/g)].map(([, file = '', code = '']) => ({
    page,
    file,
    code,
  }));

const quotes = pages.flatMap(quotesOf);

/** The anchors that GitHub makes of a page's headings. */
const anchorsOf = (page: string): readonly string[] =>
  [...withoutBlocks(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const withoutBlocks = (page: string): string => readText(page).replace(/```[\s\S]*?```/g, '');

/** Links to a heading, of the page itself or of another one. */
const anchorLinksOf = (page: string) =>
  [...withoutBlocks(page).matchAll(/\]\(([^):\s]*)#([^)\s]+)\)/g)].map(([, target = '', anchor = '']) => ({
    page,
    target: target === '' ? page : join(dirname(page), target),
    anchor,
  }));

/** Paths of this repository in a page's text, such as `packages/core/src`. */
const namedPathsOf = (page: string): readonly string[] =>
  [...withoutBlocks(page).matchAll(/`((?:packages|services|examples|bench|docs|deploy)\/[\w./-]+)`/g)].map(
    ([, path = '']) => path,
  );

describe('a page', () => {
  it('quotes code as it is in its file', () => {
    expect(quotes.length).toBeGreaterThan(0);
    const changed = quotes.filter(({ file, code }) => !existsSync(join(root, file)) || !readText(file).includes(code));
    expect(changed.map(({ page, file }) => `${page}: ${file}`)).toEqual([]);
  });

  it('links to headings that exist', () => {
    const broken = pages
      .flatMap(anchorLinksOf)
      .filter(({ target, anchor }) => !(pages.includes(target) && anchorsOf(target).includes(anchor)));
    expect(broken.map(({ page, target, anchor }) => `${page}: ${target}#${anchor}`)).toEqual([]);
  });

  it('names files and folders that exist', () => {
    const missing = pages.flatMap((page) =>
      namedPathsOf(page)
        .filter((path) => !existsSync(join(root, path)) && !existsSync(join(root, dirname(page), path)))
        .map((path) => `${page}: ${path}`),
    );
    expect(missing).toEqual([]);
  });
});

describe('docs/receiving.md', () => {
  it('has no code that is not from a file that runs', () => {
    const blocks = readText('docs/receiving.md').match(/^```ts$/gm) ?? [];
    expect(quotes.filter(({ page }) => page === 'docs/receiving.md')).toHaveLength(blocks.length);
  });
});

describe('docs/why-these-parts/databases.md', () => {
  it('gives a reason for each table', () => {
    const page = readText('docs/why-these-parts/databases.md');
    expect(tables.filter((table) => !page.includes(`\n| \`${table}\``))).toEqual([]);
  });
});
