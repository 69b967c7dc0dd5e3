import { describeDataKeyRepository } from '@posthorn/testing/contract/data-key-repository';
import { createDataKeyRepository } from './data-keys.ts';
import { createTestStore } from './test-store.ts';

describeDataKeyRepository('in DynamoDB', async () => createDataKeyRepository(await createTestStore('data-keys')));
