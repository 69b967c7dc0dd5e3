import { randomBytes } from 'node:crypto';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { aMessage, ids, nthMessageId, secondsLater } from '@posthorn/testing';
import { describePolledMessages } from '@posthorn/testing/contract/polled-messages';
import { createMessageContentRepository } from './message-content.ts';
import { toMessageRow } from './messages/message-row.ts';
import { createMessageRepository } from './messages.ts';
import { createReadPolledMessages } from './polled-messages.ts';
import { toItem } from './rows/row.ts';
import { createTestStore } from './test-store.ts';

describePolledMessages('in DynamoDB', async () => {
  const store = await createTestStore('messages');
  const messages = { ...createMessageRepository(store), ...createMessageContentRepository(store) };
  return { messages, read: createReadPolledMessages(store) };
});

it.each([
  ['no body', {}],
  ['a body that cannot be inflated', { body: new Uint8Array([1, 2, 3]) }],
])('a message with %s does not hide the others', async (_, attributes) => {
  const store = await createTestStore('messages');
  const [damaged, other] = [1, 2].map((n) => aMessage({ messageId: nthMessageId(n, 'ordered') }));
  if (!damaged || !other) throw new Error('two messages were made');
  await createMessageRepository(store).insert(other);
  const Item = toItem({ ...toMessageRow(damaged), ...attributes });
  await store.client.send(new PutItemCommand({ TableName: tableName(store.stage, 'messages'), Item }));
  const messageIds = [damaged.messageId, other.messageId];
  const read = createReadPolledMessages(store);
  const request = { applicationId: ids.application, messageIds, wants: () => true, now: secondsLater(1) };
  expect((await read(request)).found).toEqual([
    { kind: 'unreadable', messageId: damaged.messageId, reason: expect.any(String) },
    { kind: 'message', message: other },
  ]);
});

it('a large body is not loaded for a message that is not wanted', async () => {
  const store = await createTestStore('messages');
  // Random text does not get small enough for one row.
  const body = JSON.stringify({ a: randomBytes(500_000).toString('hex') });
  const message = aMessage({ messageId: nthMessageId(1, 'ordered'), body });
  await createMessageRepository(store).insert(message);
  const read = createReadPolledMessages(store);
  const request = { applicationId: ids.application, messageIds: [message.messageId], now: secondsLater(1) };
  const wanted = await read({ ...request, wants: () => true });
  expect(wanted.found).toEqual([{ kind: 'message', message }]);
  expect(wanted.readBytes).toBeGreaterThan(400_000);
  const other = await read({ ...request, wants: () => false });
  expect(other.found).toEqual([]);
  expect(other.readBytes).toBeLessThan(1_000);
});
