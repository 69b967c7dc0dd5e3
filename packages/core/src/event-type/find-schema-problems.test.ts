import { Ajv } from 'ajv';
import fc from 'fast-check';
import { findSchemaProblems } from './find-schema-problems.ts';
import { maxPatternCharacters, schemaKeywords, schemaTypes } from './json-schema-keywords.ts';

const problemsOf = (schema: unknown) =>
  findSchemaProblems({ 1: schema }, 100).map(({ path: [version, ...path], message }) => {
    expect(version).toBe('1');
    return { path, message };
  });

describe('a JSON Schema', () => {
  it.each([
    ['that allows everything', true],
    ['that allows nothing', false],
    ['without keywords', {}],
    ['with keywords of others, and of later drafts', { nullable: 'yes', $defs: 1, prefixItems: 'x', constructor: 1 }],
    ['with any value as default and constant', { default: { type: 'text' }, const: { allOf: [] } }],
    ['with any values as examples and choices', { examples: [{ type: 'text' }], enum: [null, { not: 1 }] }],
    ['whose pattern escapes more than it needs to', { pattern: '^[\\w\\-.]+\\@\\_$' }],
    ['of a later draft', { $schema: 'https://json-schema.org/draft/2020-12/schema', type: ['string', 'null'] }],
    [
      'of a usual event',
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        title: 'Invoice paid',
        type: 'object',
        required: ['id'],
        properties: {
          id: { type: 'string', pattern: '^in_[0-9]+$', maxLength: 40 },
          lines: { type: 'array', items: { $ref: '#/definitions/line' }, minItems: 1, uniqueItems: true },
        },
        patternProperties: { '^x-': true },
        dependencies: { coupon: ['discount'], tax: { required: ['country'] } },
        definitions: { line: { oneOf: [{ type: 'integer', multipleOf: 0.01 }, { const: null }] } },
        additionalProperties: false,
      },
    ],
  ])('%s is valid', (_, schema) => expect(problemsOf(schema)).toEqual([]));

  it.each<[string, unknown, readonly (string | number)[]]>([
    ['is a text', 'object', []],
    ['is null', null, []],
    ['is a list', [], []],
    ['has an unknown type', { type: 'text' }, ['type']],
    ['has the same type twice', { type: ['string', 'string'] }, ['type']],
    ['has no type in its list', { type: [] }, ['type']],
    ['has null as type', { type: null }, ['type']],
    ['requires a number', { required: [1] }, ['required']],
    ['requires a name twice', { required: ['a', 'a'] }, ['required']],
    ['requires by true, as draft 3 does', { required: true }, ['required']],
    ['has a length below 0', { minLength: -1 }, ['minLength']],
    ['has a broken length', { maxLength: 1.5 }, ['maxLength']],
    ['has a text as bound', { minimum: '1' }, ['minimum']],
    ['has an exclusive bound as draft 4 has', { exclusiveMinimum: true }, ['exclusiveMinimum']],
    ['has an endless bound', { maximum: Number.POSITIVE_INFINITY }, ['maximum']],
    ['is a multiple of 0', { multipleOf: 0 }, ['multipleOf']],
    ['has a flag as text', { uniqueItems: 'true' }, ['uniqueItems']],
    ['has a title that is no text', { title: 1 }, ['title']],
    ['chooses from no list', { enum: 'a' }, ['enum']],
    ['has an empty list of schemas', { allOf: [] }, ['allOf']],
    ['has an empty list of items', { items: [] }, ['items']],
    ['has no schema in a list', { anyOf: [{}, 1] }, ['anyOf', 1]],
    ['has no schema as item', { items: [true, { type: 1 }] }, ['items', 1, 'type']],
    ['has no object as properties', { properties: [] }, ['properties']],
    ['has no schema as property', { properties: { a: 'string' } }, ['properties', 'a']],
    ['has no schema deep inside', { not: { items: { if: { else: 'x' } } } }, ['not', 'items', 'if', 'else']],
    ['has no regular expression', { properties: { a: { pattern: '(' } } }, ['properties', 'a', 'pattern']],
    ['has no regular expression as name', { patternProperties: { '[': {} } }, ['patternProperties', '[']],
    ['depends on a number', { dependencies: { a: 1 } }, ['dependencies', 'a']],
    ['depends on a name twice', { dependencies: { a: ['b', 'b'] } }, ['dependencies', 'a']],
  ])('that %s is not valid, and the place is named', (_, schema, path) => {
    expect(problemsOf(schema)).toEqual([{ path, message: expect.stringMatching(/^must be /) }]);
  });

  it('shows all of its problems', () => {
    const schema = { type: 'text', properties: { a: { minimum: 'x' }, b: 1 } };
    expect(problemsOf(schema).map(({ path }) => path.join('.'))).toEqual([
      'type',
      'properties.a.minimum',
      'properties.b',
    ]);
  });

  it('shows only as many problems as are asked for', () => {
    expect(findSchemaProblems({ 1: { allOf: Array(20_000).fill(1) }, 2: 'x' }, 3)).toHaveLength(3);
  });

  it('may have patterns up to a limit, all together', () => {
    const half = 'a'.repeat(maxPatternCharacters / 2);
    const withPatterns = (...patterns: string[]) => ({ allOf: patterns.map((pattern) => ({ pattern })) });
    expect(problemsOf(withPatterns(half, half))).toEqual([]);
    expect(problemsOf(withPatterns(half, half, 'a'))).toEqual([
      { path: ['allOf', 2, 'pattern'], message: expect.stringContaining(`${maxPatternCharacters} characters`) },
    ]);
    expect(problemsOf({ patternProperties: { [half]: {}, [`${half}b`]: {} } })).toHaveLength(1);
    const versions = { 1: { pattern: half }, 2: { pattern: half }, 3: { pattern: 'a' } };
    expect(findSchemaProblems(versions, 100)).toMatchObject([{ path: ['3', 'pattern'] }]);
  });

  it('may be nested deeper than the stack', () => {
    let schema: unknown = 'no schema';
    for (let depth = 0; depth < 50_000; depth += 1) schema = { not: schema };
    expect(problemsOf(schema)).toHaveLength(1);
  });
});

