/** The form of a keyword's value. `schema…` forms contain JSON Schemas. */
export type KeywordForm =
  | 'text'
  | 'flag'
  | 'number'
  | 'positive-number'
  | 'count'
  | 'pattern'
  | 'list'
  | 'names'
  | 'types'
  | 'schema'
  | 'schema-list'
  | 'schema-or-list'
  | 'schema-by-name'
  | 'schema-by-pattern'
  | 'schema-or-names-by-name';

/** Every keyword of JSON Schema, draft 7, with a form of its own. The others (`default`, `const`) take any value. */
export const schemaKeywords = {
  $id: 'text',
  $schema: 'text',
  $ref: 'text',
  $comment: 'text',
  title: 'text',
  description: 'text',
  readOnly: 'flag',
  writeOnly: 'flag',
  examples: 'list',
  multipleOf: 'positive-number',
  maximum: 'number',
  exclusiveMaximum: 'number',
  minimum: 'number',
  exclusiveMinimum: 'number',
  maxLength: 'count',
  minLength: 'count',
  pattern: 'pattern',
  additionalItems: 'schema',
  items: 'schema-or-list',
  maxItems: 'count',
  minItems: 'count',
  uniqueItems: 'flag',
  contains: 'schema',
  maxProperties: 'count',
  minProperties: 'count',
  required: 'names',
  additionalProperties: 'schema',
  definitions: 'schema-by-name',
  properties: 'schema-by-name',
  patternProperties: 'schema-by-pattern',
  dependencies: 'schema-or-names-by-name',
  propertyNames: 'schema',
  enum: 'list',
  type: 'types',
  format: 'text',
  contentMediaType: 'text',
  contentEncoding: 'text',
  if: 'schema',
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema. Nothing awaits this object.
  then: 'schema',
  else: 'schema',
  allOf: 'schema-list',
  anyOf: 'schema-list',
  oneOf: 'schema-list',
  not: 'schema',
} as const satisfies Readonly<Record<string, KeywordForm>>;

/** The values of the keyword `type`. */
export const schemaTypes = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'] as const;

/** All patterns of an event type together have at most this many characters. */
export const maxPatternCharacters = 8_192;
