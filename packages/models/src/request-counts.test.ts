import { describeRequestCounts } from '@posthorn/testing/contract/request-counts';
import { createRequestCounts } from './request-counts.ts';
import { createTestStore } from './test-store.ts';

describeRequestCounts('in DynamoDB', async () => createRequestCounts(await createTestStore('throttles')));
