import { anApplication, anIntegration, ids, nthId } from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';
import { failOnce } from '../fixtures/fail-once.ts';
import { sealedForRequest, storedAnswers } from '../fixtures/stored-answers.ts';

const path = '/api/v1/app/toys/integration';
const own = `/api/v1/app/${ids.application}`;

async function withApplication() {
  const api = anApi();
  await api.applications.insert(anApplication({ uid: 'toys' }));
  const call = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', below = '', body?: unknown, parts: object = {}) =>
    api.serve(aRequest({ method, path: `${path}${below}`, body, ...parts }));
  const get = async (token: string, of = own) => (await api.serve(aRequest({ path: of, token }))).statusCode;
  return { ...api, call, get };
}

describe('integrations', () => {
  it('are created, read, replaced and deleted', async () => {
    const { call, integrations } = await withApplication();
    const created = await call('POST', '', { name: 'Accounting', featureFlags: ['beta', 'beta'] });
    expect(created.statusCode).toBe(201);
    const { id } = bodyOf(created);
    expect(bodyOf(created)).toMatchObject({ name: 'Accounting', featureFlags: ['beta'] });
    expect(bodyOf(await call('GET', `/${id}`))).toEqual(bodyOf(created));
    expect(bodyOf(await call('PUT', `/${id}`, { name: 'Books' }))).toMatchObject({ name: 'Books', featureFlags: [] });
    expect((await call('DELETE', `/${id}`)).statusCode).toBe(204);
    expect((await call('DELETE', `/${id}`)).statusCode).toBe(404);
    expect(integrations.all()).toEqual([]);
  });

  it('are listed by id, both ways', async () => {
    const { call, integrations } = await withApplication();
    const listed = [1, 2, 3].map((n) => nthId('integration', n));
    for (const integrationId of listed) await integrations.insert(anIntegration({ integrationId }));
    await integrations.insert(anIntegration({ applicationId: nthId('application', 1) }));
    const idsOf = async (search: string) =>
      bodyOf(await call('GET', '', undefined, { search })).data.map(({ id }: { id: string }) => id);
    expect(await idsOf('')).toEqual(listed);
    expect(await idsOf('order=descending&limit=2')).toEqual([listed[2], listed[1]]);
    expect(await idsOf(`iterator=${listed[0]}`)).toEqual([listed[1], listed[2]]);
    expect(await idsOf(`iterator=-${listed[2]}`)).toEqual([listed[0], listed[1]]);
    expect((await call('GET', '', undefined, { search: 'iterator=marks' })).statusCode).toBe(422);
  });

  it.each([['marks'], [ids.token], ['integ_1'], [nthId('integration', 1)]])('are not found as %s', async (name) => {
    const { call, tokens } = await withApplication();
    const marks = await tokens.findMarks(ids.application);
    await tokens.updateMarks({ applicationId: ids.application }, { generation: 1, marks: [] }, marks);
    const calls = [
      call('GET', `/${name}`),
      call('PUT', `/${name}`, { name: 'a' }),
      call('POST', `/${name}/key/rotate`),
    ];
    expect((await Promise.all(calls)).map(({ statusCode }) => statusCode)).toEqual([404, 404, 404]);
  });

  it.each([[{}], [{ name: '' }], [{ name: 'a', featureFlags: ['ä'] }]])('are refused with %j', async (body) => {
    const { call } = await withApplication();
    expect((await call('POST', '', body)).statusCode).toBe(422);
  });
});

describe('the key of an integration', () => {
  async function withKey(content: object = {}) {
    const api = await withApplication();
    const { id } = bodyOf(await api.call('POST', '', { name: 'a', ...content }));
    const post = (headers: object) => api.call('POST', `/${id}/key/rotate`, undefined, { headers });
    const rotate = async (headers = {}): Promise<string> => bodyOf(await post(headers)).key;
    return { ...api, id, post, rotate, key: await rotate() };
  }

  it('acts for its application, with limited rights', async () => {
    const { key, get, serve } = await withKey();
    expect(await get(key)).toBe(200);
    expect(await get(key, path)).toBe(403);
    const create = {
      method: 'POST',
      path: `${own}/endpoint`,
      body: { url: 'https://example.com' },
      token: key,
    } as const;
    expect((await serve(aRequest(create))).statusCode).toBe(201);
    const send = { method: 'POST', path: `${own}/msg`, body: { eventType: 'a', payload: {} }, token: key } as const;
    expect((await serve(aRequest(send))).statusCode).toBe(403);
    expect(await get(key, `/api/v1/app/${nthId('application', 1)}`)).toBe(404);
  });

  it('does not expire, until a new one is made or the integration is deleted', async () => {
    const { key, get, sleep, rotate, call, id } = await withKey();
    await sleep(400 * 86_400_000);
    expect(await get(key)).toBe(200);
    const next = await rotate();
    expect([await get(key), await get(next)]).toEqual([401, 200]);
    await call('PUT', `/${id}`, { name: 'b' });
    expect(await get(next)).toBe(200);
    await call('DELETE', `/${id}`);
    expect(await get(next)).toBe(401);
  });

  it('does not end with the portal tokens of its application', async () => {
    const { key, get, serve } = await withKey();
    await serve(aRequest({ method: 'POST', path: '/api/v1/auth/app/toys/expire-all', body: {} }));
    expect(await get(key)).toBe(200);
  });

  it('is repeated for an idempotency key, sealed where it is kept', async () => {
    const { rotate, claims, get } = await withKey();
    const stored = storedAnswers(claims);
    const headers = { 'idempotency-key': 'k' };
    const first = await rotate(headers);
    expect(await rotate(headers)).toBe(first);
    expect(await get(first)).toBe(200);
    expect(stored).toEqual([expect.stringMatching(sealedForRequest)]);
  });

  it.each(['before', 'after'] as const)('is made once if the store fails %s it was made', async (when) => {
    const { rotate, post, integrations, claims, get } = await withKey();
    if (when === 'before') failOnce(integrations, 'update');
    else failOnce(claims, 'finish');
    const headers = { 'idempotency-key': 'k' };
    expect(await post(headers)).toMatchObject({ statusCode: 503 });
    const key = await rotate(headers);
    expect(await get(key)).toBe(200);
    expect(await rotate(headers)).toBe(key);
    expect(integrations.all()).toMatchObject([{ revision: 3 }]);
  });

  it.each(['before', 'after'] as const)(
    'is not ended by the repetition of an earlier request that failed %s it made its own',
    async (when) => {
      const { rotate, post, integrations, claims, get, sleep } = await withKey();
      if (when === 'before') failOnce(integrations, 'update');
      else failOnce(claims, 'finish');
      const headers = { 'idempotency-key': 'k' };
      expect(await post(headers)).toMatchObject({ statusCode: 503 });
      await sleep(60_000);
      const newer = await rotate();
      for (const _ of [1, 2]) expect(await post(headers)).toMatchObject({ statusCode: 409 });
      expect(await get(newer)).toBe(200);
      expect(await get(await rotate({ 'idempotency-key': 'new' }))).toBe(200);
    },
  );

  it('is one of several that are made at the same time', async () => {
    const { rotate, get } = await withKey();
    const keys = await Promise.all([rotate(), rotate(), rotate()]);
    const valid = (await Promise.all(keys.map((key) => get(key)))).filter((status) => status === 200);
    expect(valid).toEqual([200]);
  });
});
