import type { AttributeValue, Item } from '../values.ts';
import { type KeyElement, keyNamesOf, type Table, type TableLayout } from './table.ts';

export interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

/** The key attributes of a table, and of all its indexes. */
export interface KeyAttributes {
  readonly own: readonly KeyAttribute[];
  readonly indexed: readonly KeyAttribute[];
}

const known = new WeakMap<TableLayout, KeyAttributes>();

/** Returns the key attributes of a table. They are cached, because descriptions are immutable. */
export function keyAttributesOf({ description }: Pick<Table, 'description'>): KeyAttributes {
  const found = known.get(description);
  if (found) return found;
  const indexes = [...(description.GlobalSecondaryIndexes ?? []), ...(description.LocalSecondaryIndexes ?? [])];
  const names = new Set(indexes.flatMap(({ KeySchema }) => keyNamesOf(KeySchema)));
  const attributes = {
    own: schemaAttributesOf(description.KeySchema, description),
    indexed: description.AttributeDefinitions.filter(({ AttributeName }) => names.has(AttributeName)).map(
      ({ AttributeName: name, AttributeType: type }) => ({ name, type }),
    ),
  };
  known.set(description, attributes);
  return attributes;
}

const knownSchemas = new WeakMap<readonly KeyElement[], readonly KeyAttribute[]>();

/** Returns the attributes of a key schema of the table or of an index. They are cached. */
export function schemaAttributesOf(
  schema: readonly KeyElement[],
  { AttributeDefinitions }: TableLayout,
): readonly KeyAttribute[] {
  const found = knownSchemas.get(schema);
  if (found) return found;
  const attributes = keyNamesOf(schema).flatMap((name) => {
    const type = AttributeDefinitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
    return type === undefined ? [] : [{ name, type }];
  });
  knownSchemas.set(schema, attributes);
  return attributes;
}

/** Keys up to this number of characters are never too long, whatever their encoding. */
const shortCharacters = 341;

/**
 * Returns whether the keys of an item certainly fit its table and indexes. Otherwise the checks of dynalite find out,
 * with their messages.
 */
export function hasPlainKeys(item: Item, table: Pick<Table, 'description'>): boolean {
  const { own, indexed } = keyAttributesOf(table);
  return own.every((key) => isPlainKey(item[key.name], key)) && indexed.every((key) => isAbsentOrPlain(item, key));
}

/** Returns whether an item certainly has the key of a table and nothing else. */
export function isPlainKeyOf(key: Item, table: Pick<Table, 'description'>): boolean {
  const { own } = keyAttributesOf(table);
  return Object.keys(key).length === own.length && own.every((attribute) => isPlainKey(key[attribute.name], attribute));
}

const isAbsentOrPlain = (item: Item, key: KeyAttribute): boolean =>
  !Object.hasOwn(item, key.name) || isPlainKey(item[key.name], key);

function isPlainKey(value: AttributeValue | undefined, { type }: KeyAttribute): boolean {
  const content = value?.[type];
  return content !== undefined && content !== '' && content.length <= shortCharacters;
}
