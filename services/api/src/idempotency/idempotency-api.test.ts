import { PassingError, timeOfId } from '@posthorn/core';
import { aMessage, anApplication, anAttempt, anEndpoint, ids, nthId, secondsLater } from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';
import type { ApiAnswer } from '../http/api-event.ts';

type Api = ReturnType<typeof anApi>;

const key = { 'idempotency-key': 'k' };
const one = `/api/v1/app/${ids.application}`;
const aDestination = { type: 'fifoEndpoint', config: { url: 'https://example.com', headers: { 'x-team': 'blue' } } };

function aClient(api: Api = anApi()) {
  const call = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown, more: object = {}) =>
    api.serve(aRequest({ method, path, ...(body === undefined ? {} : { body }), headers: key, ...more }));
  const post = (path: string, body: unknown = {}, more: object = {}) => call('POST', path, body, more);
  return { api, call, post };
}

/** Every POST except sending a message: its path, its body, and the path to delete what it created. */
const creating: readonly (readonly [string, string, object, (id: string) => string])[] = [
  ['an application', '/api/v1/app', { name: 'Toys' }, (id) => `/api/v1/app/${id}`],
  ['an endpoint', `${one}/endpoint`, { url: 'https://example.com' }, (id) => `${one}/endpoint/${id}`],
  ['a destination', `${one}/destination`, aDestination, (id) => `${one}/destination/${id}`],
];

describe.each(creating)('creating %s under an idempotency key', (_, path, body, pathOf) => {
  async function withApplication() {
    const client = aClient();
    await client.api.applications.insert(anApplication());
    return client;
  }

  it('repeats the answer for a renewed token', async () => {
    const { post } = await withApplication();
    const first = await post(path, body);
    expect(first.statusCode).toBe(201);
    expect(await post(path, body, { token: 'organisation-renewed' })).toEqual(first);
  });

  it('creates it again, once, if it has been deleted', async () => {
    const { call, post } = await withApplication();
    const first = bodyOf(await post(path, body));
    await call('DELETE', pathOf(first.id));
    const [second, third] = await Promise.all([post(path, body), post(path, body)]);
    expect(second.statusCode).toBe(201);
    expect(bodyOf(second).id).not.toBe(first.id);
    expect(bodyOf(third)).toEqual(bodyOf(second));
    expect(await call('GET', pathOf(bodyOf(second).id))).toMatchObject({ statusCode: 200 });
  });
});

describe.each([
  ['an endpoint', `${one}/endpoint`, { url: 'https://example.com', uid: 'one' }],
  ['a destination', `${one}/destination`, { ...aDestination, uid: 'one' }],
] as const)('creating %s under an idempotency key is exactly one', (_, path, body) => {
  async function withApplication() {
    const client = aClient();
    await client.api.applications.insert(anApplication());
    return client;
  }

  it('if the store fails after it was inserted', async () => {
    const { api, post } = await withApplication();
    failAfter(api.endpoints, 'insert');
    expect(await post(path, body)).toMatchObject({ statusCode: 503 });
    const again = await post(path, body);
    expect(again.statusCode).toBe(201);
    expect(api.endpoints.all().map(({ endpointId }) => endpointId)).toEqual([bodyOf(again).id]);
    expect(await post(path, body)).toEqual(again);
  });

  it('if the store fails before its answer is stored, also if it was the last one that the limit allows', async () => {
    const { api, post } = await withApplication();
    for (let n = 0; n < 499; n += 1) await api.endpoints.insert(anEndpoint({ endpointId: nthId('endpoint', n) }));
    failAfter(api.claims, 'finish', { withoutDoing: true });
    expect(await post(path, body)).toMatchObject({ statusCode: 503 });
    expect(await post(path, body)).toMatchObject({ statusCode: 201 });
    expect(api.endpoints.all()).toHaveLength(500);
  });

  it('if the first request died after it was inserted, and several take it up', async () => {
    const { api, post } = await withApplication();
    const { insert } = api.endpoints;
    api.endpoints.insert = async (...inserted) => {
      await insert(...inserted);
      return new Promise<never>(() => undefined);
    };
    void post(path, body);
    await untilInserted(api);
    api.endpoints.insert = insert;
    const [second, third] = await Promise.all([post(path, body), post(path, body)]);
    expect(second.statusCode).toBe(201);
    expect(third).toEqual(second);
    expect(api.endpoints.all().map(({ endpointId }) => endpointId)).toEqual([bodyOf(second).id]);
  });

  it('if the first request is so slow that another one takes it up', async () => {
    const { api, post } = await withApplication();
    const { insert } = api.endpoints;
    const late: (() => Promise<void>)[] = [];
    const inserted = Promise.withResolvers<Awaited<ReturnType<typeof insert>>>();
    api.endpoints.insert = (...given) => {
      api.endpoints.insert = insert;
      late.push(async () => inserted.resolve(await insert(...given)));
      return inserted.promise;
    };
    const first = post(path, body);
    const second = await post(path, body);
    for (const insertLate of late) await insertLate();
    expect(bodyOf(await first).id).toBe(bodyOf(second).id);
    expect(api.endpoints.all()).toHaveLength(1);
  });
});

