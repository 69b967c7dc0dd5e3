import {
  type AttributeValue,
  CreateTableCommand,
  type CreateTableCommandInput,
  PutItemCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { OpenStore, Store } from '../store.ts';

/** What the tests of a contract use: the store, and new tables for each test. */
export interface Contract {
  store(): Store;
  /** Creates a table and returns its name when it is active. By default its hash key is `id`, a string. */
  createTable(input?: Partial<CreateTableCommandInput>): Promise<string>;
  put(table: string, ...items: readonly Record<string, AttributeValue>[]): Promise<void>;
  /** A name that no other test uses. */
  name(): string;
}

export type Chapter = (contract: Contract) => void;

/** Runs the chapters of a contract against one store. */
export function describeContract(name: string, open: OpenStore, chapters: Readonly<Record<string, Chapter>>): void {
  describe(name, () => {
    let opened: Store | undefined;
    let made = 0;
    const store = () => {
      if (opened === undefined) throw new Error('not started');
      return opened;
    };
    const nextName = () => {
      made += 1;
      return `table_${String(made).padStart(3, '0')}`;
    };
    const contract: Contract = {
      store,
      name: nextName,
      async createTable(input = {}) {
        const { dynamodb } = store();
        const TableName = input.TableName ?? nextName();
        await dynamodb.send(new CreateTableCommand({ ...plainTable, ...input, TableName }));
        await waitUntilTableExists({ client: dynamodb, maxWaitTime: 10, minDelay: 0.02, maxDelay: 0.1 }, { TableName });
        return TableName;
      },
      async put(TableName, ...items) {
        for (const Item of items) await store().dynamodb.send(new PutItemCommand({ TableName, Item }));
      },
    };
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened?.stop());
    for (const [title, chapter] of Object.entries(chapters)) describe(title, () => chapter(contract));
  });
}

const plainTable = {
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
} satisfies Partial<CreateTableCommandInput>;

/** A table with the keys `id` and `pos`. */
export const rangeTable = (type: 'S' | 'N' | 'B' = 'N') =>
  ({
    KeySchema: [
      { AttributeName: 'id', KeyType: 'HASH' },
      { AttributeName: 'pos', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'pos', AttributeType: type },
    ],
  }) satisfies Partial<CreateTableCommandInput>;

/** A range table with one index of each kind. */
export const indexedTable = () =>
  ({
    ...rangeTable(),
    AttributeDefinitions: [
      ...rangeTable().AttributeDefinitions,
      { AttributeName: 'group', AttributeType: 'S' },
      { AttributeName: 'rank', AttributeType: 'N' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by_group',
        KeySchema: [
          { AttributeName: 'group', KeyType: 'HASH' },
          { AttributeName: 'rank', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    LocalSecondaryIndexes: [
      {
        IndexName: 'by_rank',
        KeySchema: [
          { AttributeName: 'id', KeyType: 'HASH' },
          { AttributeName: 'rank', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  }) satisfies Partial<CreateTableCommandInput>;

export const withStream = (StreamViewType: 'NEW_AND_OLD_IMAGES' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'KEYS_ONLY') =>
  ({ StreamSpecification: { StreamEnabled: true, StreamViewType } }) satisfies Partial<CreateTableCommandInput>;

export const s = (S: string): AttributeValue => ({ S });
export const n = (N: number | string): AttributeValue => ({ N: String(N) });
export const b = (...bytes: readonly number[]): AttributeValue => ({ B: Uint8Array.from(bytes) });

/** A string with this number of bytes. */
export const filler = (bytes: number): AttributeValue => ({ S: 'x'.repeat(bytes) });
