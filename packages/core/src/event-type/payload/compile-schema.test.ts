import { Ajv } from 'ajv';
import fc from 'fast-check';
import { TooManySteps } from './check.ts';
import { compileSchema, findLostReference } from './compile-schema.ts';
import { UncheckableSchema } from './find-reference.ts';
import { isMultipleOf } from './is-multiple-of.ts';

const limits = { maxMismatches: 100, maxSteps: 1_000_000 };
const check = (schema: unknown, payload: unknown) =>
  compileSchema(schema)
    .check(payload, limits)
    .map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('a payload', () => {
  it('fits its schema', () => {
    const schema = { type: 'object', required: ['id'], properties: { id: { type: 'integer', minimum: 1 } } };
    expect(check(schema, { id: 7, more: null })).toEqual([]);
  });

  it('is told every place that does not fit', () => {
    const line = { type: 'object', properties: { price: { multipleOf: 0.01 }, name: { maxLength: 2 } } };
    const schema = { required: ['id'], properties: { lines: { items: line } }, additionalProperties: false };
    expect(check(schema, { lines: [{ price: 19.99 }, { price: 0.001, name: 'abc' }, 1], x: 1 })).toEqual([
      ': must have id',
      'lines.1.price: must be a multiple of 0.01',
      'lines.1.name: must have at most 2 characters',
      'lines.2: must be object',
      'x: is not in the schema',
    ]);
  });

  it('is told only as many places as are asked for', () => {
    const found = compileSchema({ items: { type: 'string' } }).check(Array(1_000).fill(1), {
      ...limits,
      maxMismatches: 3,
    });
    expect(found).toHaveLength(3);
  });

  it('is counted in characters, not in code units', () => {
    expect(check({ maxLength: 1 }, '🦄')).toEqual([]);
    expect(check({ minLength: 2 }, '🦄')).toHaveLength(1);
  });
});

