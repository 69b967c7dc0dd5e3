import * as z from 'zod/mini';

type JsonSchema = Readonly<Record<string, unknown>>;

/** What the OpenAPI document says about a schema, beside its shape. */
interface Remarks {
  readonly id?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, object>>;
  /** Requirements that zod cannot express. */
  readonly allOf?: readonly JsonSchema[];
  readonly maxProperties?: number;
  readonly contains?: JsonSchema;
  /** Replaces the schema that zod makes. */
  readonly written?: Written;
}

/** What an installation decides about the values that it takes. */
export interface ValueOptions {
  /** Whether URLs of endpoints may be http. */
  readonly allowHttp?: boolean;
}

/** A schema, or how to make it for an installation. */
type Written = JsonSchema | ((options: ValueOptions) => JsonSchema);

/**
 * Names and descriptions of schemas, for the OpenAPI document. It is not zod's global registry: several functions with
 * the same schemas can run in one process.
 */
export const documentation = z.registry<Remarks>();

/** Lists the schema in the OpenAPI document as a component with this name. */
export const component = <Schema extends z.ZodMiniType>(name: string, schema: Schema): Schema =>
  remark(schema, { id: name });

/**
 * The same schema, with a sentence for the reader of the OpenAPI document. Where the schema itself is used, it has none.
 *
 * @throws Error if the schema is a component: the document would have two of the same name
 */
export function described<Schema extends z.ZodMiniType>(description: string, schema: Schema): Schema {
  const remarks = documentation.get(schema);
  if (remarks?.id !== undefined) throw new Error(`${remarks.id} is a component: describe what refers to it`);
  const copy = schema.clone();
  documentation.add(copy, { ...remarks, description });
  return copy;
}

/**
 * Says how a client writes a value, where the check itself does not: a number in a query string reaches the server as
 * text, and the form of a URL is checked elsewhere.
 *
 * @param written - the schema of the value, with all its bounds
 */
export const writtenAs = <Schema extends z.ZodMiniType>(written: Written, schema: Schema): Schema =>
  remark(schema, { written });

/** Adds limits that zod has no check for. The schema must not be used elsewhere. */
export const withLimits = <Schema extends z.ZodMiniType>(
  limits: Pick<Remarks, 'maxProperties' | 'contains' | 'properties'>,
  schema: Schema,
): Schema => remark(schema, limits);

/** Adds requirements of an object that no single field has: of each list, at least one schema must match. */
export const matchingAny = <Schema extends z.ZodMiniType>(
  lists: readonly (readonly JsonSchema[])[],
  schema: Schema,
): Schema => remark(schema, { allOf: lists.map((anyOf) => ({ anyOf })) });

/** A requirement for `matchingAny`: the members are not given together. Null counts as not given. */
export const notTogether = (...names: readonly string[]): readonly JsonSchema[] =>
  names.map((name) => ({ properties: { [name]: { type: 'null' } } }));

function remark<Schema extends z.ZodMiniType>(schema: Schema, remarks: Remarks): Schema {
  documentation.add(schema, { ...documentation.get(schema), ...remarks });
  return schema;
}
