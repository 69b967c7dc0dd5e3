import type { Endpoint } from '@posthorn/core';
import { anApplication, anEndpoint, ids, nthId, secondsLater } from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';

const path = `/api/v1/app/${ids.application}/failing-endpoint`;
const breaker = { epoch: 1, openUntil: secondsLater(90), step: 0 };
const idOf = (n: number) => nthId('endpoint', n);

async function withEndpoints(...all: readonly Partial<Endpoint>[]) {
  const api = anApi();
  await api.applications.insert(anApplication());
  for (const [n, parts] of all.entries()) await api.endpoints.insert(anEndpoint({ endpointId: idOf(n), ...parts }));
  return async (search = '') => bodyOf(await api.serve(aRequest({ path, search })));
}

it('lists endpoints and destinations whose last attempts failed, and those that were disabled for it', async () => {
  const failingSince = secondsLater(1);
  const list = await withEndpoints(
    { health: { failures: 3, failingSince } },
    {},
    { health: { failures: 0, lastSuccessAt: secondsLater(5) } },
    { health: { failures: 10, failingSince, breaker }, order: { onExhausted: 'block' }, uid: 'orders' },
    { autoDisabled: true, disabled: true },
    { disabled: true },
  );
  const { data, done } = await list();
  const plain = { uid: null, url: anEndpoint().url, type: 'endpoint', disabled: false, probeAt: null };
  const since = failingSince.toISOString();
  expect(done).toBe(true);
  expect(data).toEqual([
    { ...plain, id: idOf(0), failures: 3, failingSince: since },
    {
      ...plain,
      ...{ id: idOf(3), uid: 'orders', type: 'destination' },
      ...{ failures: 10, failingSince: since, probeAt: breaker.openUntil.toISOString() },
    },
    { ...plain, id: idOf(4), disabled: true, failures: 0, failingSince: null },
  ]);
});

it('has no time of a probe for an endpoint that has recovered and is being drained', async () => {
  const list = await withEndpoints({ health: { failures: 1, breaker: { ...breaker, drained: 1 } } });
  expect((await list()).data).toMatchObject([{ probeAt: null }]);
});

it('gets past pages of endpoints that do not fail', async () => {
  const health = { failures: 1, failingSince: secondsLater(1) };
  const list = await withEndpoints({}, {}, {}, { health }, {});
  const found: string[] = [];
  let page = await list('limit=2');
  for (; !page.done; page = await list(`limit=2&iterator=${page.iterator}`))
    found.push(...page.data.map(({ id }: { id: string }) => id));
  found.push(...page.data.map(({ id }: { id: string }) => id));
  expect(found).toEqual([idOf(3)]);
});
