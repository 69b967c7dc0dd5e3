import { setTimeout as wait } from 'node:timers/promises';
import { DeleteItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { Message } from '@posthorn/core';
import { createInProcessClient, openEmbeddedDynamodb } from '@posthorn/local-dynamodb';
import { aMessage, nthId } from '@posthorn/testing';
import type { TablesClient } from './client.ts';
import { createRemoveMessageRemains } from './message-remains.ts';
import { messageKey } from './messages/message-row.ts';
import { createMessageRepository } from './messages.ts';
import { textOf, toItem, toRow } from './rows/row.ts';
import type { Store } from './store.ts';
import { createTables } from './tables.ts';
import { createTestStore } from './test-store.ts';

/** Does not get small enough for one row when it is deflated. */
const largeBody = JSON.stringify(Array.from({ length: 120_000 }, (_, n) => Math.imul(n + 1, 2_654_435_761) >>> 0));
const aLarge = (n: number, overrides: Partial<Message> = {}) =>
  aMessage({ messageId: nthId('message', n), body: largeBody, ...overrides });

async function insert(store: Store, message: Message) {
  const messages = createMessageRepository(store);
  await messages.insert(message);
  await messages.relay(message);
}
async function kindsIn({ client, stage }: Store) {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName(stage, 'messages') }));
  return Items.map((item) => textOf(toRow(item), 'kind')).toSorted();
}
const deleteRow = ({ client, stage }: Store, message: Message) =>
  client.send(new DeleteItemCommand({ TableName: tableName(stage, 'messages'), Key: toItem(messageKey(message)) }));

describe('the remains of a deleted message', () => {
  it('are its chunk rows and its relay, and nothing of other messages', async () => {
    const store = await createTestStore('messages');
    await insert(store, aLarge(1));
    const before = await kindsIn(store);
    expect(before).toEqual(['chunk', 'chunk', 'message', 'relay']);
    await insert(store, aLarge(2));
    await deleteRow(store, aLarge(2));
    const remove = createRemoveMessageRemains(store);
    expect(await remove(aLarge(2))).toBe('removed');
    expect(await kindsIn(store)).toEqual(before);
    expect(await remove(aLarge(2))).toBe('removed');
  });

  it('are removed by a second run if the first one was cut off', async () => {
    const store = await createTestStore('messages');
    await insert(store, aLarge(1));
    await deleteRow(store, aLarge(1));
    let deletions = 0;
    const send = async (command: DeleteItemCommand) => {
      if (command instanceof DeleteItemCommand && ++deletions > 1) throw new Error('cut off');
      return store.client.send(command);
    };
    // It calls only `send`.
    const client = { send } as unknown as Store['client'];
    await expect(createRemoveMessageRemains({ ...store, client })(aLarge(1))).rejects.toThrow('cut off');
    expect(await createRemoveMessageRemains(store)(aLarge(1))).toBe('removed');
    expect(await kindsIn(store)).toEqual([]);
  });

  it('are all of 60 chunk rows', async () => {
    const store = await createTestStore('messages');
    const { applicationId, messageId } = aLarge(1);
    for (let n = 0; n < 60; n += 1) {
      const Item = toItem({ partition: `${applicationId}#chunks#${messageId}`, row: `digest#${n}`, kind: 'chunk' });
      await store.client.send(new PutItemCommand({ TableName: tableName(store.stage, 'messages'), Item }));
    }
    expect(await createRemoveMessageRemains(store)(aLarge(1))).toBe('removed');
    expect(await kindsIn(store)).toEqual([]);
  });

  it('are kept as long as the message exists: its relay has the same id', async () => {
    const store = await createTestStore('messages');
    await insert(store, aLarge(1));
    expect(await createRemoveMessageRemains(store)(aLarge(1))).toBe('kept');
    expect(await kindsIn(store)).toHaveLength(4);
  });
});

it('lets all rows of an expired message expire with it, and no others', async () => {
  const dynamodb = await openEmbeddedDynamodb({ expiryIntervalMs: 20 });
  // It takes the same commands as the SDK's client; only the SDK's type knows more.
  const client = createInProcessClient(dynamodb) as unknown as TablesClient;
  const store = { client, stage: 'expiring' };
  await createTables(client, store.stage);
  const now = Date.now();
  await insert(store, aLarge(2, { expiresAt: new Date(now + 3_600_000) }));
  await insert(store, aLarge(1, { expiresAt: new Date(now - 10_000) }));
  while ((await kindsIn(store)).length > 4) await wait(10);
  expect(await kindsIn(store)).toEqual(['chunk', 'chunk', 'message', 'relay']);
  const { applicationId, messageId } = aLarge(2);
  expect(await createMessageRepository(store).find(applicationId, messageId, new Date(now))).toBeDefined();
  await dynamodb.close();
});
