import type { JsonObject } from './document.ts';

/**
 * The keywords of one schema of OpenAPI as draft 7 of JSON Schema writes them. Schemas inside it stay as they are.
 *
 * @param isOld - OpenAPI 3.0, which has a dialect of its own; 3.1 has draft 2020-12
 */
export const toDraft7 = (schema: JsonObject, isOld: boolean): JsonObject =>
  withExamples(isOld ? fromOpenApi30(schema) : from202012(schema));

/** Both versions have `example` for one example. */
function withExamples({ example, ...rest }: JsonObject): JsonObject {
  return example === undefined || rest.examples !== undefined ? rest : { ...rest, examples: [example] };
}

function fromOpenApi30({ nullable, minimum, exclusiveMinimum, maximum, exclusiveMaximum, ...rest }: JsonObject) {
  return {
    ...(nullable === true ? orNull(rest) : rest),
    ...toBound({ bound: 'minimum', exclusive: 'exclusiveMinimum' }, minimum, exclusiveMinimum),
    ...toBound({ bound: 'maximum', exclusive: 'exclusiveMaximum' }, maximum, exclusiveMaximum),
  };
}

/** `nullable` counts only beside `type`. A choice must have null among its values, too. */
function orNull(schema: JsonObject): JsonObject {
  if (typeof schema.type !== 'string') return schema;
  const choice = Array.isArray(schema.enum) && !schema.enum.includes(null) ? { enum: [...schema.enum, null] } : {};
  return { ...schema, type: [schema.type, 'null'], ...choice };
}

/** In OpenAPI 3.0, `exclusiveMinimum` is true or false and says what `minimum` means. */
function toBound(
  names: { readonly bound: string; readonly exclusive: string },
  bound: unknown,
  exclusive: unknown,
): JsonObject {
  if (exclusive === true) return bound === undefined ? {} : { [names.exclusive]: bound };
  return {
    ...(bound === undefined ? {} : { [names.bound]: bound }),
    ...(exclusive === undefined || exclusive === false ? {} : { [names.exclusive]: exclusive }),
  };
}

/** `prefixItems` was the list form of `items`, and what `items` says of the rest was `additionalItems`. */
function from202012({ prefixItems, ...schema }: JsonObject): JsonObject {
  if (!Array.isArray(prefixItems)) return schema;
  const { items, ...rest } = schema;
  return { ...rest, items: prefixItems, ...(items === undefined ? {} : { additionalItems: items }) };
}