it('creates an endpoint with the time of the request that succeeded, not of an earlier one that was refused', async () => {
  const { api, post } = aClient();
  await api.applications.insert(anApplication());
  const create = () => post(`${one}/endpoint`, { url: 'https://example.com', eventTypes: ['invoice.paid'] });
  expect(await create()).toMatchObject({ statusCode: 422 });
  await api.sleep(8 * 3_600_000);
  await post('/api/v1/event-type', { name: 'invoice.paid', description: '' });
  const { id, createdAt } = bodyOf(await create());
  // An endpoint gets no message from before the time in its id.
  expect(timeOfId(id)).toEqual(secondsLater(8 * 3_600));
  expect(createdAt).toBe(secondsLater(8 * 3_600).toISOString());
});

it('shows the time at which an endpoint was created, also if its request had begun long before', async () => {
  const { api, post } = aClient();
  await api.applications.insert(anApplication());
  const create = () => post(`${one}/endpoint`, { url: 'https://example.com' });
  failAfter(api.endpoints, 'insert', { withoutDoing: true });
  expect(await create()).toMatchObject({ statusCode: 503 });
  await api.sleep(3_600_000);
  expect(bodyOf(await create())).toMatchObject({ createdAt: secondsLater(3_600).toISOString() });
});

/** Waits for an endpoint whose insertion never returns. */
async function untilInserted(api: Api): Promise<void> {
  while (api.endpoints.all().length === 0) await api.sleep(1);
}

/** The next call of a method does its work, or does not, and fails as in an outage. */
function failAfter<Name extends string>(
  target: { [Method in Name]: (...given: never[]) => Promise<unknown> },
  name: Name,
  { withoutDoing = false } = {},
): void {
  const method = target[name];
  target[name] = async (...given) => {
    target[name] = method;
    if (!withoutDoing) await method(...given);
    throw new PassingError('the store is away');
  };
}

it.each([{ name: 'Toys' }, { name: 'Toys', uid: 'toys' }])(
  'creates one application of %j if the store fails after it was inserted',
  async (body) => {
    const { api, post } = aClient();
    failAfter(api.applications, 'insert');
    expect(await post('/api/v1/app', body)).toMatchObject({ statusCode: 503 });
    const again = await post('/api/v1/app', body);
    expect(again.statusCode).toBe(201);
    expect(api.applications.all().map(({ applicationId }) => applicationId)).toEqual([bodyOf(again).id]);
    expect(await post('/api/v1/app', body)).toEqual(again);
  },
);

