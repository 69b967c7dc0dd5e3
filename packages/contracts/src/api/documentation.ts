import * as z from 'zod/mini';

/** What the OpenAPI document says about a schema, beside its shape. */
interface Remarks {
  readonly id?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, object>>;
  /** What it must not match, if that is checked outside of the schema. */
  readonly not?: object;
}

/**
 * Names and descriptions of schemas, for the OpenAPI document. It is not zod's global registry: several functions with
 * the same schemas can run in one process.
 */
export const documentation = z.registry<Remarks>();

/** Lists the schema in the OpenAPI document as a component with this name. */
export const component = <Schema extends z.ZodMiniType>(name: string, schema: Schema): Schema => {
  documentation.add(schema, { id: name });
  return schema;
};

/** Adds a sentence for the reader of the OpenAPI document. The schema must not be used elsewhere. */
export const described = <Schema extends z.ZodMiniType>(description: string, schema: Schema): Schema => {
  documentation.add(schema, { description });
  return schema;
};
