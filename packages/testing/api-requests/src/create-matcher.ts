import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonSchema } from './json-schema.ts';
import type { DescribedApi } from './read-document.ts';

/** Whether a value matches a schema of the document. */
export type Matches = (schema: JsonSchema, value: unknown) => boolean;

/** Compares values with the schemas of an OpenAPI document. */
export function createMatcher({ components }: Pick<DescribedApi, 'components'>): Matches {
  const ajv = new Ajv2020({ strictTypes: false, formats });
  ajv.addVocabulary(['components', 'schemas']);
  ajv.addSchema({ $id: 'document', components });
  const compiled = new Map<JsonSchema, ValidateFunction>();
  return (schema, value) => {
    const validate = compiled.get(schema) ?? ajv.compile(withWholeReferences(schema));
    compiled.set(schema, validate);
    return validate(value);
  };
}

/** RFC 3339, with seconds. */
const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

const isRegularExpression = (text: string): boolean => {
  try {
    return Boolean(new RegExp(text, 'u'));
  } catch {
    return false;
  }
};

const formats = {
  'date-time': (text: string) => time.test(text) && !Number.isNaN(Date.parse(text)),
  uri: (text: string) => URL.canParse(text),
  regex: isRegularExpression,
};

/** References are within the document. */
const withWholeReferences = (schema: JsonSchema): object =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"document#/components'));
