import { Ajv } from 'ajv';
import { findSchemaProblems } from '../find-schema-problems.ts';
import { createSchemaConverter } from './convert-schema.ts';

const convert = (schema: unknown, schemas: object = {}, openapi = '3.1.0') =>
  createSchemaConverter({ openapi, components: { schemas } })(schema, ['here']);
const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

describe('a schema of OpenAPI', () => {
  it('stays as it is if it refers to nothing', () => {
    const schema = { type: 'object', properties: { $ref: { const: { $ref: '#/x' } } }, default: { nullable: true } };
    expect(convert(schema)).toEqual(schema);
    expect(convert(true)).toBe(true);
    expect(convert('no schema')).toBe('no schema');
  });

  it('that refers to a component alone becomes that component', () => {
    expect(convert(reference('Pet'), { Pet: { type: 'string' } })).toEqual({ type: 'string' });
  });

  it('gets what it refers to as definitions, directly or through others', () => {
    const schemas = { Pet: { items: reference('Tag') }, Tag: { not: reference('Colour') }, Colour: {}, Unused: {} };
    expect(convert({ properties: { pet: reference('Pet') } }, schemas)).toEqual({
      properties: { pet: { $ref: '#/definitions/Pet' } },
      definitions: {
        Pet: { items: { $ref: '#/definitions/Tag' } },
        Tag: { not: { $ref: '#/definitions/Colour' } },
        Colour: {},
      },
    });
  });

  it('may refer to itself', () => {
    const Node = { type: 'object', properties: { next: reference('Node') } };
    const converted = convert(reference('Node'), { Node });
    const next = { $ref: '#/definitions/Node' };
    expect(converted).toMatchObject({ properties: { next }, definitions: { Node: { properties: { next } } } });
    const isValid = new Ajv().compile(converted as object);
    expect(isValid({ next: { next: {} } })).toBe(true);
    expect(isValid({ next: { next: 1 } })).toBe(false);
  });

  it('keeps what stands beside a reference, as later drafts do', () => {
    expect(convert({ items: { description: 'A pet', allOf: [{}], ...reference('Pet') } }, { Pet: {} })).toMatchObject({
      items: { description: 'A pet', allOf: [{}, { $ref: '#/definitions/Pet' }] },
    });
    expect(convert({ items: { description: 'A pet', ...reference('Pet') } }, { Pet: {} }, '3.0.3')).toMatchObject({
      items: { $ref: '#/definitions/Pet' },
    });
  });

  it('may have names that need escapes', () => {
    const $ref = '#/components/schemas/a~1b%20c';
    expect(convert({ not: { $ref } }, { 'a/b c': { title: 'x' } })).toEqual({
      not: { $ref: '#/definitions/a~1b%20c' },
      definitions: { 'a/b c': { title: 'x' } },
    });
  });

  it('that was pasted into the document keeps its own definitions', () => {
    const schema = { not: { $ref: '#/definitions/a' }, definitions: { a: { type: 'null' } } };
    expect(convert(schema)).toEqual(schema);
  });

  it.each([
    ['a component that does not exist', { items: reference('Cat') }],
    ['a part of a component', { items: { $ref: '#/components/schemas/Pet/properties/a' } }],
    ['another document', { items: { $ref: 'https://example.com/pet.json' } }],
    ['a component with the name of an own definition', { items: reference('Pet'), definitions: { Pet: {} } }],
  ])('is refused with a reference to %s', (_, schema) => {
    const refusal = expect.objectContaining({
      issues: [{ loc: ['here'], msg: expect.any(String), type: 'value_error' }],
    });
    expect(() => convert(schema, { Pet: { properties: { a: {} } } })).toThrow(refusal);
  });

  it.each<[string, string, unknown, unknown]>([
    ['nullable', '3.0.3', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
    [
      'a nullable choice',
      '3.0.3',
      { type: 'string', nullable: true, enum: ['a'] },
      { type: ['string', 'null'], enum: ['a', null] },
    ],
    ['nullable without a type', '3.0.3', { nullable: true }, {}],
    ['not nullable', '3.0.3', { type: 'string', nullable: false }, { type: 'string' }],
    ['an exclusive bound', '3.0.0', { minimum: 1, exclusiveMinimum: true }, { exclusiveMinimum: 1 }],
    ['an inclusive bound', '3.0.0', { maximum: 1, exclusiveMaximum: false }, { maximum: 1 }],
    ['an example', '3.0.0', { example: 'a' }, { examples: ['a'] }],
    ['a tuple', '3.1.0', { prefixItems: [{}], items: false }, { items: [{}], additionalItems: false }],
    ['a bound of later drafts', '3.1.0', { exclusiveMinimum: 1 }, { exclusiveMinimum: 1 }],
  ])('is written as draft 7 writes it: %s', (_, openapi, schema, expected) => {
    const converted = convert({ properties: { a: { items: schema } } }, {}, openapi);
    expect(converted).toEqual({ properties: { a: { items: expected } } });
    expect(findSchemaProblems({ 1: converted }, 1)).toEqual([]);
  });
});
