import { isObject } from './is-object.ts';

type Schema = Readonly<Record<string, unknown>>;

interface Place {
  /** The whole schema: references lead into it. */
  readonly root: unknown;
  readonly depth: number;
}

/** Below this depth, members that are not required are left out, so that a schema that refers to itself ends. */
const maxDepth = 5;
/** A schema that requires itself has no example of any size. */
const deepest = 30;

const instant = '2026-01-01T00:00:00Z';
/** A text of each format that is often asked for. */
const formats: Readonly<Record<string, string>> = {
  'date-time': instant,
  date: instant.slice(0, 10),
  time: instant.slice(11),
  duration: 'P1D',
  email: 'somebody@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  'uri-reference': '/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

/**
 * Makes a value that a JSON Schema of draft 7 describes: the same one each time. Values that the schema names are used
 * (`examples`, `example`, `default`, `const`, `enum`); others are made from types, formats and limits. Patterns and
 * conditions are not looked at, so the value may not fit a schema that has them.
 */
export const makeExample = (schema: unknown): unknown => exampleAt(schema, { root: schema, depth: 0 });

function exampleAt(schema: unknown, place: Place): unknown {
  if (!isObject(schema) || place.depth > deepest) return {};
  const named = namedValue(schema);
  if (named) return named.value;
  const { $ref, allOf, anyOf, oneOf } = schema;
  if (typeof $ref === 'string') return exampleAt(follow($ref, place.root), deeper(place));
  if (Array.isArray(allOf)) return joinAll([...allOf, { ...schema, allOf: undefined }], place);
  const [choice] = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : [];
  if (choice !== undefined) return joinAll([choice, { ...schema, anyOf: undefined, oneOf: undefined }], place);
  return exampleOfType(schema, place);
}

const deeper = ({ root, depth }: Place): Place => ({ root, depth: depth + 1 });

/** A value that the schema itself has. */
function namedValue(schema: Schema): { readonly value: unknown } | undefined {
  if (Array.isArray(schema.examples) && schema.examples.length > 0) return { value: schema.examples[0] };
  for (const name of ['example', 'default', 'const']) if (schema[name] !== undefined) return { value: schema[name] };
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return { value: schema.enum[0] };
  return undefined;
}

/** The members of all of them, if each makes an object. Otherwise the first value that is no empty object. */
function joinAll(schemas: readonly unknown[], place: Place): unknown {
  const values = schemas.map((one) => exampleAt(one, deeper(place)));
  const other = values.find((value) => !isObject(value));
  return other === undefined ? Object.assign({}, ...values) : other;
}

function exampleOfType(schema: Schema, place: Place): unknown {
  switch (typeOf(schema)) {
    case 'array':
      return exampleOfArray(schema, place);
    case 'string':
      return exampleOfText(schema);
    case 'integer':
    case 'number':
      return exampleOfNumber(schema);
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return exampleOfObject(schema, place);
  }
}

function typeOf({ type, properties, items }: Schema): unknown {
  if (Array.isArray(type)) return type.find((one) => one !== 'null') ?? 'null';
  if (type !== undefined) return type;
  return properties === undefined && items !== undefined ? 'array' : 'object';
}

function exampleOfObject({ properties, required }: Schema, place: Place): unknown {
  const known = isObject(properties) ? properties : {};
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  const wanted = Object.keys(known).filter((name) => place.depth < maxDepth || needed.includes(name));
  const others = needed.filter((name): name is string => typeof name === 'string' && !Object.hasOwn(known, name));
  const members = wanted.map((name) => [name, exampleAt(known[name], deeper(place))]);
  return Object.fromEntries([...members, ...others.map((name) => [name, 'text'])]);
}

function exampleOfArray({ items, minItems }: Schema, place: Place): unknown {
  const least = typeof minItems === 'number' ? minItems : 0;
  if (Array.isArray(items)) return items.map((item) => exampleAt(item, deeper(place)));
  const length = Math.max(least, items !== undefined && place.depth < maxDepth ? 1 : 0);
  return Array.from({ length: Math.min(length, 100) }, () => exampleAt(items ?? { type: 'string' }, deeper(place)));
}

function exampleOfText({ format, minLength, maxLength }: Schema): string {
  const known = typeof format === 'string' && Object.hasOwn(formats, format) ? formats[format] : undefined;
  const least = typeof minLength === 'number' ? Math.min(minLength, 10_000) : 0;
  const text = (known ?? 'text').padEnd(least, '.');
  return typeof maxLength === 'number' ? text.slice(0, Math.max(maxLength, 0)) : text;
}

/** The least multiple within the limits that is not negative if that is possible. */
function exampleOfNumber(schema: Schema): number {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf, type } = schema;
  const step = typeof multipleOf === 'number' && multipleOf > 0 ? multipleOf : 1;
  if (typeof minimum === 'number' || typeof exclusiveMinimum === 'number') {
    const [at, above] = [
      Number(minimum ?? Number.NEGATIVE_INFINITY),
      Number(exclusiveMinimum ?? Number.NEGATIVE_INFINITY),
    ];
    const least = Math.ceil(Math.max(at, above) / step) * step;
    return least > above ? least : least + step;
  }
  const [at, below] = [
    Number(maximum ?? Number.POSITIVE_INFINITY),
    Number(exclusiveMaximum ?? Number.POSITIVE_INFINITY),
  ];
  if (step <= at && step < below) return step;
  const most = Math.floor(Math.min(at, below) / step) * step;
  const value = most < below ? most : most - step;
  return type === 'integer' ? Math.floor(value) : value;
}

/** What a reference into the same schema leads to; `undefined` for any other reference. */
function follow(reference: string, root: unknown): unknown {
  if (!reference.startsWith('#')) return undefined;
  const names = decode(reference.slice(1)).split('/').slice(1);
  return names
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (value, name) => (typeof value === 'object' && value !== null ? Object(value)[name] : undefined),
      root,
    );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
