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
  const asked = [damaged.messageId, other.messageId];
  expect(await createReadPolledMessages(store)(ids.application, asked, secondsLater(1))).toEqual([
    { kind: 'unreadable', messageId: damaged.messageId, reason: expect.any(String) },
    { kind: 'message', message: other },
  ]);
});
