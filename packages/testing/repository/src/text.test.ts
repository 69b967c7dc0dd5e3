import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listFiles, readText, root } from './workspace.ts';

const maxMarkdownWidth = 120;
/** The formatter wraps code at 120; what it cannot wrap may stand out a little. */
const maxCodeWidth = 130;
/** A line with one text or pattern and nothing else: an error text of AWS can be searched for only as a whole. */
const singleLiteral = /^\s*(['"`/]).*\1[a-z]*[,;|)]*$/;

const files = listFiles().filter((file) => existsSync(join(root, file)));
const markdown = files.filter((file) => file.endsWith('.md'));
const code = files.filter((file) => /\.(ts|mjs|cjs|ya?ml|py)$/.test(file) && file !== 'pnpm-lock.yaml');

const widerThan = (width: number, file: string): readonly string[] =>
  readText(file)
    .split('\n')
    .flatMap((line, index) => ([...line].length > width && !singleLiteral.test(line) ? [`${file}:${index + 1}`] : []));

/** Targets of a page's relative links, without fragments. Code is not a link. */
const linksOf = (file: string): readonly string[] =>
  [
    ...readText(file)
      .replace(/```[\s\S]*?```|`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)#\s]+)[^)]*\)/g),
  ]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));

describe('text', () => {
  it('has Markdown lines that fit a diff', () => {
    expect(markdown.flatMap((file) => widerThan(maxMarkdownWidth, file))).toEqual([]);
  });

  it('has code lines that fit a diff', () => {
    expect(code.flatMap((file) => widerThan(maxCodeWidth, file))).toEqual([]);
  });

  it('has relative links that lead somewhere', () => {
    const broken = markdown.flatMap((file) =>
      linksOf(file)
        .filter((target) => !existsSync(join(root, dirname(file), target)))
        .map((target) => `${file}: ${target}`),
    );
    expect(broken).toEqual([]);
  });

  it('has a README for every package', () => {
    const folders = files.filter((file) => file.endsWith('/package.json')).map((file) => dirname(file));
    expect(folders.filter((folder) => !existsSync(join(root, folder, 'README.md')))).toEqual([]);
  });
});
