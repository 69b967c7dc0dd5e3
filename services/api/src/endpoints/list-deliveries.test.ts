import { anApplication, anEndpoint, aStoredDelivery, ids, nthId, secondsLater } from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';

const path = `/api/v1/app/${ids.application}/endpoint/${ids.endpoint}/delivery`;
const message = (n: number) => nthId('message', n);

async function withDeliveries() {
  const api = anApi(secondsLater(60));
  await api.applications.insert(anApplication());
  await api.endpoints.insert(anEndpoint({ uid: 'one', order: { onExhausted: 'block' } }));
  const put = (
    n: number,
    status: Parameters<typeof aStoredDelivery>[0],
    of: Parameters<typeof aStoredDelivery>[1] = {},
  ) => api.deliveries.put(aStoredDelivery(status, { messageId: message(n), ...of }, { since: secondsLater(n) }));
  await put(1, { state: 'canceled', reason: 'endpoint_disabled' });
  await put(2, { state: 'canceled', reason: 'message_expired' }, { attemptNumber: 3 });
  await put(3, { state: 'failed', reason: 'exhausted' }, { attemptNumber: 8 });
  await put(4, { state: 'planned', reason: 'retry' }, { attemptNumber: 2, scheduledAt: secondsLater(300) });
  const get = (search: string, of = path) => api.serve(aRequest({ path: of, search }));
  return { ...api, put, get };
}

describe('the deliveries to an endpoint', () => {
  it('are listed by their state, with the reason, oldest message first', async () => {
    const { get } = await withDeliveries();
    const { data, done } = bodyOf(await get('state=canceled'));
    expect(data).toEqual([
      {
        msgId: message(1),
        endpointId: ids.endpoint,
        state: 'canceled',
        reason: 'endpoint_disabled',
        attemptNumber: 1,
        since: secondsLater(1).toISOString(),
        nextAttemptAt: null,
      },
      expect.objectContaining({ msgId: message(2), reason: 'message_expired', attemptNumber: 3 }),
    ]);
    expect(done).toBe(true);
    expect(bodyOf(await get('state=failed')).data).toMatchObject([{ reason: 'exhausted', attemptNumber: 8 }]);
    const planned = { reason: 'retry', attemptNumber: 2, nextAttemptAt: secondsLater(300).toISOString() };
    expect(bodyOf(await get('state=planned')).data).toMatchObject([planned]);
    expect(bodyOf(await get('state=held'))).toEqual({ data: [], iterator: null, done: true });
  });

  it('are listed page by page, both ways', async () => {
    const { get } = await withDeliveries();
    const first = bodyOf(await get('state=canceled&limit=1'));
    expect([first.data[0].msgId, first.done]).toEqual([message(1), false]);
    const second = bodyOf(await get(`state=canceled&limit=1&iterator=${first.iterator}`));
    expect([second.data[0].msgId, second.done]).toEqual([message(2), true]);
    expect(bodyOf(await get(`state=canceled&iterator=${second.prevIterator}`)).data).toEqual(first.data);
  });

  it('are found by the uid of the endpoint, and after its deletion by its id', async () => {
    const { get, endpoints } = await withDeliveries();
    const byUid = `/api/v1/app/${ids.application}/endpoint/one/delivery`;
    expect(bodyOf(await get('state=canceled', byUid)).data).toHaveLength(2);
    for (const endpoint of endpoints.all()) await endpoints.delete(endpoint, secondsLater(1));
    expect(bodyOf(await get('state=canceled')).data).toHaveLength(2);
    expect(await get('state=canceled', byUid)).toMatchObject({ statusCode: 404 });
    expect(await get('state=held')).toMatchObject({ statusCode: 404 });
  });

  it('of an endpoint of another application are not found', async () => {
    const { get, put } = await withDeliveries();
    const endpointId = nthId('endpoint', 9);
    await put(
      5,
      { state: 'canceled', reason: 'endpoint_deleted' },
      { endpointId, applicationId: nthId('application', 9) },
    );
    const other = `/api/v1/app/${ids.application}/endpoint/${endpointId}/delivery`;
    expect(await get('state=canceled', other)).toMatchObject({ statusCode: 404 });
  });

  it.each([
    ['', 400],
    ['state=lost', 400],
    ['state=failed&limit=251', 422],
    ['state=failed&iterator=x', 422],
  ])('are not listed for the query "%s"', async (search, statusCode) => {
    const { get } = await withDeliveries();
    expect(await get(search)).toMatchObject({ statusCode });
  });
});
