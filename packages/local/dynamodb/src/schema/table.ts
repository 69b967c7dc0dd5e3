import type { AttributeValue } from '../values.ts';

export interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

export interface IndexDescription {
  readonly IndexName: string;
  readonly KeySchema: readonly KeyElement[];
  readonly Projection: {
    readonly ProjectionType: 'ALL' | 'INCLUDE' | 'KEYS_ONLY';
    readonly NonKeyAttributes?: readonly string[];
  };
  readonly IndexStatus?: 'CREATING' | 'ACTIVE';
  readonly [other: string]: unknown;
}

/** The part of a table's description that defines keys and indexes. */
export interface TableLayout {
  readonly KeySchema: readonly KeyElement[];
  readonly AttributeDefinitions: readonly {
    readonly AttributeName: string;
    readonly AttributeType: 'S' | 'N' | 'B';
  }[];
  readonly LocalSecondaryIndexes?: readonly IndexDescription[];
  readonly GlobalSecondaryIndexes?: readonly IndexDescription[];
}

export type StreamViewType = 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES' | 'KEYS_ONLY';

/** The table in a response of DescribeTable. */
export interface TableDescription extends TableLayout {
  readonly TableName: string;
  readonly TableArn: string;
  readonly TableStatus: 'ACTIVE';
  readonly StreamSpecification?: { readonly StreamEnabled: true; readonly StreamViewType: StreamViewType };
  readonly LatestStreamArn?: string;
  readonly LatestStreamLabel?: string;
  readonly DeletionProtectionEnabled: boolean;
  readonly [other: string]: unknown;
}

/** An index, as needed to write its rows. Its id is never used again. */
export interface Index {
  readonly id: string;
  readonly kind: 'Local' | 'Global';
  readonly name: string;
  readonly schema: readonly KeyElement[];
  /** Attributes that are projected into its rows. All if absent. */
  readonly attributes?: readonly string[];
}

export interface Table {
  readonly id: string;
  readonly description: TableDescription;
  /** Ids of the indexes by name. */
  readonly indexIds: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly timeToLive?: string;
  /** Id of the stream that changes are written to. */
  readonly streamId?: string;
  /**
   * Indexes and time to live that do not have all existing items yet. After a crash, the next start finishes this work.
   */
  readonly unfinished?: { readonly indexes: readonly string[]; readonly timeToLive: boolean };
}

const known = new WeakMap<Table, readonly Index[]>();

/** Returns the indexes in the order of the description. They are cached, because `Table` objects are immutable. */
export function indexesOf(table: Table): readonly Index[] {
  const indexes = known.get(table) ?? toIndexes(table);
  known.set(table, indexes);
  return indexes;
}

function toIndexes({ description, indexIds }: Table): readonly Index[] {
  const toIndex = (kind: Index['kind']) => (index: IndexDescription) => ({
    id: indexIds[index.IndexName] ?? '',
    kind,
    name: index.IndexName,
    schema: index.KeySchema,
    ...attributesOf(index, description),
  });
  return [
    ...(description.LocalSecondaryIndexes ?? []).map(toIndex('Local')),
    ...(description.GlobalSecondaryIndexes ?? []).map(toIndex('Global')),
  ];
}

function attributesOf({ KeySchema, Projection }: IndexDescription, table: TableLayout): Pick<Index, 'attributes'> {
  if (Projection.ProjectionType === 'ALL') return {};
  const keys = [...KeySchema, ...table.KeySchema].map(({ AttributeName }) => AttributeName);
  return { attributes: [...new Set([...keys, ...(Projection.NonKeyAttributes ?? [])])] };
}

export const keyNamesOf = (schema: readonly KeyElement[]): readonly string[] =>
  schema.map(({ AttributeName }) => AttributeName);

/** Returns the key attributes of an item. */
export const keyOf = (item: Readonly<Record<string, AttributeValue>>, schema: readonly KeyElement[]) =>
  Object.fromEntries(
    schema.flatMap(({ AttributeName: name }) => (item[name] === undefined ? [] : [[name, item[name]]])),
  ) as Readonly<Record<string, AttributeValue>>;
