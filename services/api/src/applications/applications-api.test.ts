import type { Endpoint } from '@posthorn/core';
import { anApplication, anEndpoint, ids, nthId } from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';
import { createApplicationsApi } from './applications-api.ts';

const path = '/api/v1/app';
const one = `${path}/${ids.application}`;
const pathParameters = { app_id: ids.application };

async function withApplication(...applications: ReturnType<typeof anApplication>[]) {
  const api = anApi();
  for (const application of applications.length > 0 ? applications : [anApplication()]) {
    await api.applications.insert(application);
  }
  return api;
}

describe('applications', () => {
  it('are created, with nulls where something is optional', async () => {
    const body = { name: 'Toys', uid: 'toys', throttleRate: null, metadata: { a: 'b' } };
    const answer = await anApi().serve(aRequest({ method: 'POST', path, body }));
    expect(answer.statusCode).toBe(201);
    expect(bodyOf(answer)).toEqual({
      id: expect.stringMatching(/^app_[0-9A-Za-z]{27}$/),
      uid: 'toys',
      name: 'Toys',
      throttleRate: null,
      metadata: { a: 'b' },
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
    });
  });

  it('have a unique uid', async () => {
    const api = await withApplication(anApplication({ uid: 'toys' }));
    const answer = await api.serve(aRequest({ method: 'POST', path, body: { name: 'Other', uid: 'toys' } }));
    expect(answer.statusCode).toBe(409);
    expect(bodyOf(answer)).toMatchObject({ code: 'conflict' });
  });

  it('are returned unchanged with get_if_exists if the uid is taken', async () => {
    const api = await withApplication(anApplication({ uid: 'toys' }));
    const body = { name: 'Other', uid: 'toys' };
    const answer = await api.serve(aRequest({ method: 'POST', path, search: 'get_if_exists=true', body }));
    expect(answer.statusCode).toBe(200);
    expect(bodyOf(answer)).toMatchObject({ id: ids.application, name: 'Toy shop' });
  });

  it.each([
    { name: '' },
    { name: 'a', uid: 'app_1' },
    { name: 'a', uid: 'a b' },
    { name: 'a', uid: '.' },
    { name: 'a', uid: '..' },
    { name: 'a', throttleRate: 0 },
    {},
  ])('are refused as %j', async (body) =>
    expect(await anApi().serve(aRequest({ method: 'POST', path, body }))).toMatchObject({ statusCode: 422 }),
  );

  it('are found by id and by uid', async () => {
    const api = await withApplication(anApplication({ uid: 'toys' }));
    const byUid = await api.serve(aRequest({ path: `${path}/toys` }));
    expect(bodyOf(byUid)).toMatchObject({ id: ids.application });
    expect(await api.serve(aRequest({ path: one }))).toEqual(byUid);
  });

  it.each(['.', '..'])(
    'that got the uid %s before can be read, listed, changed and deleted by their id',
    async (uid) => {
      const api = anApi();
      await api.applications.insert(anApplication({ uid }));
      const path = `/api/v1/app/${ids.application}`;
      const call = (method: 'GET' | 'PATCH' | 'PUT' | 'DELETE', body?: unknown) =>
        api.serve(aRequest({ method, path, body }));
      expect(bodyOf(await call('GET'))).toMatchObject({ uid });
      expect(bodyOf(await api.serve(aRequest()))).toMatchObject({ data: [{ uid }] });
      expect(bodyOf(await call('PATCH', { name: 'new' }))).toMatchObject({ name: 'new', uid });
      expect((await call('PATCH', { uid })).statusCode).toBe(422);
      expect((await call('PUT', { name: 'new', uid: 'named' })).statusCode).toBe(200);
      expect((await call('DELETE')).statusCode).toBe(204);
    },
  );

  it('are listed by id, page by page', async () => {
    const [first, second] = [nthId('application', 1), nthId('application', 2)];
    const api = await withApplication(
      anApplication({ applicationId: second }),
      anApplication({ applicationId: first }),
    );
    const page = bodyOf(await api.serve(aRequest({ path, search: 'limit=1' })));
    expect(page).toMatchObject({ data: [{ id: first }], iterator: first, prevIterator: `-${first}`, done: false });
    const next = bodyOf(await api.serve(aRequest({ path, search: `limit=1&iterator=${page.iterator}` })));
    expect(next).toMatchObject({ data: [{ id: second }], done: true });
  });

  it('are replaced as a whole', async () => {
    const api = await withApplication(anApplication({ uid: 'toys', metadata: { a: 'b' }, throttleRate: 3 }));
    const answer = await api.serve(aRequest({ method: 'PUT', path: one, body: { name: 'New' } }));
    expect(answer.statusCode).toBe(200);
    expect(bodyOf(answer)).toMatchObject({ id: ids.application, name: 'New', metadata: {}, throttleRate: null });
    expect(bodyOf(answer)).not.toHaveProperty('uid');
  });

  it('are created by a PUT if they do not exist, with the uid of the body', async () => {
    const api = anApi();
    const answer = await api.serve(aRequest({ method: 'PUT', path: `${path}/any`, body: { name: 'New', uid: 'new' } }));
    expect(answer.statusCode).toBe(201);
    expect(bodyOf(answer)).toMatchObject({ uid: 'new' });
  });

  it('are changed in parts: an absent field is kept, null clears it', async () => {
    const api = await withApplication(anApplication({ uid: 'toys', metadata: { a: 'b' }, throttleRate: 3 }));
    const answer = await api.serve(aRequest({ method: 'PATCH', path: one, body: { uid: null } }));
    expect(bodyOf(answer)).toMatchObject({ name: 'Toy shop', metadata: { a: 'b' }, throttleRate: 3 });
    expect(bodyOf(answer)).not.toHaveProperty('uid');
    expect(await api.serve(aRequest({ method: 'PATCH', path: one, body: { name: null } }))).toMatchObject({
      statusCode: 422,
    });
  });

  it.each(['rateLimit', 'throttleRate'])('are changed by sending back what was read with another %s', async (field) => {
    for (const method of ['PUT', 'PATCH'] as const) {
      const api = await withApplication(anApplication({ throttleRate: 3 }));
      const read = bodyOf(await api.serve(aRequest({ path: one })));
      const answer = await api.serve(aRequest({ method, path: one, body: { ...read, [field]: 9 } }));
      expect(bodyOf(answer)).toMatchObject({ throttleRate: 9, rateLimit: 9 });
    }
  });

  it.each([
    ['POST', path],
    ['PUT', one],
    ['PATCH', one],
  ] as const)('are refused with two rates by %s %s', async (method, where) => {
    const api = await withApplication(anApplication({ throttleRate: 3 }));
    const body = { name: 'Toys', throttleRate: 4, rateLimit: 5 };
    const answer = await api.serve(aRequest({ method, path: where, body }));
    expect(answer.statusCode).toBe(422);
    expect(bodyOf(answer)).toMatchObject({ detail: [{ msg: expect.stringMatching(/throttleRate and rateLimit/) }] });
  });

  it('are created once by 20 concurrent POSTs with the same uid', async () => {
    const api = anApi();
    const posts = Array.from({ length: 20 }, (_, n) =>
      api.serve(aRequest({ method: 'POST', path, body: { name: `Name ${n}`, uid: 'toys' } })),
    );
    const statuses = (await Promise.all(posts)).map(({ statusCode }) => statusCode);
    expect(statuses.toSorted()).toEqual([201, ...Array(19).fill(409)]);
    expect(api.applications.all()).toHaveLength(1);
  });

  it('are one for 20 concurrent POSTs with get_if_exists', async () => {
    const api = anApi();
    const posts = Array.from({ length: 20 }, (_, n) =>
      api.serve(
        aRequest({ method: 'POST', path, search: 'get_if_exists=true', body: { name: `Name ${n}`, uid: 'toys' } }),
      ),
    );
    const answers = await Promise.all(posts);
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([...Array(19).fill(200), 201]);
    expect(new Set(answers.map((answer) => bodyOf(answer).id)).size).toBe(1);
    expect(api.applications.all()).toHaveLength(1);
  });

  it('are created once by 20 concurrent PUTs with the same uid', async () => {
    const api = anApi();
    const puts = Array.from({ length: 20 }, (_, n) =>
      api.serve(aRequest({ method: 'PUT', path: `${path}/toys`, body: { name: `Name ${n}`, uid: 'toys' } })),
    );
    const statuses = (await Promise.all(puts)).map(({ statusCode }) => statusCode);
    expect(statuses.toSorted()).toEqual([...Array(19).fill(200), 201]);
    expect(api.applications.all()).toHaveLength(1);
  });

  it('are not created by a PUT with the uid of another one', async () => {
    const api = await withApplication(anApplication({ uid: 'toys' }));
    const put = aRequest({ method: 'PUT', path: `${path}/other`, body: { name: 'Other', uid: 'toys' } });
    expect(await api.serve(put)).toMatchObject({ statusCode: 409 });
    expect(api.applications.all()).toHaveLength(1);
  });

  it('accept 25 concurrent changes, and the last change of a field wins', async () => {
    const api = await withApplication();
    const names = Array.from({ length: 25 }, (_, n) => `Name ${n}`);
    const answers = await Promise.all(
      names.map((name) => api.serve(aRequest({ method: 'PATCH', path: one, body: { name } }))),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(25).fill(200));
    expect(api.applications.all()).toMatchObject([{ name: expect.stringMatching(/^Name /), revision: 26 }]);
  });

  it('keep both of two concurrent changes', async () => {
    const api = await withApplication();
    const patch = (body: object) => api.serve(aRequest({ method: 'PATCH', path: one, body }));
    await Promise.all([patch({ name: 'New' }), patch({ throttleRate: 5 }), patch({ metadata: { a: 'b' } })]);
    expect(api.applications.all()).toMatchObject([{ name: 'New', throttleRate: 5, metadata: { a: 'b' } }]);
  });

  it('are deleted by uid, with all their endpoints', async () => {
    const api = await withApplication(anApplication({ uid: 'toys' }));
    for (let n = 0; n < 120; n += 1) await api.endpoints.insert(anEndpoint({ endpointId: nthId('endpoint', n) }));
    await api.endpoints.insert(anEndpoint({ endpointId: nthId('endpoint', 200), order: { onExhausted: 'block' } }));
    expect(await api.serve(aRequest({ method: 'DELETE', path: `${path}/toys` }))).toMatchObject({ statusCode: 204 });
    expect(api.applications.all()).toEqual([]);
    expect(api.endpoints.all()).toEqual([]);
  });

  it('leave a task that removes everything of them, and their uid is free at once', async () => {
    const api = await withApplication(anApplication({ uid: 'toys' }));
    await api.serve(aRequest({ method: 'DELETE', path: one }));
    expect(api.tasks.all()).toMatchObject([
      {
        applicationId: ids.application,
        status: 'running',
        work: { kind: 'application.purge_content', removes: 'application', uid: 'toys' },
      },
    ]);
    const again = await api.serve(aRequest({ method: 'POST', path, body: { name: 'New', uid: 'toys' } }));
    expect(again.statusCode).toBe(201);
    expect(bodyOf(again).id).not.toBe(ids.application);
    expect((await api.serve(aRequest({ path: one }))).statusCode).toBe(404);
    expect((await api.serve(aRequest({ method: 'DELETE', path: one }))).statusCode).toBe(404);
  });

  it('lose endpoints that are created while they are deleted', async () => {
    const api = await withApplication();
    const serve = createApplicationsApi({
      ...api,
      beginRemoval: async (task) => {
        await api.endpoints.insert(anEndpoint());
        return api.beginRemoval(task);
      },
    });
    await serve({ ...aRequest({ method: 'DELETE', path: one }), pathParameters }, api.context);
    expect(api.endpoints.all()).toEqual([]);
  });

  it.each([
    ['endpoints', 0],
    ['application', 0],
    ['answer', 1],
  ] as const)('are deleted with one task if a first request has died at the %s', async (at, stored) => {
    const api = await withApplication();
    await api.endpoints.insert(anEndpoint());
    const die = (): Promise<never> => Promise.reject(new Error('died'));
    const { delete: deleteEndpoint } = api.endpoints;
    if (at === 'endpoints') api.endpoints.delete = die;
    const dying = createApplicationsApi({
      ...api,
      beginRemoval: async (task) => {
        if (at === 'answer') await api.beginRemoval(task);
        return die();
      },
    });
    const request = aRequest({ method: 'DELETE', path: one });
    const answer = await dying({ ...request, pathParameters }, api.context);
    expect([answer.statusCode, api.tasks.all().length]).toEqual([500, stored]);
    api.endpoints.delete = deleteEndpoint;
    const again = await api.serve(aRequest({ method: 'DELETE', path: one }));
    // Without its row, nothing more is sent for it, and its task removes the rest.
    expect([again.statusCode, api.tasks.all().length]).toEqual([at === 'answer' ? 404 : 204, 1]);
    expect([api.applications.all(), api.endpoints.all()]).toEqual([[], []]);
  });

  it('are deleted with one task by twenty requests at the same time', async () => {
    const api = await withApplication(anApplication({ uid: 'toys' }));
    await api.endpoints.insert(anEndpoint());
    const requests = Array.from({ length: 20 }, () => api.serve(aRequest({ method: 'DELETE', path: one })));
    const answers = await Promise.all(requests);
    expect(answers.map(({ statusCode }) => statusCode)).toContain(204);
    expect(answers.every(({ statusCode }) => statusCode === 204 || statusCode === 404)).toBe(true);
    expect(api.tasks.all()).toHaveLength(1);
    expect([api.applications.all(), api.endpoints.all()]).toEqual([[], []]);
  });

  describe('listed without those that have', () => {
    const [none, disabled, enabled, play, mixed] = [1, 2, 3, 4, 5].map((n) => nthId('application', n));
    const endpointsOf: readonly Partial<Endpoint>[] = [
      { applicationId: disabled, disabled: true },
      { applicationId: disabled, disabled: true, order: { onExhausted: 'block' } },
      { applicationId: enabled },
      { applicationId: play, url: 'https://play.svix.com/in/e_1/' },
      { applicationId: mixed, disabled: true, url: 'https://play.svix.com/in/e_1/' },
      { applicationId: mixed, url: 'https://play.svix.com.example.com/' },
    ] as readonly Partial<Endpoint>[];
    const aWorld = async () => {
      const all = [none, disabled, enabled, play, mixed].flatMap((applicationId) => applicationId ?? []);
      const api = await withApplication(...all.map((applicationId) => anApplication({ applicationId })));
      for (const [n, endpoint] of endpointsOf.entries())
        await api.endpoints.insert(anEndpoint({ endpointId: nthId('endpoint', n), ...endpoint }));
      return api;
    };
    const idsOf = (answer: Parameters<typeof bodyOf>[0]) => bodyOf(answer).data.map(({ id }: { id: string }) => id);

    it.each([
      ['no endpoints', 'exclude_apps_with_no_endpoints=true', [disabled, enabled, play, mixed]],
      ['only disabled ones', 'exclude_apps_with_disabled_endpoints=true', [none, enabled, play, mixed]],
      ['only endpoints of Svix Play', 'exclude_apps_with_svix_play_endpoints=true', [none, disabled, enabled, mixed]],
      [
        'any of these',
        'exclude_apps_with_no_endpoints=true&exclude_apps_with_disabled_endpoints=true&exclude_apps_with_svix_play_endpoints=true',
        [enabled, mixed],
      ],
      ['none of these', 'exclude_apps_with_no_endpoints=false', [none, disabled, enabled, play, mixed]],
    ])('%s', async (_, search, expected) => {
      const api = await aWorld();
      expect(idsOf(await api.serve(aRequest({ path, search })))).toEqual(expected);
    });

    it('page by page, both ways', async () => {
      const api = await aWorld();
      const filter = 'exclude_apps_with_no_endpoints=true';
      const first = await api.serve(aRequest({ path, search: `limit=2&order=descending&${filter}` }));
      expect(idsOf(first)).toEqual([mixed, play]);
      const { iterator } = bodyOf(first);
      const second = await api.serve(
        aRequest({ path, search: `limit=2&order=descending&${filter}&iterator=${iterator}` }),
      );
      expect([idsOf(second), bodyOf(second).done]).toEqual([[enabled, disabled], true]);
      const { prevIterator } = bodyOf(second);
      const back = await api.serve(
        aRequest({ path, search: `limit=2&order=descending&${filter}&iterator=${prevIterator}` }),
      );
      expect(idsOf(back)).toEqual([mixed, play]);
    });
  });

  it.each([
    ['POST', path, '', [201, 409]],
    ['POST', path, 'get_if_exists=true', [201, 200]],
    ['PUT', `${path}/toys`, '', [201, 200]],
  ] as const)('are one for 20 concurrent requests with one uid: %s %s %s', async (method, where, search, statuses) => {
    const api = anApi();
    const body = { name: 'Toys', uid: 'toys' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => api.serve(aRequest({ method, path: where, search, body }))),
    );
    const counts = statuses.map((status) => answers.filter(({ statusCode }) => statusCode === status).length);
    expect(counts).toEqual([1, 19]);
    expect(api.applications.all()).toHaveLength(1);
  });
});