it('creates one event type if the store fails after it was inserted, and refuses that of another request', async () => {
  const { api, post } = aClient();
  const create = (description: string, more: object = {}) =>
    post('/api/v1/event-type', { name: 'invoice.paid', description }, more);
  failAfter(api.eventTypes, 'insert');
  expect(await create('first')).toMatchObject({ statusCode: 503 });
  await api.sleep(60_000);
  const other = { headers: { 'idempotency-key': 'other' } };
  expect(await create('other', other)).toMatchObject({ statusCode: 409 });
  expect(await create('other', other)).toMatchObject({ statusCode: 409 });
  const again = await create('first');
  expect(again.statusCode).toBe(201);
  expect(bodyOf(again)).toMatchObject({ description: 'first' });
  expect(await create('first')).toEqual(again);
});

it('creates one event type if the response of the table is lost and the write is sent again', async () => {
  const { api, post } = aClient();
  const create = (more: object = {}) => post('/api/v1/event-type', { name: 'invoice.paid', description: 'a' }, more);
  const { insert } = api.eventTypes;
  api.eventTypes.insert = async (eventType) => {
    await insert(eventType);
    return insert(eventType);
  };
  expect(await create()).toMatchObject({ statusCode: 201 });
  expect(await create({ headers: { 'idempotency-key': 'other' } })).toMatchObject({ statusCode: 409 });
});

it('does not bring back an event type that was archived before its request was repeated', async () => {
  const { api, call, post } = aClient();
  const create = () => post('/api/v1/event-type', { name: 'invoice.paid', description: 'a' });
  failAfter(api.claims, 'finish', { withoutDoing: true });
  expect(await create()).toMatchObject({ statusCode: 503 });
  await call('DELETE', '/api/v1/event-type/invoice.paid');
  expect(bodyOf(await create())).toMatchObject({ archived: true });
  expect(api.eventTypes.all()).toMatchObject([{ archived: true }]);
});

it('creates an event type again if its name is gone', async () => {
  const { call, post } = aClient();
  const create = (description: string) => post('/api/v1/event-type', { name: 'invoice.paid', description });
  const first = await create('first');
  expect(await create('second')).toEqual(first);
  await call('DELETE', '/api/v1/event-type/invoice.paid', undefined, { search: 'expunge=true' });
  expect(bodyOf(await create('third'))).toMatchObject({ description: 'third' });
});

describe('a key that was used for one thing', () => {
  it('has no effect on another application, nor on one that gets its uid later', async () => {
    const { call, post } = aClient();
    const create = async (uid: string) => {
      await post('/api/v1/app', { name: uid, uid }, { headers: {} });
      return bodyOf(await post(`/api/v1/app/${uid}/endpoint`, { url: 'https://example.com' })).id;
    };
    const [toys, books] = [await create('toys'), await create('books')];
    await call('DELETE', '/api/v1/app/toys');
    const again = await create('toys');
    expect(new Set([toys, books, again]).size).toBe(3);
    expect(bodyOf(await call('GET', '/api/v1/app/toys/endpoint')).data).toMatchObject([{ id: again }]);
  });

  it('is the same key by id and by uid', async () => {
    const { api, post } = aClient();
    await api.applications.insert(anApplication({ uid: 'toys' }));
    const first = await post(`${one}/endpoint`, { url: 'https://example.com' });
    expect(await post('/api/v1/app/toys/endpoint', { url: 'https://example.com/other' })).toEqual(first);
    expect(api.endpoints.all()).toHaveLength(1);
  });

  it('is not shared by operations', async () => {
    const { api, post } = aClient();
    await api.applications.insert(anApplication());
    await post(`${one}/endpoint`, { url: 'https://example.com' });
    expect(bodyOf(await post(`${one}/destination`, aDestination))).toMatchObject({ type: 'fifoEndpoint' });
  });
});

