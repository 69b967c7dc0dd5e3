import { ValidationError } from '../../errors.ts';
import { schemaKeywords } from '../json-schema-keywords.ts';
import { findInDocument, isJsonObject, type JsonObject, nameOfPart } from './document.ts';
import { toDraft7 } from './to-draft-7.ts';

/** Makes a JSON Schema of draft 7 that is complete in itself. `loc` is the place of the schema in the request. */
export type ConvertSchema = (schema: unknown, loc: readonly string[]) => unknown;

/** A schema whose references lead to `definitions`, and the components of the document that must be there. */
interface Converted {
  readonly schema: unknown;
  readonly components: readonly string[];
}

/** The keywords that contain schemas, those of later drafts included. */
const forms: ReadonlyMap<string, string> = new Map([
  ...Object.entries(schemaKeywords),
  ['$defs', 'schema-by-name'],
  ['dependentSchemas', 'schema-by-name'],
  ['unevaluatedItems', 'schema'],
  ['unevaluatedProperties', 'schema'],
]);

const prefix = '#/components/schemas/';

/**
 * Converts schemas of one OpenAPI document of version 3. The components that a schema needs are copied into its
 * `definitions`, each once, so a component that refers to itself stays as it is. References to other places are refused:
 * parts of components inside each other could make a small document large.
 *
 * @throws ValidationError when a schema refers to what is not there
 */
export function createSchemaConverter(document: JsonObject): ConvertSchema {
  const isOld = String(document.openapi).startsWith('3.0');
  const known = new Map<string, Converted>();

  const convert = (schema: unknown, root: unknown, loc: readonly string[]): Converted => {
    const components = new Set<string>();
    const rewrite = (reference: string): string => {
      const name = reference.startsWith(prefix) ? reference.slice(prefix.length) : '';
      if (name !== '' && !name.includes('/') && findInDocument(document, reference) !== undefined) {
        components.add(name);
        return `#/definitions/${name}`;
      }
      // A schema that was pasted into the document refers to itself as if it stood alone.
      if (findInDocument(root, reference) !== undefined) return reference;
      throw unknownReference(reference, loc);
    };
    return { schema: rewriteSchema(schema, { isOld, rewrite }), components: [...components] };
  };
  const convertComponent = (name: string, loc: readonly string[]): Converted => {
    const converted = known.get(name) ?? convert(findInDocument(document, prefix + name), undefined, loc);
    known.set(name, converted);
    return converted;
  };

  return (schema, loc) => {
    const root = (isBareReference(schema) && findInDocument(document, schema.$ref)) || schema;
    const { schema: converted, components } = convert(root, root, loc);
    const reached = new Set(components);
    const definitions: [string, unknown][] = [];
    // The loop also reaches the components that it finds.
    for (const name of reached) {
      const component = convertComponent(name, loc);
      definitions.push([nameOfPart(name), component.schema]);
      for (const next of component.components) reached.add(next);
    }
    return withDefinitions(converted, definitions, loc);
  };
}

const isBareReference = (schema: unknown): schema is { readonly $ref: string } =>
  isJsonObject(schema) && typeof schema.$ref === 'string' && Object.keys(schema).length === 1;

function withDefinitions(
  schema: unknown,
  definitions: readonly (readonly [string, unknown])[],
  loc: readonly string[],
): unknown {
  if (definitions.length === 0 || !isJsonObject(schema)) return schema;
  const own = isJsonObject(schema.definitions) ? schema.definitions : {};
  const twice = definitions.find(([name]) => Object.hasOwn(own, name));
  if (twice) throw refusal(loc, `has a definition ${twice[0]} of its own beside the component of this name`);
  // In draft 7 nothing counts beside a reference.
  const root = typeof schema.$ref === 'string' ? { allOf: [schema] } : schema;
  return { ...root, definitions: { ...own, ...Object.fromEntries(definitions) } };
}

interface Rewriting {
  readonly isOld: boolean;
  readonly rewrite: (reference: string) => string;
}

/** What is no schema stays as it is: the check of schemas refuses it. */
function rewriteSchema(schema: unknown, rewriting: Rewriting): unknown {
  if (!isJsonObject(schema)) return schema;
  const { $ref, ...rest } = schema;
  if (typeof $ref !== 'string') return rewriteKeywords(schema, rewriting);
  const reference = { $ref: rewriting.rewrite($ref) };
  // In draft 7, and in OpenAPI 3.0, nothing counts beside a reference. Later it does.
  if (rewriting.isOld || Object.keys(rest).length === 0) return reference;
  const { allOf, ...others } = rest;
  const all = Array.isArray(allOf) ? allOf.map((inner) => rewriteSchema(inner, rewriting)) : [];
  return { ...rewriteKeywords(others, rewriting), allOf: [...all, reference] };
}

const rewriteKeywords = (schema: JsonObject, rewriting: Rewriting): JsonObject =>
  Object.fromEntries(
    Object.entries(toDraft7(schema, rewriting.isOld)).map(([keyword, value]) => [
      keyword,
      rewriteValue(forms.get(keyword), value, rewriting),
    ]),
  );

function rewriteValue(form: string | undefined, value: unknown, rewriting: Rewriting): unknown {
  if (form === undefined || !form.startsWith('schema')) return value;
  const inner = (schema: unknown) => rewriteSchema(schema, rewriting);
  if (Array.isArray(value)) return value.map(inner);
  if (!form.includes('-by-')) return inner(value);
  if (!isJsonObject(value)) return value;
  // A list in `dependencies` has names.
  const entries = Object.entries(value).map(([name, it]) => [name, Array.isArray(it) ? it : inner(it)] as const);
  return Object.fromEntries(entries);
}

function unknownReference(reference: string, loc: readonly string[]): ValidationError {
  const shown = reference.length > 200 ? `${reference.slice(0, 200)}…` : reference;
  return refusal(loc, `refers to ${shown}: a schema may refer to ${prefix}… in the same document`);
}

const refusal = (loc: readonly string[], msg: string): ValidationError =>
  new ValidationError([{ loc, msg, type: 'value_error' }]);
