import { describeMessageRepository } from '@posthorn/testing/contract/message-repository';
import { createMessageRepository } from './messages.ts';
import { createTestStore } from './test-store.ts';

describeMessageRepository('in DynamoDB', async () => createMessageRepository(await createTestStore('messages')));
