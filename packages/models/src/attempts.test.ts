import { describeAttemptRepository } from '@posthorn/testing/contract/attempt-repository';
import { createAttemptRepository } from './attempts.ts';
import { createTestStore } from './test-store.ts';

describeAttemptRepository('in DynamoDB', async () =>
  createAttemptRepository(await createTestStore('attempts', 'endpoints')),
);