describe('a reference', () => {
  it.each([
    ['to the whole schema', { properties: { next: { $ref: '#' }, id: { type: 'integer' } } }],
    [
      'to a definition',
      {
        $ref: '#/definitions/a~1b',
        definitions: { 'a/b': { properties: { next: { $ref: '#/definitions/a~1b' }, id: { type: 'integer' } } } },
      },
    ],
    [
      'to a name',
      {
        $ref: '#node',
        definitions: { node: { $id: '#node', properties: { next: { $ref: '#node' }, id: { type: 'integer' } } } },
      },
    ],
    [
      'to an address',
      { $id: 'https://example.com/a.json', properties: { next: { $ref: 'a.json' }, id: { type: 'integer' } } },
    ],
    [
      'to the definitions of later drafts',
      {
        $ref: '#/$defs/node',
        $defs: { node: { properties: { next: { $ref: '#/$defs/node' }, id: { type: 'integer' } } } },
      },
    ],
  ])('%s is followed', (_, schema) => {
    expect(check(schema, { next: { next: { id: 1 } } })).toEqual([]);
    expect(check(schema, { next: { next: { id: 'x' } } })).toEqual(['next.next.id: must be integer']);
  });

  it.each([
    [{ $ref: '#/definitions/nope' }, ['$ref']],
    [{ allOf: [true, { properties: { a: { $ref: 'http://x.y/z' } } }] }, ['allOf', 1, 'properties', 'a', '$ref']],
    [{ $ref: '#/$defs/a', $defs: { a: { items: { $ref: '#b' } } } }, ['$defs', 'a', 'items', '$ref']],
    [{ not: { $ref: 'http://[' }, pattern: '(?=a)' }, ['not', '$ref']],
  ])('that leads nowhere is found: %j', (schema, path) => {
    expect(findLostReference(schema)).toEqual({
      path,
      message: expect.stringMatching(/^must lead to a place in this/),
    });
  });

  it.each([
    { properties: { next: { $ref: '#' } } },
    { $ref: '#' },
    { $ref: '#node', definitions: { node: { $id: '#node' } } },
    { $id: 'https://example.com/a.json', items: { $ref: 'a.json' } },
    { definitions: { unused: { $ref: '#/nowhere' } }, properties: { a: { $dynamicRef: '#b' } } },
    { default: { $ref: '#/nowhere' }, pattern: '(?=a)' },
  ])('that values can be checked with, or that counts for nothing, is not: %j', (schema) => {
    expect(findLostReference(schema)).toBeUndefined();
  });

  it('hides what is beside it, as draft 7 says', () => {
    expect(check({ $ref: '#/definitions/a', type: 'null', definitions: { a: true } }, 1)).toEqual([]);
  });

  it.each(['#/definitions/b', 'https://example.com/other.json', '#name', 'http://['])(
    'to %s cannot be used',
    ($ref) => {
      expect(() => compileSchema({ not: { $ref } })).toThrow(UncheckableSchema);
    },
  );

  it.each([
    ['of later drafts', { items: { $ref: '#/$defs/a' }, $defs: { a: { required: 'id' } } }],
    ['that says how values look', { not: { $ref: '#/default' }, default: { pattern: '(' } }],
    ['that lists values', { not: { $ref: '#/enum/0' }, enum: [{ items: [] }] }],
    ['of a keyword', { properties: { type: { const: 1 } }, not: { $ref: '#/properties' } }],
    ['that nobody knows', { not: { $ref: '#/x/y' }, x: { y: { $ref: '#/x/z' }, z: { maxLength: -1 } } }],
    ['that is a text', { not: { $ref: '#/title' }, title: 'a' }],
  ])('to a place %s leads to a schema only', (_, schema) => {
    expect(() => compileSchema(schema)).toThrow(UncheckableSchema);
  });

  it('does not lift the limit of all patterns together', () => {
    const $defs = Object.fromEntries([...'abc'].map((name) => [name, { pattern: name.repeat(4_000) }]));
    const refer = (names: string) => ({ allOf: [...names].map((name) => ({ $ref: `#/$defs/${name}` })), $defs });
    expect(check(refer('ab'), 1)).toEqual([]);
    expect(check(refer('aaabbb'), 1)).toEqual([]);
    expect(() => compileSchema(refer('abc'))).toThrow('#/$defs/c.pattern must be shorter');
  });

  it.each([
    ['to itself', { $ref: '#' }],
    [
      'in a circle',
      { $ref: '#/definitions/a', definitions: { a: { $ref: '#/definitions/b' }, b: { $ref: '#/definitions/a' } } },
    ],
    ['inside itself', { allOf: [{ $ref: '#' }] }],
  ])('%s ends the check', (_, schema) => {
    expect(() => compileSchema(schema).check({}, limits)).toThrow(TooManySteps);
  });

  it('that takes twice as long on each level ends the check', () => {
    const twice = {
      anyOf: [
        { properties: { a: { $ref: '#' } }, required: ['b'] },
        { properties: { a: { $ref: '#' } }, required: ['b'] },
      ],
    };
    let payload: object = {};
    for (let depth = 0; depth < 60; depth += 1) payload = { a: payload };
    expect(() => compileSchema(twice).check(payload, limits)).toThrow(TooManySteps);
  });
});

it.each([
  [19.99, 0.01, true],
  [0.3, 0.1, true],
  [1e300, 3, false],
  [1e-7, 1e-8, true],
  [-6, 4, false],
  [0, 7, true],
  [Number.POSITIVE_INFINITY, 7, false],
])('%d is a multiple of %d: %s', (value, divisor, expected) => expect(isMultipleOf(value, divisor)).toBe(expected));

describe('the size of a schema', () => {
  const sizeOf = (schema: unknown) => compileSchema(schema).size;

  it.each([
    [
      'schemas',
      {
        allOf: Array(2_000)
          .fill(0)
          .map(() => ({})),
      },
    ],
    ['repeats', { pattern: '(?:a{0,90}){90}' }],
    ['properties of characters', { pattern: '[\\p{L}][\\p{N}][\\P{M}]'.repeat(10) }],
    ['classes', { pattern: '[a]\\d[^b]\\s'.repeat(200) }],
    [
      'addresses',
      {
        $id: `https://example.com/${'a'.repeat(1_000)}/`,
        allOf: Array.from('abcdefgh'.repeat(40), ($id, n) => ({ $id: `${$id}${n}` })),
      },
    ],
  ])('grows with its %s', (_, schema) => expect(sizeOf(schema)).toBeGreaterThan(400_000));

  it('has a limit for all patterns together', () => {
    const repeating = (count: number) => ({
      allOf: Array.from({ length: count }, (_, n) => ({ pattern: `a{9000}${n}` })),
    });
    expect(sizeOf(repeating(5))).toBeLessThan(5_000_000);
    expect(() => compileSchema(repeating(6))).toThrow('its patterns repeat too much');
  });
});

