import { schemaKeywords } from '../json-schema-keywords.ts';
import { findInDocument, isJsonObject, type JsonObject } from '../openapi/document.ts';
import { shorten } from './shorten.ts';

/** A schema of a tenant that cannot be used to check values, with the reason. */
export class UncheckableSchema extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'UncheckableSchema';
  }
}

/** A schema with a reference that leads nowhere. */
export class LostReference extends UncheckableSchema {
  /** The part of the schema that has the reference. */
  readonly at: JsonObject;

  constructor(at: JsonObject, cause: UncheckableSchema) {
    super(cause.message, { cause });
    this.name = 'LostReference';
    this.at = at;
  }
}

/** A schema, and the address that its references are relative to. */
export interface Located {
  readonly schema: unknown;
  readonly base: string;
}

/** Any address will do, if it is not one that a schema can have. */
const unnamed = 'schema:/';
const forms: ReadonlyMap<string, string> = new Map(Object.entries(schemaKeywords));

/**
 * Finds what the references of one schema lead to: `#`, JSON pointers, and the `$id`s in the schema itself. Nothing is
 * loaded from anywhere.
 */
export function createReferenceFinder(root: unknown) {
  const byAddress = new Map<string, Located>();
  const bases = new Map<JsonObject, string>();
  const rootBase = indexAddresses(root, { byAddress, bases });

  return {
    root: { schema: root, base: rootBase },
    /** About how many bytes the addresses take. */
    size: bytesOf(byAddress.keys()),
    /** The address that the references inside a schema are relative to. */
    baseOf: (schema: JsonObject, around: string): string => bases.get(schema) ?? around,
    /** @throws UncheckableSchema when it leads nowhere */
    find: (reference: string, base: string): Located => {
      const address = resolve(reference, base);
      const exact = byAddress.get(address);
      if (exact) return exact;
      const [document = '', fragment = ''] = address.split('#');
      const whole = byAddress.get(document);
      const schema = whole && (fragment === '' ? whole.schema : findInDocument(whole.schema, `#${fragment}`));
      if (whole === undefined || schema === undefined)
        throw new UncheckableSchema(`${shorten(reference)} leads nowhere`);
      return { schema, base: isJsonObject(schema) ? (bases.get(schema) ?? whole.base) : whole.base };
    },
  };
}

/** All addresses of a schema together, in characters. */
const maxAddressCharacters = 2_000_000;

/** Each address is there twice: it also is the base of what is inside. */
const bytesOf = (addresses: Iterable<string>): number =>
  [...addresses].reduce((bytes, address) => bytes + 2 * address.length, 0);

interface Index {
  readonly byAddress: Map<string, Located>;
  readonly bases: Map<JsonObject, string>;
}

/** Notes the address of each schema inside a schema. Returns the base of the schema itself. */
function indexAddresses(root: unknown, { byAddress, bases }: Index): string {
  const found: Located[] = [{ schema: root, base: unnamed }];
  byAddress.set(unnamed, { schema: root, base: unnamed });
  let characters = 0;
  // The loop also reaches the schemas that it finds.
  for (const { schema, base } of found) {
    if (!isJsonObject(schema)) continue;
    const own = typeof schema.$id === 'string' && typeof schema.$ref !== 'string' ? resolve(schema.$id, base) : base;
    // An `$id` that is a fragment names the schema, and changes no base.
    const inner = own.includes('#') && !own.endsWith('#') ? base : own.replace(/#$/, '');
    if (own !== base) characters += own.length;
    if (characters > maxAddressCharacters) throw new UncheckableSchema('its addresses are too long together');
    if (own !== base) byAddress.set(own.replace(/#$/, ''), { schema, base: inner });
    bases.set(schema, inner);
    found.push(...innerSchemas(schema).map((next) => ({ schema: next, base: inner })));
  }
  return (isJsonObject(root) && bases.get(root)) || unnamed;
}

/** The schemas that a schema contains directly. */
function innerSchemas(schema: JsonObject): unknown[] {
  return Object.entries(schema).flatMap(([keyword, value]) => {
    const form = keyword === '$defs' ? 'schema-by-name' : (forms.get(keyword) ?? '');
    if (!form.startsWith('schema')) return [];
    if (Array.isArray(value)) return value;
    return form.includes('-by-') && isJsonObject(value) ? Object.values(value) : [value];
  });
}

/** Each schema keeps its address, and addresses of schemas inside each other begin with those around them. */
const maxAddressLength = 2_000;

function resolve(reference: string, base: string): string {
  if (reference.length > maxAddressLength || base.length > maxAddressLength)
    throw new UncheckableSchema(`an address in it has more than ${maxAddressLength} characters`);
  try {
    return new URL(reference, base).href;
  } catch (cause) {
    throw new UncheckableSchema(`${shorten(reference)} is no address`, { cause });
  }
}
