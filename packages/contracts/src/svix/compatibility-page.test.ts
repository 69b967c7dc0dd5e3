import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { defineOperations } from '../api/operation.ts';
import { absentOperations, absentParts } from './absent-operations.ts';
import { compatibilityPage } from './compatibility-page.ts';
import { differences } from './differences.ts';
import { readSdk } from './read-sdk.ts';
import { sdkMethods } from './sdk-methods.ts';

const get = {
  method: 'GET',
  path: '/api/v1/app/{id}',
  access: 'organisation',
  summary: 'Get a thing',
  answers: { 200: null },
} as const;

const rowOf = (page: string, request: string): string | undefined =>
  page
    .split('\n')
    .find((line) => line.includes(`\`${request}\``))
    ?.replaceAll(/ +/g, ' ');

describe('docs/compatibility.md', () => {
  it('is that of the contracts (otherwise run `pnpm run docs` at the root)', async () => {
    const file = join(import.meta.dirname, '../../../../docs/compatibility.md');
    expect(await readFile(file, 'utf8')).toBe(compatibilityPage(await readSdk()));
  });

  it('has a row for each method of the package', () => {
    const rows = compatibilityPage(new Map())
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows).toHaveLength(Object.keys(sdkMethods).length);
  });

  it('says that an operation with a contract works, whatever its parameters are called', () => {
    const page = compatibilityPage(new Map(), Object.values(defineOperations('things', { get })));
    expect(rowOf(page, 'GET /app/{app_id}')).toBe('| `get` | `GET /app/{app_id}` | works |');
    expect(rowOf(page, 'DELETE /app/{app_id}')).toBe('| `delete` | `DELETE /app/{app_id}` | not yet |');
    expect(rowOf(page, 'GET /stream')).toBe('| `list` | `GET /stream` | never |');
    expect(page.replaceAll(/\s+/g, ' ')).toContain('1 work, 0 work partly');
  });

  it('names the parameters and fields that the contract does not have', () => {
    const contract = { ...get, query: z.object({ limit: z.optional(z.string()) }) };
    const sdk = new Map([['application.get', { query: ['limit', 'tag'], fields: ['name'] }]]);
    const page = compatibilityPage(sdk, Object.values(defineOperations('things', { get: contract })));
    expect(page).toContain('- `application.get`: It does not read `tag`, `name`.');
  });

  it('finds the fields of a body, whatever it is wrapped in', () => {
    const one = z.object({ a: z.string() });
    const body = z.union([z.pipe(one, z.transform(String)), z.object({ b: z.string() })]);
    const contract = { ...get, method: 'PATCH', body } as const;
    const sdk = new Map([['application.patch', { query: [], fields: ['a', 'b', 'c'] }]]);
    const page = compatibilityPage(sdk, Object.values(defineOperations('things', { get: contract })));
    expect(page).toContain('- `application.patch`: It does not read `c`.');
  });

  it('gives a reason for each difference and each part that is absent', () => {
    const reasons = [...Object.values(differences).flat(), ...absentParts].map(({ why }) => why);
    expect(reasons.filter((why) => !/^[A-Z1-9`].*\.$/.test(why))).toEqual([]);
  });
});

describe('the operations that are answered with 501', () => {
  it('belong to a part each, and every part has some', () => {
    expect(new Set(absentOperations.map(({ part }) => part))).toEqual(new Set(absentParts));
  });
});
