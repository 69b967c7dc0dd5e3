import { schemaKeywords } from '@posthorn/core/event-type/json-schema-keywords';
import * as z from 'zod/mini';
import { jsonSchemas } from './json-schema.ts';
import { openApiDocument } from './openapi.ts';

describe('a JSON Schema in a request', () => {
  it('is accepted as it is', () => {
    const schema = { type: 'object', properties: { constructor: { const: { a: [1] } } }, nullable: true };
    expect(z.parse(jsonSchemas, { 1: schema })).toEqual({ 1: schema });
  });

  it('is refused with every place that is wrong', () => {
    const parsed = z.safeParse(jsonSchemas, { 1: { type: 'text', allOf: [{ not: 1 }] }, 2: null });
    expect(parsed.error?.issues.map(({ path }) => path)).toEqual([['1', 'type'], ['2'], ['1', 'allOf', 0, 'not']]);
  });

  it('is described in the OpenAPI document, with all of its keywords', () => {
    const { schemas } = openApiDocument().components;
    const reference = { $ref: '#/components/schemas/JsonSchema' };
    const properties: unknown = schemas.JsonSchema?.properties;
    expect(schemas.JsonSchema?.type).toEqual(['object', 'boolean']);
    expect(Object.keys(properties ?? {})).toEqual(Object.keys(schemaKeywords));
    expect(properties).toMatchObject({ not: reference, properties: { additionalProperties: reference } });
    for (const name of ['EventTypeIn', 'EventTypeUpsertIn', 'EventTypePatch']) {
      expect(JSON.stringify(schemas[name])).toContain(JSON.stringify(reference));
    }
  });
});
