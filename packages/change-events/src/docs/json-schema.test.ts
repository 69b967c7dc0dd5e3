import { readFile } from 'node:fs/promises';
import { jsonSchemaPath, jsonSchemaText } from './json-schema-text.ts';

describe('docs/posthorn.sources.schema.json', () => {
  it('is the schema of this version (otherwise run `pnpm run docs` at the root)', async () => {
    expect(JSON.parse(await readFile(jsonSchemaPath, 'utf8'))).toEqual(JSON.parse(jsonSchemaText()));
  });
});
