import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openStorage, type Storage } from '@posthorn/local-storage';
import { type EmbeddedDynamodb, openEmbeddedDynamodb } from './engine/engine.ts';

let folder: string;
let storage: Storage;
let asked: string[] = [];
let dynamodb: EmbeddedDynamodb;

/** Opens the store, and notes which rows it asks the storage for. */
async function open(): Promise<void> {
  storage = await openStorage({ folder });
  const ask =
    (read: (key: string) => string | undefined) =>
    (key: string): string | undefined => {
      if (key.startsWith('r/')) asked.push(key);
      return read(key);
    };
  dynamodb = await openEmbeddedDynamodb({
    storage: { ...storage, get: ask(storage.get), latest: ask(storage.latest) },
  });
}
async function close(): Promise<void> {
  await dynamodb.close();
  await storage.close();
}
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'row-filter-'));
  await open();
  await dynamodb.execute('CreateTable', {
    TableName: 'items',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  await dynamodb.execute('CreateTable', {
    TableName: 'sorted',
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'at', AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: 'id', KeyType: 'HASH' },
      { AttributeName: 'at', KeyType: 'RANGE' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  });
  asked = [];
});
afterEach(async () => {
  await close();
  await rm(folder, { recursive: true });
});

const insert = (id: string) =>
  dynamodb.execute('PutItem', {
    TableName: 'items',
    Item: { id: { S: id } },
    ConditionExpression: 'attribute_not_exists(id)',
  });
const insertSorted = (id: string, at: number) =>
  dynamodb.execute('PutItem', {
    TableName: 'sorted',
    Item: { id: { S: id }, at: { S: String(at).padStart(6, '0') } },
    ConditionExpression: 'attribute_not_exists(id)',
  });
const insertAll = async (prefix: string, count: number): Promise<void> => {
  await Promise.all(Array.from({ length: count }, (_, index) => insert(`${prefix}${index}`)));
};
const isRefused = (work: Promise<unknown>): Promise<boolean> => work.then(() => false).catch(() => true);
/** How many of 200 new items the storage is asked for. */
async function countAsked(prefix: string): Promise<number> {
  asked = [];
  await insertAll(prefix, 200);
  return asked.length;
}

it('does not ask the storage for new items of a new table', async () => {
  expect(await countAsked('new')).toBeLessThan(10);
  await dynamodb.execute('GetItem', { TableName: 'items', Key: { id: { S: 'absent' } } });
  expect(await isRefused(insert('new0'))).toBe(true);
});

it('finds the items of an earlier process while their keys are read, and after that asks for no new ones', async () => {
  await insertAll('old', 2_000);
  await close();
  await open();
  expect(await isRefused(insert('old1999'))).toBe(true);
  for (let tries = 0; (await countAsked(`try${tries}-`)) > 10; tries += 1) await wait(20);
  for (const index of [0, 77, 1_998]) expect(await isRefused(insert(`old${index}`))).toBe(true);
});

it('finds items that are written while the keys of earlier ones are read', async () => {
  await insertAll('old', 1_000);
  await close();
  await open();
  await insertAll('a', 100);
  await wait(100);
  await insertAll('b', 100);
  for (const id of ['a0', 'a99', 'b0', 'b99', 'old500']) expect(await isRefused(insert(id))).toBe(true);
});

it('asks for no rows after the last stored one of a partition, and finds all before it', async () => {
  await Promise.all([10, 20, 30].map((at) => insertSorted('a', at)));
  await close();
  await open();
  expect(await isRefused(insertSorted('a', 30))).toBe(true);
  for (let at = 31; asked.length > 0; at += 1) {
    asked = [];
    await insertSorted('a', at);
    await wait(1);
  }
  expect(await isRefused(insertSorted('a', 31))).toBe(true);
  // Between stored rows, the storage knows.
  for (const at of [10, 20, 30]) expect(await isRefused(insertSorted('a', at))).toBe(true);
  await insertSorted('a', 15);
  expect(await isRefused(insertSorted('a', 15))).toBe(true);
  expect(await isRefused(insertSorted('b', 1))).toBe(false);
});
