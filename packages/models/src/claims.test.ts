import { describeClaimRepository } from '@posthorn/testing/contract/claim-repository';
import { createClaimRepository } from './claims.ts';
import { createTestStore } from './test-store.ts';

describeClaimRepository('in DynamoDB', async () => createClaimRepository(await createTestStore('claims')));
