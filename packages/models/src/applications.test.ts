import { describeApplicationRepository } from '@posthorn/testing/contract/application-repository';
import { createApplicationRepository } from './applications.ts';
import { createTestStore } from './test-store.ts';

describeApplicationRepository('in DynamoDB', async () =>
  createApplicationRepository(await createTestStore('applications')),
);
