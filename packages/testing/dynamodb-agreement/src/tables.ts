import {
  type AttributeDefinition,
  CreateTableCommand,
  type CreateTableCommandInput,
  type Projection,
  type StreamViewType,
} from '@aws-sdk/client-dynamodb';
import type { Store } from './store.ts';

export interface Key {
  readonly name: string;
  readonly type: 'S' | 'N' | 'B';
}

export interface Index {
  readonly name: string;
  readonly kind: 'global' | 'local';
  readonly hash: Key;
  readonly range?: Key;
  readonly projection: Projection;
}

/** A table that the runs write to and query, and read the stream of. */
export interface Table {
  readonly name: string;
  readonly hash: Key;
  readonly range?: Key;
  readonly indexes: readonly Index[];
  readonly view: StreamViewType;
}

const key = (name: string, type: Key['type']): Key => ({ name, type });
const all: Projection = { ProjectionType: 'ALL' };
const keysOnly: Projection = { ProjectionType: 'KEYS_ONLY' };

/** Hash key alone, an index without a range key. */
const plain: Table = {
  name: 'plain',
  hash: key('id', 'S'),
  indexes: [{ name: 'by_group', kind: 'global', hash: key('g', 'S'), projection: all }],
  view: 'NEW_AND_OLD_IMAGES',
};

/** Numbers in order, both kinds of index. */
const ordered: Table = {
  name: 'ordered',
  hash: key('p', 'S'),
  range: key('n', 'N'),
  indexes: [
    { name: 'by_text', kind: 'local', hash: key('p', 'S'), range: key('t', 'S'), projection: all },
    { name: 'by_group', kind: 'global', hash: key('g', 'S'), range: key('n', 'N'), projection: keysOnly },
  ],
  view: 'NEW_AND_OLD_IMAGES',
};

/** Bytes in order under a number, an index with some attributes. */
const bytes: Table = {
  name: 'bytes',
  hash: key('k', 'N'),
  range: key('b', 'B'),
  indexes: [
    {
      name: 'by_number',
      kind: 'global',
      hash: key('m', 'N'),
      range: key('b', 'B'),
      projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['a', 'c'] },
    },
  ],
  view: 'NEW_IMAGE',
};

/** Strings in order under bytes, two indexes. */
const texts: Table = {
  name: 'texts',
  hash: key('h', 'B'),
  range: key('s', 'S'),
  indexes: [
    { name: 'by_bytes', kind: 'local', hash: key('h', 'B'), range: key('y', 'B'), projection: keysOnly },
    { name: 'by_text', kind: 'global', hash: key('t', 'S'), range: key('m', 'N'), projection: all },
  ],
  view: 'OLD_IMAGE',
};

export const tables: readonly Table[] = [plain, ordered, bytes, texts];

export const keysOf = ({ hash, range }: Pick<Table, 'hash' | 'range'>): readonly Key[] =>
  range === undefined ? [hash] : [hash, range];

/** The attributes with a fixed type: keys of the table or of an index. */
export const typedAttributes = (table: Table): readonly Key[] => [
  ...new Map([table, ...table.indexes].flatMap(keysOf).map((one) => [one.name, one])).values(),
];

const schemaOf = (keyed: Pick<Table, 'hash' | 'range'>) =>
  keysOf(keyed).map(({ name }, place) => ({
    AttributeName: name,
    KeyType: place === 0 ? ('HASH' as const) : ('RANGE' as const),
  }));

const indexInput = (index: Index) => ({
  IndexName: index.name,
  KeySchema: schemaOf(index),
  Projection: index.projection,
});

/** The input of CreateTable. */
function tableInput(table: Table): CreateTableCommandInput {
  const local = table.indexes.filter(({ kind }) => kind === 'local').map(indexInput);
  const global = table.indexes.filter(({ kind }) => kind === 'global').map(indexInput);
  return {
    TableName: table.name,
    KeySchema: schemaOf(table),
    AttributeDefinitions: typedAttributes(table).map(
      ({ name, type }): AttributeDefinition => ({ AttributeName: name, AttributeType: type }),
    ),
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamEnabled: true, StreamViewType: table.view },
    ...(local.length > 0 ? { LocalSecondaryIndexes: local } : {}),
    ...(global.length > 0 ? { GlobalSecondaryIndexes: global } : {}),
  };
}

export async function createTables({ dynamodb }: Store): Promise<void> {
  for (const table of tables) await dynamodb.send(new CreateTableCommand(tableInput(table)));
}
