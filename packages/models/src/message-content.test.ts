import { DeleteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { Message } from '@posthorn/core';
import { aMessage, ids, nthId, nthMessageId, secondsLater } from '@posthorn/testing';
import { createMessageContentRepository } from './message-content.ts';
import { createMessageRepository } from './messages.ts';
import { toRow } from './rows/row.ts';
import type { Store } from './store.ts';
import { createTestStore } from './test-store.ts';

const now = secondsLater(60);
const secret = 'the number of a credit card';
const noise = Array.from({ length: 120_000 }, (_, n) => Math.imul(n + 1, 2_654_435_761) >>> 0);
/** Stored as it is, deflated, and in chunks. */
const bodies: readonly (readonly [string, string])[] = [
  ['as it is', JSON.stringify({ secret })],
  ['deflated', JSON.stringify({ secret: secret.repeat(500) })],
  ['in chunks', JSON.stringify({ secret, noise })],
];

const rowsIn = async ({ client, stage }: Store) => {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName(stage, 'messages') }));
  return Items.map(toRow);
};
const kindsIn = async (store: Store) => (await rowsIn(store)).map(({ kind }) => kind).toSorted();
const expungeIn = (store: Store, messageId: string = ids.message) =>
  createMessageContentRepository(store).expunge(ids.application, messageId, now);
const insertInto = (store: Store, message: Message) => createMessageRepository(store).insert(message);

describe('a body that is expunged', () => {
  it.each(bodies)('leaves no byte of it in the table, if it was stored %s', async (_, body) => {
    const store = await createTestStore('messages');
    await insertInto(store, aMessage({ body }));
    const ofOne = await kindsIn(store);
    const other = aMessage({ messageId: nthId('message', 1), body });
    await insertInto(store, other);
    expect(await expungeIn(store, other.messageId)).toBe('expunged');
    expect(await kindsIn(store)).toEqual([...ofOne, 'message'].toSorted());
    const row = (await rowsIn(store)).find((one) => one.row === other.messageId);
    expect(row).toMatchObject({ expungedAt: now.toISOString(), expiresAt: expect.any(Number) });
    for (const attribute of ['body', 'chunks', 'digest', 'deflated']) expect(row).not.toHaveProperty(attribute);
  });

  it('is removed from an ordered row too', async () => {
    const store = await createTestStore('messages');
    const messageId = nthMessageId(1, 'ordered');
    await insertInto(store, aMessage({ messageId }));
    expect(await expungeIn(store, messageId)).toBe('expunged');
    expect((await rowsIn(store))[0]).not.toHaveProperty('body');
  });

  it('is removed by a second call if the first one was cut off', async () => {
    const store = await createTestStore('messages');
    await insertInto(store, aMessage({ body: bodies[2]?.[1] ?? '' }));
    const send = async (command: DeleteItemCommand) => {
      if (command instanceof DeleteItemCommand) throw new Error('cut off');
      return store.client.send(command);
    };
    // It calls only `send`.
    const client = { send } as unknown as Store['client'];
    await expect(expungeIn({ ...store, client })).rejects.toThrow('cut off');
    // Without its row, nothing finds the chunks.
    expect(await createMessageRepository(store).find(ids.application, ids.message, now)).toBeUndefined();
    expect(await kindsIn(store)).toContain('chunk');
    expect(await expungeIn(store)).toBe('expunged');
    expect(await kindsIn(store)).toEqual(['message']);
  });

  it.each(bodies)('does not come back when its message is inserted again, stored %s', async (_, body) => {
    const store = await createTestStore('messages');
    await insertInto(store, aMessage({ body }));
    await expungeIn(store);
    expect(await insertInto(store, aMessage({ body }))).toBe('exists');
    expect(await kindsIn(store)).toEqual(['message']);
  });

  it('is not missed by a read that began before', async () => {
    const store = await createTestStore('messages');
    await insertInto(store, aMessage({ body: bodies[2]?.[1] ?? '' }));
    let reads = 0;
    const send = async (command: DeleteItemCommand) => {
      // The first read is that of the row, the others are those of its chunks.
      if (++reads === 2) await expungeIn(store);
      return store.client.send(command);
    };
    // It calls only `send`.
    const client = { send } as unknown as Store['client'];
    const found = await createMessageRepository({ ...store, client }).findListed(ids.application, ids.message, now);
    expect(found).toMatchObject({ messageId: ids.message, expungedAt: now });
    expect(found).not.toHaveProperty('body');
  });
});
