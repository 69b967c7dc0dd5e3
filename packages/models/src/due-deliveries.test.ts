import { describeDueDeliveryRepository } from '@posthorn/testing/contract/due-delivery-repository';
import { createDueDeliveryRepository } from './due-deliveries.ts';
import { createTestStore } from './test-store.ts';

describeDueDeliveryRepository('in DynamoDB', async () =>
  createDueDeliveryRepository(await createTestStore('due-deliveries')),
);
