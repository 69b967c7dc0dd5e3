import { describeStatisticsRepository } from '@posthorn/testing/contract/statistics-repository';
import { createStatisticsRepository } from './statistics.ts';
import { createTestStore } from './test-store.ts';

describeStatisticsRepository('in DynamoDB', async () =>
  createStatisticsRepository(await createTestStore('statistics')),
);
