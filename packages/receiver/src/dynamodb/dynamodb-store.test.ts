import { GetItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { once } from '../once/once.ts';
import type { Run } from '../once/run.ts';
import { storeContract } from '../store-contract/store-contract.ts';
import { dynamodbStore } from './dynamodb-store.ts';
import { startTable, tableName } from './testing/start-table.ts';

const { jest } = import.meta;

let table: Awaited<ReturnType<typeof startTable>>;
beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.stop());

const start = Date.parse('2026-01-01T00:00:00Z');
const aStore = (now?: () => number) => dynamodbStore({ client: table.client, tableName, ...(now && { now }) });
const readItem = async (id: string) => {
  const { Item } = await table.client.send(new GetItemCommand({ TableName: tableName, Key: { id: { S: id } } }));
  return Item;
};

describe('the store in DynamoDB keeps the contract', () => {
  for (const { name, check } of storeContract(() => aStore())) it(name, check);
});

describe('with the document client it keeps the contract', () => {
  const open = () => dynamodbStore({ client: DynamoDBDocumentClient.from(table.client), tableName });
  for (const { name, check } of storeContract(open)) it(name, check);
});

it('writes once to claim and once to complete, with a time to live of seven days', async () => {
  const send = jest.spyOn(table.client, 'send');
  await once(
    'writes',
    () => 1,
    aStore(() => start),
  );
  expect(send.mock.calls.map(([command]) => command.constructor.name)).toEqual([
    'UpdateItemCommand',
    'UpdateItemCommand',
  ]);
  expect(await readItem('writes')).toEqual({
    id: { S: 'writes' },
    owner: { S: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    state: { S: 'done' },
    leaseEndsAt: { N: String(start + 30_000) },
    expiresAt: { N: String(start / 1_000 + 604_800) },
  });
});

it('answers a repeated message with one write that is refused', async () => {
  await once('repeated', () => 1, aStore());
  const send = jest.spyOn(table.client, 'send');
  expect(await once('repeated', () => 1, aStore())).toEqual({ kind: 'already_done' });
  expect(send).toHaveBeenCalledTimes(1);
});

it('takes an id whose time to live is over for a new one, whether DynamoDB has removed it or not', async () => {
  let now = start;
  const store = aStore(() => now);
  await once('old', () => 1, store);
  now += 604_800_000 - 1;
  expect(await once('old', () => 2, store)).toEqual({ kind: 'already_done' });
  now += 1;
  expect(await once('old', () => 2, store)).toEqual({ kind: 'done', value: 2 });
});

it('keeps a lease that is longer than what is done is kept', async () => {
  let now = start;
  const store = dynamodbStore({ client: table.client, tableName, keepSeconds: 5, now: () => now });
  await store.claim('short', { leaseMs: 30_000, owner: 'a' });
  expect(await readItem('short')).toMatchObject({ expiresAt: { N: String(start / 1_000 + 30) } });
  now += 29_999;
  expect(await store.claim('short', { leaseMs: 30_000, owner: 'b' })).toEqual({
    kind: 'in_progress',
    leaseEndsInMs: 1,
  });
  now += 1;
  expect(await store.claim('short', { leaseMs: 30_000, owner: 'b' })).toEqual({ kind: 'claimed' });
  await store.complete('short', 'b');
  now += 5_000;
  expect(await store.claim('short', { leaseMs: 30_000, owner: 'c' })).toEqual({ kind: 'claimed' });
});

it('completes a run in the scope of its handler', async () => {
  const store = aStore();
  const addBy = async (scope: string) => {
    const handler = (run: Run) =>
      table.client.send(new TransactWriteItemsCommand({ TransactItems: [store.marshalledCompletion(run)] }));
    return once('shared', handler, store, { scope });
  };
  expect(await addBy('billing')).toMatchObject({ kind: 'done' });
  expect(await addBy('shipping')).toMatchObject({ kind: 'done' });
  expect(await addBy('billing')).toEqual({ kind: 'already_done' });
  expect(await readItem('@billing shared')).toMatchObject({ state: { S: 'done' } });
});

it('says how long the lease goes on', async () => {
  let now = start;
  const store = aStore(() => now);
  await store.claim('lease', { leaseMs: 30_000, owner: 'a' });
  now += 10_000;
  expect(await store.claim('lease', { leaseMs: 30_000, owner: 'b' })).toEqual({
    kind: 'in_progress',
    leaseEndsInMs: 20_000,
  });
});

it('fails as its client fails', async () => {
  const store = dynamodbStore({ client: table.client, tableName: 'absent' });
  await expect(once('1', () => 1, store)).rejects.toMatchObject({
    name: 'StoreError',
    cause: { name: 'ResourceNotFoundException' },
  });
});

describe('the note in a transaction with the effect', () => {
  const putBy: Readonly<
    Record<string, (store: ReturnType<typeof aStore>, run: Run, effect: string) => Promise<unknown>>
  > = {
    'the document client': (store, run, effect) =>
      DynamoDBDocumentClient.from(table.client).send(
        new TransactWriteCommand({
          TransactItems: [{ Put: { TableName: tableName, Item: { id: effect } } }, store.completion(run)],
        }),
      ),
    'the plain client': (store, run, effect) =>
      table.client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            { Put: { TableName: tableName, Item: { id: { S: effect } } } },
            store.marshalledCompletion(run),
          ],
        }),
      ),
  };

  describe.each(Object.entries(putBy))('by %s', (name, put) => {
    it('is there with it', async () => {
      const store = aStore();
      const id = `with ${name}`;
      const result = once(
        id,
        async (run) => {
          await put(store, run, `effect of ${id}`);
          expect(await store.claim(id, { leaseMs: 1, owner: 'other' })).toEqual({ kind: 'done' });
        },
        store,
      );
      expect(await result).toMatchObject({ kind: 'done' });
      expect(await readItem(`effect of ${id}`)).toBeDefined();
    });

    it('refuses both to a run that has lost its lease, and to a second one of the same run', async () => {
      let now = Date.now();
      const store = aStore(() => now);
      const id = `lost ${name}`;
      await store.claim(id, { leaseMs: 30_000, owner: 'a' });
      now += 30_000;
      await store.claim(id, { leaseMs: 30_000, owner: 'b' });
      const runOf = (owner: string): Run => ({ id, owner, signal: new AbortController().signal });
      await expect(put(store, runOf('a'), `effect of ${id}`)).rejects.toMatchObject({
        name: 'TransactionCanceledException',
      });
      expect(await readItem(`effect of ${id}`)).toBeUndefined();
      await put(store, runOf('b'), `effect of ${id}`);
      await expect(put(store, runOf('b'), `second effect of ${id}`)).rejects.toMatchObject({
        name: 'TransactionCanceledException',
      });
    });
  });
});
