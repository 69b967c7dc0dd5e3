import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonSchema } from './json-schema.ts';
import type { DescribedApi } from './read-document.ts';

/** Whether a value matches a schema of the document. */
export type Matches = (schema: JsonSchema, value: unknown) => boolean;

/** Compares values with the schemas of an OpenAPI document. */
export function createMatcher({ components }: Pick<DescribedApi, 'components'>): Matches {
  const ajv = new Ajv2020({ strictTypes: false, formats: { 'date-time': true, uri: true, regex: true } });
  ajv.addVocabulary(['components', 'schemas']);
  ajv.addSchema({ $id: 'document', components });
  const compiled = new Map<JsonSchema, ValidateFunction>();
  return (schema, value) => {
    const validate = compiled.get(schema) ?? ajv.compile(withWholeReferences(schema));
    compiled.set(schema, validate);
    return validate(value);
  };
}

/** References are within the document. */
const withWholeReferences = (schema: JsonSchema): object =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"document#/components'));
