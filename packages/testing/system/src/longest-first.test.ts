import { existsSync } from 'node:fs';
import { join } from 'node:path';
import LongestFirst, { longFiles, shortFiles } from './longest-first.ts';

const names = [...longFiles, ...shortFiles];

it('names only files that exist, each of them once', () => {
  expect(names.filter((name) => !existsSync(join(import.meta.dirname, `${name}.test.ts`)))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

it('begins with the longest files, and ends with the short ones', () => {
  const [longest = '', next = ''] = longFiles;
  const [short = ''] = shortFiles;
  const toFile = (name: string) => ({ path: `/src/${name}.test.ts` });
  const files = [short, 'a-new-file', next, 'another', longest].map(toFile);
  expect(LongestFirst().sort(files)).toEqual([longest, next, 'a-new-file', 'another', short].map(toFile));
});
