import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { openStorage, verify } from '@posthorn/local-storage';
import { startServer } from '../testing/a-server.ts';
import { checkTables } from './check-tables.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dynamodb-embedded-'));
  const server = await startServer({ folder });
  await server.dynamodb.send(
    new CreateTableCommand({
      TableName: 'items',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'kind', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byKind',
          KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
  for (const id of ['a', 'b', 'c', 'd']) {
    const kind = id === 'd' ? {} : { kind: { S: 'x' } };
    await server.dynamodb.send(new PutItemCommand({ TableName: 'items', Item: { id: { S: id }, ...kind } }));
  }
  await server.dynamodb.send(new DeleteItemCommand({ TableName: 'items', Key: { id: { S: 'b' } } }));
  await server.stop();
});
afterEach(() => rm(folder, { recursive: true }));

/** Changes the rows of the table (0) or of its index (1) behind the store's back. */
async function change(table: 0 | 1, to: (value: string) => string | undefined): Promise<void> {
  const storage = await openStorage({ folder });
  const keys: [string, string][] = [];
  for await (const rows of storage.rows({ gte: 'r/', lt: 'r~' }))
    keys.push(...rows.map(([key, value]): [string, string] => [key, value]));
  const ids = [...new Set(keys.map(([key]) => key.split('/')[1]))].sort();
  const [key = '', value = ''] = keys.find(([each]) => each.split('/')[1] === ids[table]) ?? [];
  const next = to(value);
  await storage.commit([next === undefined ? { type: 'del', key } : { type: 'put', key, value: next }]);
  await storage.close();
}

it('finds nothing wrong with what the store wrote', async () => {
  expect((await verify(folder, { check: checkTables })).findings).toEqual([]);
});

it.each([
  ['a missing index row', 1, () => undefined, 'is missing in the index byKind'],
  ['another index row', 1, (value: string) => value.replace('"x"', '"y"'), 'is another one in the index byKind'],
  ['an index row without its item', 0, () => undefined, 'has 2 rows, but should have 1'],
  ['an item that is not JSON', 0, () => '{', 'is not an item with this key'],
] as const)('finds %s', async (_, table, to, problem) => {
  await change(table, to);
  const { findings } = await verify(folder, { check: checkTables });
  expect(findings[0]?.problem ?? '').toMatch(problem);
  expect(findings.length).toBeGreaterThan(0);
});
