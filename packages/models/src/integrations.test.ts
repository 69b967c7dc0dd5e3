import { describeIntegrationRepository } from '@posthorn/testing/contract/integration-repository';
import { createIntegrationRepository } from './integrations.ts';
import { createTestStore } from './test-store.ts';

describeIntegrationRepository('in DynamoDB', async () => createIntegrationRepository(await createTestStore('tokens')));
