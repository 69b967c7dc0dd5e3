import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { CountedAttempt } from '@posthorn/core';
import { ids, nthId, secondsLater } from '@posthorn/testing';
import { describeStatisticsRepository } from '@posthorn/testing/contract/statistics-repository';
import { createStatisticsRepository } from './statistics.ts';
import type { Store } from './store.ts';
import { createTestStore } from './test-store.ts';

describeStatisticsRepository('in DynamoDB', async () =>
  createStatisticsRepository(await createTestStore('statistics')),
);

it('returns the attempts of a row that could not be written, and counts all others', async () => {
  const store = await createTestStore('statistics');
  const outage = Object.assign(new Error('outage'), { name: 'ProvisionedThroughputExceededException' });
  const lost = nthId('endpoint', 1);
  const send = async (command: UpdateItemCommand) => {
    if (command instanceof UpdateItemCommand && command.input.Key?.endpointId?.S === lost) throw outage;
    return store.client.send(command);
  };
  // The repository calls only `send`.
  const failing = { send } as unknown as Store['client'];
  const aCounted = (n: number, endpointId: string): CountedAttempt => ({
    endpointId,
    source: `${endpointId}#0`,
    sequenceNumber: String(n),
    succeeded: true,
    attemptedAt: secondsLater(0),
  });
  const attempts = [aCounted(1, ids.endpoint), aCounted(2, lost), aCounted(3, ids.endpoint), aCounted(4, lost)];
  const { count } = createStatisticsRepository({ ...store, client: failing });
  expect(await count(attempts)).toEqual([attempts[1], attempts[3]].map((entry) => ({ entry, error: outage })));
  const sum = (endpointId: string) =>
    createStatisticsRepository(store).sum(endpointId, secondsLater(0), secondsLater(0));
  expect([await sum(ids.endpoint), await sum(lost)]).toEqual([
    { success: 2, fail: 0 },
    { success: 0, fail: 0 },
  ]);
  expect(await createStatisticsRepository(store).count(attempts)).toEqual([]);
  expect([await sum(ids.endpoint), await sum(lost)]).toEqual([
    { success: 2, fail: 0 },
    { success: 2, fail: 0 },
  ]);
});
