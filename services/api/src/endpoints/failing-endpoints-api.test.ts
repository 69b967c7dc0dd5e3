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

it('leaves out one that was switched off while it failed, and has no probe for one that was disabled for it', async () => {
  const health = { failures: 10, failingSince: secondsLater(1), breaker };
  const list = await withEndpoints({ health, disabled: true }, { health, disabled: true, autoDisabled: true });
  expect((await list()).data).toMatchObject([{ id: idOf(1), disabled: true, failures: 10, probeAt: null }]);
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

it('goes on in both directions from a page on which no endpoint fails', async () => {
  const health = { failures: 1, failingSince: secondsLater(1) };
  const list = await withEndpoints({ health }, {}, {}, { health }, {});
  const idsOf = (page: { data: readonly { id: string }[] }) => page.data.map(({ id }) => id);
  const first = await list('limit=1');
  const second = await list(`limit=2&iterator=${first.iterator}`);
  expect(second).toMatchObject({ data: [], done: false });
  expect(idsOf(await list(`limit=2&iterator=${second.iterator}`))).toEqual([idOf(3)]);
  const third = await list(`limit=2&iterator=${second.iterator}`);
  const back = await list(`limit=2&iterator=${third.prevIterator}`);
  expect(back).toMatchObject({ data: [], done: false });
  expect(idsOf(await list(`limit=2&iterator=${back.prevIterator}`))).toEqual([idOf(0)]);
  expect(idsOf(await list(`limit=3&iterator=${back.iterator}`))).toEqual([idOf(3)]);
});
