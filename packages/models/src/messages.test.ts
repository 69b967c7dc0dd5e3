import { describeMessageRepository } from '@posthorn/testing/contract/message-repository';
import { createMessageContentRepository } from './message-content.ts';
import { createMessageRepository } from './messages.ts';
import { createTestStore } from './test-store.ts';

describeMessageRepository('in DynamoDB', async () => {
  const store = await createTestStore('messages');
  return { ...createMessageRepository(store), ...createMessageContentRepository(store) };
});
