import { anApplication, anEndpoint, ids, nthId, secondsLater } from '@posthorn/testing';
import { describePollStates } from '@posthorn/testing/contract/poll-states';
import { createApplicationRepository } from './applications.ts';
import { createListForFanOut, createReadForFanOut } from './endpoint-reads.ts';
import { createEndpointRepository } from './endpoints.ts';
import { consumerKey, logPartitions } from './message-log/log-row.ts';
import { createPollStateRepository } from './poll-states.ts';
import { createTestStore } from './test-store.ts';

describePollStates('in DynamoDB', async () => {
  const store = await createTestStore('applications', 'endpoints', 'message-log');
  return { applications: createApplicationRepository(store), states: createPollStateRepository(store) };
});

it('consumers are in other partitions than the log, so that their writes do not hold back fan-out', () => {
  const keys = Array.from({ length: 200 }, (_, n) =>
    consumerKey({ applicationId: ids.application, sink: 'orders', consumer: `${n}` }),
  );
  const used = new Set(keys.map(({ applicationId }) => applicationId));
  const [ofLog, ...ofConsumers] = logPartitions(ids.application);
  expect(ofLog).toBe(ids.application);
  expect([...used].toSorted()).toEqual(ofConsumers.toSorted());
});

describe('the mark of an application that is polled', () => {
  it('is read by fan-out with the endpoints, and is no endpoint for anyone else', async () => {
    const store = await createTestStore('endpoints');
    const endpoints = createEndpointRepository(store);
    const readForFanOut = createReadForFanOut(store);
    for (const endpointId of [ids.endpoint, nthId('endpoint', 1)]) {
      await endpoints.insert(anEndpoint({ endpointId, uid: `zz-${endpointId}` }), 2);
    }
    const before = await readForFanOut(ids.application);
    expect([before.endpoints.length, before.isPolled]).toEqual([2, false]);
    await createPollStateRepository(store).keepLog(anApplication(), { until: secondsLater(1), isComplete: true });
    expect(await readForFanOut(ids.application)).toEqual({ ...before, isPolled: true });
    expect(await createListForFanOut(store)(ids.application)).toEqual(before.endpoints);
    const page = { limit: 10, direction: 'forward' } as const;
    expect((await endpoints.listAll(ids.application, page)).items).toHaveLength(2);
    const listed = await endpoints.list(ids.application, { ...page, order: 'ascending', mode: 'standard' });
    expect(listed.items).toHaveLength(2);
    expect((await endpoints.listTargets(ids.application, { limit: 10 })).targets).toHaveLength(2);
  });

  it('is found without any endpoint', async () => {
    const store = await createTestStore('endpoints');
    await createPollStateRepository(store).keepLog(anApplication(), { until: secondsLater(1), isComplete: true });
    expect(await createReadForFanOut(store)(ids.application)).toEqual({ endpoints: [], isPolled: true });
  });
});
