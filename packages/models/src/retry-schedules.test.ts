import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { describeRetryScheduleRepository } from '@posthorn/testing/contract/retry-schedule-repository';
import { createRetryScheduleRepository } from './retry-schedules.ts';
import { ForeignRow, toItem } from './rows/row.ts';
import { createTestStore } from './test-store.ts';

describeRetryScheduleRepository('in DynamoDB', async () =>
  createRetryScheduleRepository(await createTestStore('retry-schedules')),
);

it.each(['no JSON', '{"a":1}', '[-1]', '["5"]', `[${Array(21).fill(1)}]`])(
  'is refused if its row has %s',
  async (schedule) => {
    const store = await createTestStore('retry-schedules');
    const Item = toItem({ organisationId: 'org_1', scope: 'organisation', schedule });
    await store.client.send(new PutItemCommand({ TableName: tableName(store.stage, 'retry-schedules'), Item }));
    const find = createRetryScheduleRepository(store).find({ organisationId: 'org_1' });
    await expect(find).rejects.toThrow(new ForeignRow('schedule'));
  },
);
