import fc from 'fast-check';
import { arbitraryText } from './arbitrary-text.ts';
import type { JsonSchema } from './json-schema.ts';
import { type KnownValues, withoutContradiction } from './known-values.ts';

export interface ValueSources {
  readonly components: Readonly<Record<string, JsonSchema>>;
  readonly known: KnownValues;
  /** The components that are being made, from the outermost one. */
  readonly within?: readonly string[];
}

/** Values that match a schema, also those at its bounds. */
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
      return arbitraryNumber(schema);
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

/** How far numbers and lengths without a bound go. */
const someNumber = 1_000;
const someItems = 3;
/** Names of members that every JSON object may have. */
const memberName = fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.'), minLength: 1, maxLength: 8 });

function arbitraryNumber({ minimum, exclusiveMinimum, maximum }: JsonSchema): fc.Arbitrary<number> {
  const least = minimum ?? (exclusiveMinimum === undefined ? -someNumber : exclusiveMinimum + 1);
  const most = maximum ?? Math.max(least, 0) + someNumber;
  return fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: least, max: most }) },
    { weight: 1, arbitrary: fc.constantFrom(least, most) },
  );
}

function arbitraryList(
  { items = {}, minItems = 0, maxItems, uniqueItems, contains }: JsonSchema,
  sources: ValueSources,
): fc.Arbitrary<unknown> {
  const length = {
    minLength: minItems,
    maxLength: Math.min(maxItems ?? Number.POSITIVE_INFINITY, minItems + someItems),
  };
  const member = arbitraryValue(items, sources);
  if (uniqueItems) return fc.uniqueArray(member, length);
  const usual = fc.array(member, length);
  const full = member.map((one) => Array(maxItems ?? minItems).fill(one));
  const list = fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: full });
  const needed = contains?.const;
  return needed === undefined ? list : list.map((some) => (some.includes(needed) ? some : [...some, needed]));
}

function arbitraryObject(schema: JsonSchema, sources: ValueSources): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema;
  const members = Object.entries(properties).flatMap(([name, member]) => {
    const value = arbitraryMember(name, member, sources);
    return value === undefined ? [] : [[name, value] as const];
  });
  const named = fc.record(Object.fromEntries(members), { requiredKeys: [...required], noNullPrototype: true });
  // An unknown member is ignored.
  const others =
    typeof additionalProperties === 'object' ? arbitraryMap(schema, sources) : fc.constantFrom({}, { unknown: 1 });
  return fc
    .tuple(additionalProperties === false ? fc.constant({}) : others, named, fc.nat())
    .map(([more, some, choice]) => withoutContradiction({ ...more, ...some }, choice));
}

/** Values of a member, or of a parameter. */
export function arbitraryMember(
  name: string,
  schema: JsonSchema,
  sources: ValueSources,
): fc.Arbitrary<unknown> | undefined {
  const known = sources.known[name];
  const fromSchema = arbitraryValue(schema, sources);
  return known === undefined ? fromSchema : known(fromSchema);
}

function arbitraryMap(
  { additionalProperties, propertyNames, maxProperties = 4 }: JsonSchema,
  sources: ValueSources,
): fc.Arbitrary<object> {
  const isAny = typeof additionalProperties !== 'object' || Object.keys(additionalProperties).length === 0;
  const value = isAny ? fc.jsonValue({ maxDepth: 2 }) : arbitraryValue(additionalProperties, sources);
  const hasForm = propertyNames?.$ref !== undefined || propertyNames?.pattern !== undefined;
  // Names are texts.
  const name = (hasForm ? arbitraryValue(propertyNames, sources) : memberName) as fc.Arbitrary<string>;
  return fc
    .uniqueArray(fc.tuple(name, value), {
      maxLength: maxProperties,
      // Names of headers are compared without case.
      selector: ([one]) => (hasForm ? one.toLowerCase() : one),
    })
    .map((entries) => Object.fromEntries(entries));
}