it('tells a number that is too large from null', () => {
  const payload = JSON.parse('{"n":1e999}');
  expect(check({ properties: { n: { enum: [null] } } }, payload)).toHaveLength(1);
  expect(check({ properties: { n: { multipleOf: 2, type: 'integer' } } }, payload)).toHaveLength(2);
});

describe('the check of payloads', () => {
  const names = ['a', 'b', 'ab', '__proto__'];
  const anyValue = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<unknown>(null, true, false, 0, 1, 2, -3, 0.5, '', 'a', 'ab', 'b🦄'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'ab'), tie('value'), { maxKeys: 3 }),
    ),
  })).value;
  const someNames = fc.uniqueArray(fc.constantFrom('a', 'b', 'ab'), { maxLength: 2 });
  const pattern = fc.constantFrom('^a', 'b$', '^[ab]+$', '.');
  const size = fc.integer({ min: 0, max: 3 });
  const types = fc.constantFrom('array', 'boolean', 'integer', 'null', 'number', 'object', 'string');
  const { schema: anySchema } = fc.letrec<{ schema: unknown }>((tie) => {
    const inner = tie('schema');
    const list = fc.array(inner, { minLength: 1, maxLength: 3 });
    const keywords: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
      type: fc.oneof(types, fc.uniqueArray(types, { minLength: 1, maxLength: 3 })),
      enum: fc.array(anyValue, { minLength: 1, maxLength: 4 }),
      const: anyValue,
      minimum: size,
      maximum: size,
      exclusiveMinimum: size,
      exclusiveMaximum: size,
      multipleOf: fc.constantFrom(1, 2, 0.5),
      minLength: size,
      maxLength: size,
      pattern,
      minItems: size,
      maxItems: size,
      uniqueItems: fc.boolean(),
      items: fc.oneof(inner, list),
      additionalItems: inner,
      contains: inner,
      minProperties: size,
      maxProperties: size,
      required: someNames,
      properties: fc.dictionary(fc.constantFrom(...names), inner, { maxKeys: 3 }),
      patternProperties: fc.dictionary(pattern, inner, { maxKeys: 2 }),
      additionalProperties: inner,
      propertyNames: inner,
      dependencies: fc.dictionary(fc.constantFrom('a', 'b'), fc.oneof(inner, someNames), { maxKeys: 2 }),
      allOf: list,
      anyOf: list,
      oneOf: list,
      not: inner,
      if: inner,
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema. Nothing awaits this object.
      then: inner,
      else: inner,
    };
    const entry = fc.oneof(...Object.entries(keywords).map(([name, value]) => value.map((it) => [name, it] as const)));
    const object = fc.array(entry, { maxLength: 4 }).map((entries) => Object.fromEntries(entries));
    return { schema: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.boolean(), object) };
  });

  /** As `JSON.parse` makes it: with usual prototypes, and without -0. */
  const asParsed = <Value>(value: fc.Arbitrary<Value>) => value.map((it): Value => JSON.parse(JSON.stringify(it)));

  it('agrees with Ajv', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false, validateSchema: false, ownProperties: true });
    let accepted = 0;
    fc.assert(
      fc.property(
        asParsed(anySchema),
        asParsed(fc.array(anyValue, { minLength: 1, maxLength: 8 })),
        (schema, values) => {
          const isValid = ajv.compile(schema as object);
          for (const value of values) {
            const expected = isValid(value);
            if (expected) accepted += 1;
            expect([value, check(schema, value).length === 0]).toEqual([value, expected]);
          }
        },
      ),
      { seed: 12, numRuns: 3_000 },
    );
    expect(accepted).toBeGreaterThan(1_000);
  });
});
