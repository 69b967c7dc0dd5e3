import { compileSchema } from '@posthorn/core/event-type/payload/compile-schema';
import fc from 'fast-check';
import { makeExample } from './make-example.ts';

const limits = { maxSteps: 100_000, maxMismatches: 20 };
const mismatches = (schema: unknown) => compileSchema(schema).check(makeExample(schema), limits);

it.each([
  [{ type: 'object', examples: [{ a: 1 }, { a: 2 }] }, { a: 1 }],
  [
    { properties: { total: { type: 'integer', minimum: 5 }, at: { type: 'string', format: 'date-time' } } },
    { total: 5, at: '2026-01-01T00:00:00Z' },
  ],
  [
    { properties: { state: { enum: ['open', 'closed'] }, kind: { const: 'order' }, note: { default: 'none' } } },
    { state: 'open', kind: 'order', note: 'none' },
  ],
  [
    {
      properties: { items: { type: 'array', items: { $ref: '#/definitions/item' } } },
      definitions: { item: { properties: { sku: { type: 'string' } } } },
    },
    { items: [{ sku: 'text' }] },
  ],
  [
    { allOf: [{ properties: { a: { type: 'boolean' } } }, { properties: { b: { type: ['null', 'number'] } } }] },
    { a: true, b: 1 },
  ],
  [
    { required: ['id'], anyOf: [{ properties: { x: { type: 'null' } } }, { properties: { y: {} } }] },
    { x: null, id: 'text' },
  ],
  [
    { properties: { text: { type: 'string', minLength: 6, maxLength: 7 }, short: { type: 'string', maxLength: 2 } } },
    { text: 'text..', short: 'te' },
  ],
])('makes the same example of %j each time', (schema, example) => {
  expect(makeExample(schema)).toEqual(example);
  expect(mismatches(schema)).toEqual([]);
});

it('ends for a schema that requires itself', () => {
  const schema = {
    $ref: '#/definitions/tree',
    definitions: {
      tree: {
        required: ['next'],
        properties: { next: { $ref: '#/definitions/tree' }, also: { $ref: '#/definitions/tree' } },
      },
    },
  };
  expect(JSON.stringify(makeExample(schema)).length).toBeLessThan(10_000);
});

const limitsOfNumber = fc.record(
  {
    type: fc.constantFrom('integer', 'number'),
    minimum: fc.integer({ min: -50, max: 50 }),
    multipleOf: fc.integer({ min: 1, max: 7 }),
  },
  { requiredKeys: ['type'] },
);
const { schema: anySchema } = fc.letrec<{ schema: Record<string, unknown> }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 4 },
    limitsOfNumber,
    fc.record({ type: fc.constantFrom('integer', 'number'), exclusiveMinimum: fc.integer({ min: -50, max: 50 }) }),
    fc.record({ type: fc.constantFrom('integer', 'number'), maximum: fc.integer({ min: -50, max: 50 }) }),
    fc.record({ type: fc.constantFrom('integer', 'number'), exclusiveMaximum: fc.integer({ min: -50, max: 50 }) }),
    fc.record({ type: fc.constant('string'), minLength: fc.integer({ min: 0, max: 40 }) }, { requiredKeys: ['type'] }),
    fc.record({ type: fc.constantFrom('boolean', 'null', ['null', 'string']) }),
    fc.record({ enum: fc.array(fc.jsonValue(), { minLength: 1 }) }),
    fc.record({ type: fc.constant('array'), items: tie('schema'), minItems: fc.integer({ min: 0, max: 3 }) }),
    fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('schema')),
        required: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd')),
      },
      { requiredKeys: ['type'] },
    ),
  ),
}));

it('makes an example that fits the schema', () =>
  fc.assert(fc.property(anySchema, (schema) => expect(mismatches(schema)).toEqual([]))));
