import { describeEventTypeRepository } from '@posthorn/testing/contract/event-type-repository';
import { createEventTypeRepository } from './event-types.ts';
import { createTestStore } from './test-store.ts';

describeEventTypeRepository('in DynamoDB', async () => createEventTypeRepository(await createTestStore('event-types')));
