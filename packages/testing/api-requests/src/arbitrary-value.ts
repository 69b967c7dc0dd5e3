import fc from 'fast-check';
import type { JsonSchema } from './json-schema.ts';

export interface ValueSources {
  readonly components: Readonly<Record<string, JsonSchema>>;
  /**
   * Values of members whose rules a schema cannot say, by the member's name; `undefined` for a member that is left out. A
   * URL must be of a type that is allowed, for example, and an event type must exist.
   */
  readonly known: Readonly<Record<string, fc.Arbitrary<unknown> | undefined>>;
  /** The components that are being made, from the outermost one. */
  readonly within?: readonly string[];
}

/** Values that match a schema. */
export function arbitraryValue(schema: JsonSchema, sources: ValueSources): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return arbitraryComponent(schema.$ref, sources);
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.properties) return arbitraryObject(schema, sources);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((one) => arbitraryValue(one, sources)));
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['object']);
  return fc.oneof(...types.map((type) => arbitraryOfType(type, schema, sources)));
}

/** A component can contain itself. Inside itself it is an empty object. */
function arbitraryComponent(reference: string, sources: ValueSources): fc.Arbitrary<unknown> {
  const { within = [] } = sources;
  if (within.includes(reference)) return fc.constant({});
  return arbitraryValue(componentOf(reference, sources), { ...sources, within: [...within, reference] });
}

const componentOf = (reference: string, { components }: ValueSources): JsonSchema => {
  const component = components[reference.slice(reference.lastIndexOf('/') + 1)];
  if (component === undefined) throw new Error(`the document does not have ${reference}`);
  return component;
};

function arbitraryOfType(type: string, schema: JsonSchema, sources: ValueSources): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return fc.integer({
        min: Math.max(schema.minimum ?? 0, (schema.exclusiveMinimum ?? -1) + 1),
        max: Math.min(schema.maximum ?? 1_000, 2 ** 31 - 1),
      });
    case 'string':
      return arbitraryText(schema);
    case 'array':
      return arbitraryList(schema, sources);
    case 'object':
      return arbitraryMap(schema, sources);
    default:
      throw new Error(`the document has a type that no values are made for: ${type}`);
  }
}

const maxItems = 3;
const maxCharacters = 30;
/** Names of members that every JSON object may have. */
const memberName = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.'), minLength: 1, maxLength: 8 });

function arbitraryList(
  { items = {}, minItems = 0, maxItems: most = maxItems, uniqueItems }: JsonSchema,
  sources: ValueSources,
): fc.Arbitrary<unknown> {
  const length = { minLength: minItems, maxLength: Math.min(most, minItems + maxItems) };
  const member = arbitraryValue(items, sources);
  return uniqueItems ? fc.uniqueArray(member, length) : fc.array(member, length);
}

function arbitraryObject({ properties = {}, required = [] }: JsonSchema, sources: ValueSources): fc.Arbitrary<unknown> {
  const members = Object.entries(properties).flatMap(([name, schema]) => {
    if (!Object.hasOwn(sources.known, name)) return [[name, arbitraryValue(schema, sources)] as const];
    const known = sources.known[name];
    return known === undefined ? [] : [[name, known] as const];
  });
  return fc.record(Object.fromEntries(members), { requiredKeys: [...required], noNullPrototype: true });
}

const arbitraryMap = ({ additionalProperties }: JsonSchema, sources: ValueSources): fc.Arbitrary<unknown> =>
  fc.dictionary(
    memberName,
    typeof additionalProperties === 'object' && Object.keys(additionalProperties).length > 0
      ? arbitraryValue(additionalProperties, sources)
      : fc.jsonValue({ maxDepth: 2 }),
    { maxKeys: 4, noNullPrototype: true },
  );

function arbitraryText({
  format,
  pattern,
  minLength = 0,
  maxLength = maxCharacters,
}: JsonSchema): fc.Arbitrary<string> {
  if (format === 'date-time') return fc.date({ min: earliest, max: latest, noInvalidDate: true }).map(toInstant);
  if (format === 'regex') return fc.constantFrom('^a*$', '[0-9]{2}', '');
  if (format === 'uri') return fc.webUrl({ validSchemes: ['https'] });
  const length = { minLength, maxLength: Math.min(maxLength, Math.max(minLength, maxCharacters)) };
  if (pattern === undefined) return fc.string({ ...length, unit: 'grapheme' });
  const form = new RegExp(pattern, 'u');
  return fc.string({ ...length, unit: fc.constantFrom(...'abcXYZ019-_.') }).filter((text) => form.test(text));
}

const earliest = new Date('2025-01-01T00:00:00Z');
const latest = new Date('2026-12-31T00:00:00Z');
const toInstant = (date: Date): string => date.toISOString();
