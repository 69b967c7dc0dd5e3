import { operationNames } from '../dynalite/requests.ts';
import { type EmbeddedDynamodb, openEmbeddedDynamodb } from '../engine/engine.ts';
import { RequestFailure } from '../failure.ts';
import type { LimitedAccess } from './rights.ts';

const limited: LimitedAccess = {
  keyId: 'program',
  rights: {
    isForbidden: (table) => table.startsWith('system-'),
    putOnly: new Set(['system-inbox']),
    reason: 'Use a table of your own.',
  },
};

let dynamodb: EmbeddedDynamodb;
beforeEach(async () => {
  dynamodb = await openEmbeddedDynamodb();
  for (const table of ['own', 'system-rows', 'system-inbox']) {
    await dynamodb.execute('CreateTable', { ...layout, TableName: table, ...stream });
    await dynamodb.execute('PutItem', { TableName: table, Item: item });
  }
});
afterEach(() => dynamodb.close());

const item = { id: { S: 'a' } };
const layout = {
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
};
const stream = { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } };

/** What a request needs to name a table. */
interface Names {
  readonly TableName: string;
  readonly ResourceArn: string;
  readonly StreamArn: string;
  readonly ShardId: string;
  readonly ShardIterator: string;
}

/** Valid requests of every operation with one table. `ListTables` names none. */
const requests: Readonly<Record<string, (names: Names) => readonly object[]>> = {
  BatchGetItem: ({ TableName }) => [{ RequestItems: { [TableName]: { Keys: [item] } } }],
  BatchWriteItem: ({ TableName }) => [
    { RequestItems: { [TableName]: [{ PutRequest: { Item: item } }] } },
    { RequestItems: { [TableName]: [{ DeleteRequest: { Key: item } }] } },
  ],
  CreateTable: ({ TableName }) => [{ ...layout, TableName: `${TableName}-2` }],
  DeleteItem: ({ TableName }) => [{ TableName, Key: item }],
  DeleteTable: ({ TableName }) => [{ TableName }],
  DescribeStream: ({ StreamArn }) => [{ StreamArn }],
  DescribeTable: ({ TableName }) => [{ TableName }],
  DescribeTimeToLive: ({ TableName }) => [{ TableName }],
  GetItem: ({ TableName }) => [{ TableName, Key: item }],
  GetRecords: ({ ShardIterator }) => [{ ShardIterator }],
  GetShardIterator: ({ StreamArn, ShardId }) => [{ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }],
  ListStreams: ({ TableName }) => [{ TableName }],
  ListTables: () => [],
  ListTagsOfResource: ({ ResourceArn }) => [{ ResourceArn }],
  PutItem: ({ TableName }) => [{ TableName, Item: item }],
  Query: ({ TableName }) => [
    { TableName, KeyConditionExpression: 'id = :id', ExpressionAttributeValues: { ':id': { S: 'a' } } },
  ],
  Scan: ({ TableName }) => [{ TableName }],
  TagResource: ({ ResourceArn }) => [{ ResourceArn, Tags: [{ Key: 'a', Value: 'b' }] }],
  TransactGetItems: ({ TableName }) => [{ TransactItems: [{ Get: { TableName, Key: item } }] }],
  TransactWriteItems: ({ TableName }) => [
    { TransactItems: [{ Put: { TableName, Item: item } }] },
    { TransactItems: [{ Delete: { TableName, Key: item } }] },
    { TransactItems: [{ Update: { TableName, Key: item, UpdateExpression: 'SET b = id' } }] },
    { TransactItems: [{ ConditionCheck: { TableName, Key: item, ConditionExpression: 'attribute_exists(id)' } }] },
  ],
  UntagResource: ({ ResourceArn }) => [{ ResourceArn, TagKeys: ['a'] }],
  UpdateItem: ({ TableName }) => [{ TableName, Key: item, UpdateExpression: 'SET b = id' }],
  UpdateTable: ({ TableName }) => [{ TableName, DeletionProtectionEnabled: false }],
  UpdateTimeToLive: ({ TableName }) => [
    { TableName, TimeToLiveSpecification: { Enabled: true, AttributeName: 'until' } },
  ],
};

async function namesOf(TableName: string): Promise<Names> {
  const { Table } = (await dynamodb.execute('DescribeTable', { TableName })) as {
    Table: { TableArn: string; LatestStreamArn: string };
  };
  const StreamArn = Table.LatestStreamArn;
  const { StreamDescription } = (await dynamodb.execute('DescribeStream', { StreamArn })) as {
    StreamDescription: { Shards: readonly { ShardId: string }[] };
  };
  const ShardId = StreamDescription.Shards[0]?.ShardId ?? '';
  const { ShardIterator } = (await dynamodb.execute('GetShardIterator', {
    StreamArn,
    ShardId,
    ShardIteratorType: 'TRIM_HORIZON',
  })) as { ShardIterator: string };
  return { TableName, ResourceArn: Table.TableArn, StreamArn, ShardId, ShardIterator };
}

