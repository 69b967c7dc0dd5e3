import { findSchemaProblems, type SchemaProblem } from '@posthorn/core/event-type/find-schema-problems';
import {
  type KeywordForm,
  maxPatternCharacters,
  schemaKeywords,
  schemaTypes,
} from '@posthorn/core/event-type/json-schema-keywords';
import { findLostReference } from '@posthorn/core/event-type/payload/compile-schema';
import * as z from 'zod/mini';
import { documentation } from './documentation.ts';

/** A schema can be wrong in thousands of places. The first ones are enough. */
const maxProblems = 100;

const jsonSchema = z.unknown();

/** JSON Schemas of draft 7, by version. */
export const jsonSchemas = z.record(z.string(), jsonSchema).check(
  z.superRefine((versions, { addIssue }) => {
    const problems = findSchemaProblems(versions, maxProblems);
    for (const { path, message } of problems.length > 0 ? problems : findLostReferences(versions)) {
      addIssue({ code: 'custom', path: [...path], message, input: versions });
    }
  }),
);

/** One for each version that has some. */
function findLostReferences(versions: Readonly<Record<string, unknown>>): readonly SchemaProblem[] {
  return Object.entries(versions).flatMap(([version, schema]) => {
    const problem = findLostReference(schema);
    return problem ? [{ ...problem, path: [version, ...problem.path] }] : [];
  });
}

const id = 'JsonSchema';
const reference = { $ref: `#/components/schemas/${id}` };
const names = { type: 'array', items: { type: 'string' }, uniqueItems: true };
const schemas = { type: 'array', items: reference, minItems: 1 };
const pattern = { type: 'string', format: 'regex' };

/** How each form of a keyword is written in the OpenAPI document. */
const documented: Readonly<Record<KeywordForm, object>> = {
  text: { type: 'string' },
  flag: { type: 'boolean' },
  number: { type: 'number' },
  'positive-number': { type: 'number', exclusiveMinimum: 0 },
  count: { type: 'integer', minimum: 0 },
  pattern,
  list: { type: 'array' },
  names,
  types: {
    anyOf: [{ enum: schemaTypes }, { type: 'array', items: { enum: schemaTypes }, minItems: 1, uniqueItems: true }],
  },
  schema: reference,
  'schema-list': schemas,
  'schema-or-list': { anyOf: [reference, schemas] },
  'schema-by-name': { type: 'object', additionalProperties: reference },
  'schema-by-pattern': { type: 'object', additionalProperties: reference, propertyNames: pattern },
  'schema-or-names-by-name': { type: 'object', additionalProperties: { anyOf: [reference, names] } },
};

documentation.add(jsonSchema, {
  id,
  description:
    'A JSON Schema of draft 7. All patterns of an event type together have at most ' +
    `${maxPatternCharacters} characters. Each \`$ref\` leads to a place in the same schema.`,
  type: ['object', 'boolean'],
  properties: Object.fromEntries(Object.entries(schemaKeywords).map(([name, form]) => [name, documented[form]])),
});
