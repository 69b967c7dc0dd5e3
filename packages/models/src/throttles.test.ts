import { describeThrottleRepository } from '@posthorn/testing/contract/throttle-repository';
import { createTestStore } from './test-store.ts';
import { createThrottleRepository } from './throttles.ts';

describeThrottleRepository('in DynamoDB', async () => createThrottleRepository(await createTestStore('throttles')));
