import { describeEndpointRepository } from '@posthorn/testing/contract/endpoint-repository';
import { createEndpointRepository } from './endpoints.ts';
import { createTestStore } from './test-store.ts';

describeEndpointRepository('in DynamoDB', async () => createEndpointRepository(await createTestStore('endpoints')));