describe('a stored answer', () => {
  it('is not given to a caller who may not see the thing', async () => {
    const { api, post } = aClient();
    await api.applications.insert(anApplication());
    await api.applications.insert(anApplication({ applicationId: nthId('application', 1) }));
    const body = { url: 'https://example.com' };
    expect(await post(`${one}/endpoint`, body)).toMatchObject({ statusCode: 201 });
    expect(await post(`${one}/endpoint`, body, { token: ids.application })).toMatchObject({ statusCode: 201 });
    expect(await post(`${one}/endpoint`, body, { token: nthId('application', 1) })).toMatchObject({ statusCode: 404 });
    expect(await post(`${one}/endpoint`, body, { token: 'nobody' })).toMatchObject({ statusCode: 401 });
    expect(api.endpoints.all()).toHaveLength(1);
  });

  it('is not given to a caller who may not do the operation', async () => {
    const { api, post } = aClient();
    await api.applications.insert(anApplication());
    await post('/api/v1/app', { name: 'Toys' });
    expect(await post('/api/v1/app', { name: 'Toys' }, { token: ids.application })).toMatchObject({ statusCode: 403 });
  });

  it('is sealed if it shows headers, is bound to its request, and is repeated unchanged', async () => {
    const { api, post } = aClient();
    await api.applications.insert(anApplication());
    const stored: string[] = [];
    const contexts: object[] = [];
    const { finish } = api.claims;
    api.claims.finish = (request, answer, expiresAt) => {
      stored.push(answer.body);
      return finish(request, answer, expiresAt);
    };
    const { seal } = api.seal;
    api.seal.seal = async (text, context) => {
      contexts.push(context);
      return Buffer.from(await seal(text, context)).toString('base64');
    };
    const { open } = api.seal;
    api.seal.open = (sealed, context) => open(Buffer.from(sealed, 'base64').toString(), context);

    const first = await post(`${one}/destination`, aDestination);
    expect(bodyOf(first).config.headers).toEqual({ headers: { 'x-team': 'blue' }, sensitive: [] });
    expect(stored).toHaveLength(1);
    expect(stored[0]).not.toContain('blue');
    expect(contexts.at(-1)).toEqual({
      organisationId: ids.organisation,
      requestKey: expect.stringMatching(/^idempotency#/),
    });
    expect(await post(`${one}/destination`, aDestination)).toEqual(first);
  });

  it('is not used for requests without a key: each one is done', async () => {
    const { api, post } = aClient();
    await post('/api/v1/app', { name: 'Toys' }, { headers: {} });
    await post('/api/v1/app', { name: 'Toys' }, { headers: { 'idempotency-key': '' } });
    expect(api.applications.all()).toHaveLength(2);
  });

  it('differs for each query string', async () => {
    const { api, post } = aClient();
    await post('/api/v1/app', { name: 'Toys' }, { search: 'get_if_exists=true' });
    await post('/api/v1/app', { name: 'Toys' }, { search: 'get_if_exists=false' });
    expect(api.applications.all()).toHaveLength(2);
  });
});

it('resends a message once for each key, endpoint and message', async () => {
  const { api, post } = aClient();
  await api.applications.insert(anApplication());
  await api.endpoints.insert(anEndpoint({ uid: 'one' }));
  for (const n of [0, 1]) await api.messages.insert(aMessage({ messageId: nthId('message', n) }));
  const resend = (n: number, endpoint: string): Promise<ApiAnswer> =>
    post(`${one}/msg/${nthId('message', n)}/endpoint/${endpoint}/resend`);
  for (const endpoint of ['one', ids.endpoint]) await resend(0, endpoint);
  expect(api.messages.resends()).toHaveLength(1);
  await resend(1, 'one');
  expect(api.messages.resends()).toHaveLength(2);
});

it('starts one task if the store fails after it was inserted', async () => {
  const { api, post } = aClient();
  await api.applications.insert(anApplication());
  await api.endpoints.insert(anEndpoint());
  const recover = () => post(`${one}/endpoint/${ids.endpoint}/recover`, { since: secondsLater(-60).toISOString() });
  failAfter(api.tasks, 'insert');
  expect(await recover()).toMatchObject({ statusCode: 503 });
  const again = await recover();
  expect(again.statusCode).toBe(202);
  expect(api.tasks.all().map(({ taskId }) => taskId)).toEqual([bodyOf(again).id]);
});

it('makes one attempt if the store fails after a resend was stored', async () => {
  const { api, post } = aClient();
  await api.applications.insert(anApplication());
  await api.endpoints.insert(anEndpoint());
  await api.messages.insert(aMessage());
  const resend = () => post(`${one}/msg/${ids.message}/endpoint/${ids.endpoint}/resend`);
  failAfter(api.messages, 'insertResend');
  expect(await resend()).toMatchObject({ statusCode: 503 });
  await api.sleep(60_000);
  expect(await resend()).toMatchObject({ statusCode: 202 });
  expect(api.messages.resends()).toHaveLength(1);
  expect(await resend()).toMatchObject({ statusCode: 202 });
  expect(api.messages.resends()).toHaveLength(1);
});

describe('a message under an idempotency key', () => {
  const aBody = { eventType: 'a', payload: { a: 1 } };

  it('is the same one for a renewed token, and by id and uid of its application', async () => {
    const { api, post } = aClient();
    await api.applications.insert(anApplication({ uid: 'toys' }));
    const first = await post(`${one}/msg`, aBody);
    expect(await post('/api/v1/app/toys/msg', aBody, { token: 'organisation-renewed' })).toEqual(first);
    expect(api.messages.all()).toHaveLength(1);
  });

  it('is a different one in another application', async () => {
    const { api, post } = aClient();
    await api.applications.insert(anApplication());
    await api.applications.insert(anApplication({ applicationId: nthId('application', 1) }));
    const first = bodyOf(await post(`${one}/msg`, aBody));
    const second = bodyOf(await post(`/api/v1/app/${nthId('application', 1)}/msg`, aBody));
    expect(second.id).not.toBe(first.id);
    expect(api.messages.all()).toHaveLength(2);
  });

  it('is a new one when the uid of a deleted application is used again, and shows nothing of the old one', async () => {
    const { api, call, post } = aClient();
    const create = () => post('/api/v1/app', { name: 'Acme', uid: 'acme' }, { headers: {} });
    const old = bodyOf(await create());
    const first = bodyOf(await post('/api/v1/app/acme/msg', aBody));
    await api.attempts.record(anAttempt({ applicationId: old.id, messageId: first.id }));
    await call('DELETE', '/api/v1/app/acme');
    await create();
    const second = bodyOf(await post('/api/v1/app/acme/msg', aBody));
    expect(second.id).not.toBe(first.id);
    expect(bodyOf(await call('GET', `/api/v1/app/acme/attempt/msg/${second.id}`)).data).toEqual([]);
    expect(await call('GET', `/api/v1/app/acme/attempt/msg/${first.id}`)).toMatchObject({ statusCode: 404 });
  });

  it('creates its application once, and is one message, if it is posted several times at once', async () => {
    const { api, post } = aClient();
    const body = { ...aBody, application: { name: 'Acme', uid: 'acme' } };
    const answers = await Promise.all(Array.from({ length: 5 }, () => post('/api/v1/app/acme/msg', body)));
    expect(api.applications.all()).toHaveLength(1);
    expect(api.messages.all()).toHaveLength(1);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it('is posted after a first request that died after creating the application', async () => {
    const { api, post } = aClient();
    const body = { ...aBody, application: { name: 'Acme', uid: 'acme' } };
    const { claim } = api.claims;
    api.claims.claim = () => Promise.reject(new Error('killed'));
    expect(await post('/api/v1/app/acme/msg', body)).toMatchObject({ statusCode: 500 });
    api.claims.claim = claim;
    expect(await post('/api/v1/app/acme/msg', body)).toMatchObject({ statusCode: 202 });
    expect(api.applications.all()).toHaveLength(1);
    expect(api.messages.all()).toHaveLength(1);
  });
});