describe('the check of a JSON Schema', () => {
  const isText = (text: string): boolean => {
    try {
      return new RegExp(text) instanceof RegExp;
    } catch {
      return false;
    }
  };
  const ajv = new Ajv({ strict: false, formats: { regex: isText, uri: true, 'uri-reference': true } });
  const isDraft7 = ajv.getSchema('http://json-schema.org/draft-07/schema');

  const anyText = fc.constantFrom('a', 'b', '', '^a+$', '(', '[', 'string', 'object');
  const anyLeaf = fc.oneof(
    anyText,
    fc.boolean(),
    fc.constantFrom(...schemaTypes, null, -1, 0, 0.5, 1, 7),
    fc.array(fc.oneof(anyText, fc.constantFrom(...schemaTypes), fc.integer())),
  );
  // Ajv's copy of the meta-schema is older: it asks for distinct values in `enum`, and does not know `writeOnly`.
  const keywords = Object.keys(schemaKeywords).filter((name) => name !== 'enum' && name !== 'writeOnly');
  const { schema: anySchema } = fc.letrec((tie) => ({
    schema: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.boolean(),
      fc.dictionary(fc.constantFrom(...keywords), tie('value'), { maxKeys: 4 }),
    ),
    value: fc.oneof(
      { depthSize: 'small' },
      anyLeaf,
      tie('schema'),
      fc.array(tie('schema'), { maxLength: 3 }),
      fc.dictionary(anyText, fc.oneof(tie('schema'), anyLeaf), { maxKeys: 3 }),
    ),
  }));

  it('agrees with the meta-schema of draft 7, as Ajv reads it', () => {
    let valid = 0;
    fc.assert(
      fc.property(anySchema, (schema) => {
        const isValid = isDraft7?.(schema);
        if (isValid === true) valid += 1;
        expect(problemsOf(schema).length === 0).toBe(isValid);
      }),
      { seed: 8, numRuns: 5_000 },
    );
    // The property would say little if nearly all schemas were of one kind.
    expect(valid).toBeGreaterThan(500);
    expect(valid).toBeLessThan(4_500);
  });
});