const tryTo = (operation: string, body: object): Promise<string> =>
  dynamodb.execute(operation, structuredClone(body), limited).then(
    () => 'done',
    (error: unknown) => (error instanceof RequestFailure ? `${error.type.split('#')[1]}: ${error.message}` : 'bug'),
  );

it('is tested with every operation of the store', () => {
  expect(Object.keys(requests).sort()).toEqual([...operationNames].sort());
});

describe.each(Object.entries(requests))('%s with a limited key', (operation, toRequests) => {
  it('does with a table of its own what a key without limits does', async () => {
    for (const body of toRequests(await namesOf('own'))) expect(await tryTo(operation, body)).toBe('done');
  });

  it('is refused for a table of others, with the names of the action and the table', async () => {
    for (const table of ['system-rows', 'system-inbox'])
      for (const body of toRequests(await namesOf(table))) {
        if (table === 'system-inbox' && isPut(operation, body)) continue;
        const action = operation.startsWith('Transact') ? String.raw`\w+Item` : operation;
        expect(await tryTo(operation, body)).toMatch(
          new RegExp(
            `^AccessDeniedException: User: .*/program is not authorized to perform: dynamodb:${action} on resource: arn:aws:dynamodb:us-east-1:000000000000:table/${table}.* Use a table of your own.$`,
          ),
        );
        expect(await dynamodb.execute('Scan', { TableName: table })).toMatchObject({ Items: [item] });
      }
  });
});

const isPut = (operation: string, body: object): boolean =>
  operation === 'PutItem' || (operation === 'TransactWriteItems' && JSON.stringify(body).includes('"Put"'));

describe('a table into which a limited key may put', () => {
  const put = { Put: { TableName: 'system-inbox', Item: { id: { S: 'b' } } } };

  it('takes puts of items, alone and in a transaction with tables of its own', async () => {
    expect(await tryTo('PutItem', put.Put)).toBe('done');
    expect(await tryTo('TransactWriteItems', { TransactItems: [put, { Put: { ...put.Put, TableName: 'own' } }] })).toBe(
      'done',
    );
  });

  it('takes none in a transaction that uses it in another way, or another forbidden table', async () => {
    for (const other of [
      { Put: { TableName: 'system-rows', Item: item } },
      { ConditionCheck: { TableName: 'system-inbox', Key: item, ConditionExpression: 'attribute_exists(id)' } },
    ])
      expect(await tryTo('TransactWriteItems', { TransactItems: [put, other] })).toMatch(/^AccessDeniedException/);
    expect(await dynamodb.execute('Scan', { TableName: 'system-inbox' })).toMatchObject({ Count: 1 });
  });
});

describe('lists for a limited key', () => {
  it('have only tables of its own, whatever the size of a page', async () => {
    for (const TableName of ['a-table', 'z-table']) await dynamodb.execute('CreateTable', { ...layout, TableName });
    expect(await dynamodb.execute('ListTables', {}, limited)).toEqual({ TableNames: ['a-table', 'own', 'z-table'] });
    const first = await dynamodb.execute('ListTables', { Limit: 2 }, limited);
    expect(first).toEqual({ TableNames: ['a-table', 'own'], LastEvaluatedTableName: 'own' });
    const rest = await dynamodb.execute('ListTables', { Limit: 1, ExclusiveStartTableName: 'own' }, limited);
    expect(rest).toEqual({ TableNames: ['z-table'] });
  });

  it('have only streams of its own', async () => {
    const { Streams } = (await dynamodb.execute('ListStreams', {}, limited)) as { Streams: readonly object[] };
    expect(Streams).toMatchObject([{ TableName: 'own' }]);
  });
});

it('refuses a name that is reserved, and an operation that the store does not have', async () => {
  expect(await tryTo('DescribeTable', { TableName: 'system-future' })).toMatch(/^AccessDeniedException/);
  expect(await tryTo('ExecuteStatement', { Statement: 'SELECT * FROM "system-rows"' })).toMatch(
    /^UnknownOperationException/,
  );
});

it.each([
  ['GetItem', { TableName: 1 }],
  ['GetItem', { TableName: ['system-rows'] }],
  ['BatchGetItem', { RequestItems: 'system-rows' }],
  ['TransactWriteItems', { TransactItems: { Put: { TableName: 'system-rows' } } }],
  ['GetRecords', { ShardIterator: 'x' }],
  ['DescribeStream', { StreamArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/system-rows/stream/x' }],
])('does nothing for %s %j, which names no table', async (operation, body) => {
  expect(await tryTo(operation, body)).toMatch(
    /^(SerializationException|ValidationException|ResourceNotFoundException|AccessDeniedException)/,
  );
});

it('does not let a read at the end of a stream wait', async () => {
  await dynamodb.close();
  dynamodb = await openEmbeddedDynamodb({ streamWaitMs: 3_600_000 });
  await dynamodb.execute('CreateTable', { ...layout, TableName: 'own', ...stream });
  const { ShardIterator } = await namesOf('own');
  expect(await dynamodb.execute('GetRecords', { ShardIterator }, limited)).toMatchObject({ Records: [] });
});
