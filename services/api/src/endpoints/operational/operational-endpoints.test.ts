import { operationalApplicationIdOf, operationalEventTypes } from '@posthorn/core';
import { anApplication, anEndpoint, ids, nthId } from '@posthorn/testing';
import { aRequest, bodyOf } from '../../fixtures/a-request.ts';
import { anApi } from '../../fixtures/an-api.ts';

const path = '/api/v1/operational-webhook/endpoint';
const hidden = operationalApplicationIdOf(ids.organisation);

async function anOperationalApi() {
  const api = anApi();
  await api.applications.insert(anApplication());
  const call = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', below: string, body?: unknown, search = '') =>
    api.serve(aRequest({ method, path: `${path}${below}`, body, search }));
  const create = async (body: object = {}) => {
    const answer = await call('POST', '', { url: 'https://example.com/hook', ...body });
    return { answer, id: String(bodyOf(answer).id) };
  };
  return { ...api, call, create };
}

describe('operational endpoints', () => {
  it('are created with exactly the fields of Svix', async () => {
    const { create, endpoints } = await anOperationalApi();
    const { answer, id } = await create({ eventTypes: ['endpoint.disabled'], description: null, metadata: { a: 'b' } });
    expect(answer.statusCode).toBe(201);
    expect(bodyOf(answer)).toEqual({
      id: expect.stringMatching(/^ep_[0-9A-Za-z]{27}$/),
      uid: null,
      url: 'https://example.com/hook',
      description: '',
      disabled: false,
      eventTypes: ['endpoint.disabled'],
      throttleRate: null,
      metadata: { a: 'b' },
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    expect(endpoints.all()).toMatchObject([
      { organisationId: ids.organisation, applicationId: hidden, endpointId: id },
    ]);
  });

  it('may ask for every type of event, and for no other', async () => {
    const { create } = await anOperationalApi();
    expect((await create({ eventTypes: operationalEventTypes })).answer.statusCode).toBe(201);
    expect((await create({ eventTypes: ['message.attempt.log'] })).answer.statusCode).toBe(422);
    expect((await create({ eventTypes: [] })).answer.statusCode).toBe(422);
  });

  it.each([{ url: 'http://example.com' }, { secret: 'whsec_short' }, { headers: { 'content-length': '1' } }])(
    'are refused with %j',
    async (body) => {
      const { create, endpoints } = await anOperationalApi();
      expect((await create(body)).answer.statusCode).toBe(422);
      expect(endpoints.all()).toEqual([]);
    },
  );

  it('are listed, newest first, without the endpoints of applications', async () => {
    const { call, create, endpoints } = await anOperationalApi();
    await endpoints.insert(anEndpoint({ endpointId: nthId('endpoint', 3) }));
    const { id } = await create({ uid: 'mine' });
    expect(bodyOf(await call('GET', '', undefined, 'limit=10'))).toMatchObject({ data: [{ id }], done: true });
    expect((await call('GET', `/${nthId('endpoint', 3)}`)).statusCode).toBe(404);
    expect(bodyOf(await call('GET', '/mine'))).toMatchObject({ id });
  });

  it('are replaced, or created by their uid', async () => {
    const { call, create } = await anOperationalApi();
    const { id } = await create({ eventTypes: ['endpoint.disabled'] });
    const replaced = await call('PUT', `/${id}`, { url: 'https://example.com/new', disabled: true });
    expect([replaced.statusCode, bodyOf(replaced)]).toMatchObject([200, { id, disabled: true, eventTypes: null }]);
    const created = await call('PUT', '/other', { url: 'https://example.com/other', uid: 'other' });
    expect([created.statusCode, bodyOf(created)]).toMatchObject([201, { uid: 'other' }]);
    expect((await call('PUT', `/${id}`, { url: 'https://example.com/new', uid: 'other' })).statusCode).toBe(409);
    expect((await create({ uid: 'other' })).answer.statusCode).toBe(409);
  });

  it('have a secret, which is rotated, and headers, whose credentials are not shown', async () => {
    const { call, create } = await anOperationalApi();
    const { id } = await create({ headers: { 'X-A': '1', Authorization: 'Bearer secret' } });
    const { key } = bodyOf(await call('GET', `/${id}/secret`));
    expect(key).toMatch(/^whsec_/);
    expect((await call('POST', `/${id}/secret/rotate`, {})).statusCode).toBe(204);
    expect(bodyOf(await call('GET', `/${id}/secret`)).key).not.toBe(key);
    expect(bodyOf(await call('GET', `/${id}/headers`))).toEqual({
      headers: { 'X-A': '1' },
      sensitive: ['Authorization'],
    });
    expect((await call('PUT', `/${id}/headers`, { headers: { 'X-B': '2' } })).statusCode).toBe(204);
    expect(bodyOf(await call('GET', `/${id}/headers`))).toEqual({ headers: { 'X-B': '2' }, sensitive: [] });
  });

  it('are deleted', async () => {
    const { call, create } = await anOperationalApi();
    const { id } = await create();
    expect((await call('DELETE', `/${id}`)).statusCode).toBe(204);
    expect((await call('GET', `/${id}`)).statusCode).toBe(404);
  });

  it('are created once under an idempotency key', async () => {
    const { serve } = await anOperationalApi();
    const headers = { 'idempotency-key': 'once' };
    const request = () => serve(aRequest({ method: 'POST', path, headers, body: { url: 'https://example.com/hook' } }));
    expect(bodyOf(await request())).toEqual(bodyOf(await request()));
  });

  it('need the token of the organisation', async () => {
    const { serve, create } = await anOperationalApi();
    const { id } = await create();
    for (const below of ['', `/${id}`, `/${id}/secret`, `/${id}/headers`]) {
      const answer = await serve(aRequest({ path: `${path}${below}`, token: ids.application }));
      expect([below, answer.statusCode]).toEqual([below, 403]);
    }
  });
});

describe('the application of operational endpoints', () => {
  it('is reached by no operation', async () => {
    const { serve, create } = await anOperationalApi();
    const { id } = await create();
    const paths = ['', '/endpoint', `/endpoint/${id}`, '/msg', `/attempt/endpoint/${id}`, `/endpoint/${id}/stats`];
    for (const below of paths) {
      const answer = await serve(aRequest({ path: `/api/v1/app/${hidden}${below}` }));
      expect([below, answer.statusCode]).toEqual([below, 404]);
    }
    const body = { eventType: 'endpoint.created', payload: {} };
    expect((await serve(aRequest({ method: 'POST', path: `/api/v1/app/${hidden}/msg`, body }))).statusCode).toBe(404);
  });

  it('has no token: one with its id is as good as none', async () => {
    const { serve, create } = await anOperationalApi();
    const { id } = await create();
    for (const below of [
      `/app/${hidden}`,
      `/app/${hidden}/endpoint/${id}`,
      '/event-type',
      '/operational-webhook/endpoint',
    ]) {
      const answer = await serve(aRequest({ path: `/api/v1${below}`, token: hidden }));
      expect([below, answer.statusCode]).toEqual([below, 401]);
    }
  });

  it('is in no list', async () => {
    const { serve, create } = await anOperationalApi();
    await create();
    const { data } = bodyOf(await serve(aRequest({ path: '/api/v1/app' })));
    expect(data.map(({ id }: { id: string }) => id)).toEqual([ids.application]);
  });
});
