import { toKeyedSchemas } from '@posthorn/checking';
import { PassingError } from '@posthorn/core';
import { anApplication, anEventType, ids } from '@posthorn/testing';
import fc from 'fast-check';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';

const schemas = { 1: false, 2: { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } } };

async function anEnforcingApi() {
  const api = anApi();
  await api.applications.insert(anApplication({ uid: 'toys' }));
  await api.eventTypes.insert(anEventType({ name: 'order.paid', schemas }));
  const call = async (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown) => {
    const answer = await api.serve(
      aRequest({ method, path: `/api/v1${path}`, ...(body === undefined ? {} : { body }) }),
    );
    return { status: answer.statusCode, body: answer.body ? bodyOf(answer) : undefined };
  };
  const post = async (payload: unknown, more: object = {}, headers: Record<string, string> = {}) => {
    const body = { eventType: 'order.paid', payload, ...more };
    const answer = await api.serve(aRequest({ method: 'POST', path: '/api/v1/app/toys/msg', body, headers }));
    return { status: answer.statusCode, body: bodyOf(answer) };
  };
  const enforce = async (path: string, body?: object) => {
    const answer = await call(body ? 'PUT' : 'DELETE', `${path}/enforcement`, body);
    await api.sleep(5_000);
    return answer;
  };
  return { ...api, call, post, enforce };
}

const good = { id: 1 };
const bad = { id: '1' };
const mismatch = { detail: [{ loc: ['body', 'payload', 'id'], msg: 'must be integer', type: 'value_error' }] };
const ofType = '/event-type/order.paid';

describe('a message of an event type with a schema', () => {
  it('is not checked unless it is switched on', async () => {
    const { post, call } = await anEnforcingApi();
    expect(await call('GET', '/enforcement')).toEqual({ status: 200, body: { enabled: false } });
    expect(await call('GET', `${ofType}/enforcement`)).toEqual({
      status: 200,
      body: { enabled: null, checked: false },
    });
    expect((await post(bad)).status).toBe(202);
  });

  it.each([
    ['the organisation', ''],
    ['the event type', ofType],
  ])('must fit it within five seconds after it is switched on for %s, until it is switched off', async (_, path) => {
    const { post, enforce, messages } = await anEnforcingApi();
    await post(bad);
    expect(await enforce(path, { enabled: true })).toMatchObject({ status: 200, body: { enabled: true } });
    expect(await post(bad)).toEqual({ status: 422, body: mismatch });
    expect(messages.all()).toHaveLength(1);
    expect((await post(good)).status).toBe(202);
    await enforce(path, { enabled: false });
    expect((await post(bad)).status).toBe(202);
  });

  it('is checked as the event type says, if that says something', async () => {
    const { post, enforce, call } = await anEnforcingApi();
    await enforce('', { enabled: true });
    expect(await enforce(ofType, { enabled: false })).toEqual({
      status: 200,
      body: { enabled: false, checked: false },
    });
    expect((await post(bad)).status).toBe(202);
    expect((await enforce(ofType)).status).toBe(204);
    expect(await call('GET', `${ofType}/enforcement`)).toEqual({ status: 200, body: { enabled: null, checked: true } });
    expect((await post(bad)).status).toBe(422);
  });

  it('is checked against the schema as it is within five seconds after a change', async () => {
    const { post, enforce, call, sleep } = await anEnforcingApi();
    await enforce('', { enabled: true });
    expect((await post(bad)).status).toBe(422);
    await call('PATCH', ofType, { schemas: { ...schemas, 10: { required: ['name'] } } });
    await sleep(5_000);
    expect((await post(bad)).body).toMatchObject({ detail: [{ loc: ['body', 'payload'], msg: 'must have name' }] });
    expect((await post({ name: 1 })).status).toBe(202);
    await call('DELETE', ofType);
    await sleep(5_000);
    expect((await post(bad)).status).toBe(202);
    await call('POST', '/event-type', { name: 'order.paid', description: '', schemas });
    await sleep(5_000);
    expect((await post(bad)).status).toBe(422);
    await call('PUT', ofType, { description: '' });
    await sleep(5_000);
    expect((await post(bad)).status).toBe(202);
  });

  it('is accepted if its event type is unknown, archived, or without a schema', async () => {
    const { post, enforce, eventTypes } = await anEnforcingApi();
    await eventTypes.insert(anEventType({ name: 'archived', archived: true, schemas: { 1: false } }));
    await eventTypes.insert(anEventType({ name: 'plain' }));
    await enforce('', { enabled: true });
    for (const eventType of ['unknown', 'archived', 'plain']) expect((await post(bad, { eventType })).status).toBe(202);
  });

  it('is refused with a few places, and never with the whole payload', async () => {
    const { post, enforce, call } = await anEnforcingApi();
    await call('PATCH', ofType, {
      schemas: { 1: { additionalProperties: { type: 'integer', const: 'x'.repeat(10_000) } } },
    });
    await enforce(ofType, { enabled: true });
    const payload = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`${n}${'n'.repeat(500)}`, 'secret']));
    const { status, body } = await post(payload);
    expect(status).toBe(422);
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(JSON.stringify(body).length).toBeLessThan(20_000);
  });

  it('is refused with the beginning of a long path', async () => {
    const { post, enforce, call } = await anEnforcingApi();
    await call('PATCH', ofType, { schemas: { 1: { additionalProperties: { $ref: '#' }, type: 'object' } } });
    await enforce(ofType, { enabled: true });
    const inner = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [n, 1]));
    const payload = Array.from({ length: 60 }).reduce((value) => ({ ['n'.repeat(200)]: value }), inner as unknown);
    const { status, body } = await post(payload);
    expect(status).toBe(422);
    expect(JSON.stringify(body).length).toBeLessThan(50_000);
  });

  it('names the payload as the request does', async () => {
    const { post, enforce } = await anEnforcingApi();
    await enforce(ofType, { enabled: true });
    expect((await post(undefined, { data: bad })).body).toMatchObject({ detail: [{ loc: ['body', 'data', 'id'] }] });
    const raw = (rawPayload: string) =>
      post({}, { transformationsParams: { rawPayload, headers: { 'content-type': 'text/xml' } } });
    expect((await raw('{"id":1}')).status).toBe(202);
    expect(await raw('<id>1</id>')).toMatchObject({
      status: 422,
      body: {
        detail: [{ loc: ['body', 'transformationsParams', 'rawPayload'], msg: expect.stringContaining('JSON') }],
      },
    });
  });

  it('leaves no application behind if it is refused', async () => {
    const { serve, enforce, applications } = await anEnforcingApi();
    await enforce(ofType, { enabled: true });
    const body = { eventType: 'order.paid', payload: bad, application: { name: 'Books', uid: 'books' } };
    for (const headers of [{}, { 'Idempotency-Key': 'k' }]) {
      const answer = await serve(aRequest({ method: 'POST', path: '/api/v1/app/books/msg', body, headers }));
      expect(answer.statusCode).toBe(422);
    }
    expect(applications.all()).toHaveLength(1);
  });

  it('under an idempotency key stays accepted if it was, and can be corrected if it was refused', async () => {
    const { post, enforce, messages } = await anEnforcingApi();
    const key = (name: string) => ({ 'Idempotency-Key': name });
    const first = await post(bad, {}, key('a'));
    await enforce(ofType, { enabled: true });
    expect(await post(bad, {}, key('a'))).toEqual(first);
    expect((await post(bad, {}, key('b'))).status).toBe(422);
    expect((await post(good, {}, key('b'))).status).toBe(202);
    expect(messages.all()).toHaveLength(2);
  });

  it('under an idempotency key stays accepted also while it cannot be checked', async () => {
    const { post, enforce, enforcement, messages } = await anEnforcingApi();
    const key = (name: string) => ({ 'Idempotency-Key': name });
    const first = await post(good, {}, key('a'));
    await enforce(ofType, { enabled: true });
    Object.assign(enforcement, { findOrganisation: () => Promise.reject(new PassingError('no check now')) });
    expect(await post(good, {}, key('a'))).toEqual(first);
    expect((await post(good, {}, key('b'))).status).toBe(503);
    expect((await post(good)).status).toBe(503);
    expect(messages.all()).toHaveLength(1);
  });

  it('costs no read, but two after each change of what is enforced', async () => {
    const { post, enforce, enforcement, tokens, call, sleep } = await anEnforcingApi();
    const reads: string[] = [];
    const count = <Names extends readonly unknown[], Value>(
      name: string,
      read: (...names: Names) => Promise<Value>,
    ) => ({
      [name]: (...names: Names) => {
        reads.push(name);
        return read(...names);
      },
    });
    Object.assign(enforcement, {
      ...count('findOrganisation', enforcement.findOrganisation),
      ...count('findEventType', enforcement.findEventType),
    });
    const postMany = async () => {
      reads.length = 0;
      for (let n = 0; n < 50; n += 1) await post(good);
      return [...reads];
    };
    expect(await postMany()).toEqual([]);
    await enforce('', { enabled: true });
    expect(await postMany()).toEqual(['findOrganisation', 'findEventType']);
    expect(await postMany()).toEqual([]);
    await sleep(60_000);
    expect(await postMany()).toEqual([]);
    // Another organisation's change.
    tokens.noteEnforcement();
    await sleep(5_000);
    expect(await postMany()).toEqual(['findOrganisation']);
    await call('PATCH', ofType, { description: 'changed' });
    await sleep(5_000);
    expect(await postMany()).toEqual(['findOrganisation', 'findEventType']);
  });
});

describe.each([
  ['a pattern looks ahead', { properties: { id: { pattern: '^(?=.*a)b' } } }, 'pattern ^(?=.*a)b looks ahead'],
  [
    'a reference leads to what is no schema',
    { properties: { id: { $ref: '#/$defs/id' } }, $defs: { id: { multipleOf: 0 } } },
    '#/$defs/id.multipleOf must be a number above 0',
  ],
  [
    'a reference leads to large patterns',
    { items: { $ref: '#/x-parts/0' }, 'x-parts': [{ pattern: `[${'\\p{L}'.repeat(8_000)}]` }] },
    '#/x-parts/0.pattern must be shorter',
  ],
  ['nothing is repeated for ever', { pattern: '(?:){9007199254740991}' }, 'repeats too much'],
])('a schema that cannot be enforced because %s', (_, schema, text) => {
  const unusable = { 1: schema };
  const reason = expect.stringContaining(text);

  it('is stored as long as it is not enforced, and refused when it is switched on', async () => {
    const { call, enforce } = await anEnforcingApi();
    expect((await call('PATCH', ofType, { schemas: unusable })).status).toBe(200);
    const refused = { status: 422, body: { detail: [{ loc: ['body', 'schemas'], msg: reason }] } };
    expect(await enforce(ofType, { enabled: true })).toMatchObject(refused);
    expect((await call('GET', `${ofType}/enforcement`)).body).toEqual({ enabled: null, checked: false });
  });

  it('is refused when it is stored while it is enforced', async () => {
    const { call, enforce } = await anEnforcingApi();
    await enforce('', { enabled: true });
    const refused = { status: 422, body: { detail: [{ loc: ['body', 'schemas'], msg: reason }] } };
    const content = { description: '', schemas: unusable };
    expect(await call('PATCH', ofType, { schemas: unusable })).toMatchObject(refused);
    expect(await call('PUT', '/event-type/order.sent', content)).toMatchObject(refused);
    expect(await call('POST', '/event-type', { name: 'order.sent', ...content })).toMatchObject(refused);
    expect((await call('GET', '/event-type/order.sent')).status).toBe(404);
  });

  const names = Array.from({ length: 30 }, (_, n) => `a.${n}`);
  const last = names.at(-1) ?? '';
  const schemasOf = (name: string) => (name === last ? schema : { type: 'object' });
  it('is refused in an import of an environment, of which nothing is done', async () => {
    const { call, enforce, eventTypes, retrySchedules, sleep } = await anEnforcingApi();
    const body = {
      eventTypes: names.map((name) => ({ name, description: '', schemas: { 1: schemasOf(name) } })),
      settings: { retrySchedule: [7] },
    };
    await enforce('', { enabled: true });
    const stored = eventTypes.all();
    const loc = ['body', 'eventTypes', '[29]', 'schemas'];
    expect(await call('POST', '/environment/import', body)).toMatchObject({
      status: 422,
      body: { detail: [{ loc, msg: reason }] },
    });
    await sleep(60_000);
    expect(eventTypes.all()).toEqual(stored);
    expect(await retrySchedules.find({ organisationId: ids.organisation })).toBeUndefined();
    await enforce('', { enabled: false });
    expect((await call('POST', '/environment/import', body)).status).toBe(204);
    expect(eventTypes.all()).toHaveLength(stored.length + names.length);
  });

  it('refuses messages with the reason, and nothing else, if it was there when all were switched on', async () => {
    const { call, post, enforce } = await anEnforcingApi();
    await call('PATCH', ofType, { schemas: unusable });
    await enforce('', { enabled: true });
    expect(await post(good)).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', 'eventType'], msg: reason }] },
    });
    expect((await call('PATCH', ofType, { description: 'new' })).status).toBe(200);
    await enforce(ofType, { enabled: false });
    expect((await post(good)).status).toBe(202);
  });
});

it('operations of an unknown event type are 404', async () => {
  const { call } = await anEnforcingApi();
  const path = '/event-type/unknown/enforcement';
  expect((await call('GET', path)).status).toBe(404);
  expect((await call('PUT', path, { enabled: true })).status).toBe(404);
  expect((await call('DELETE', path)).status).toBe(404);
});

it('answers 202 or 422, whatever schema and payload are', async () => {
  const { call, post, enforce, sleep } = await anEnforcingApi();
  await enforce('', { enabled: true });
  const words = [
    'type',
    'object',
    '#',
    '#/definitions/a',
    '$ref',
    '$id',
    'pattern',
    '(a+)+$',
    '(?=a)',
    'a{9999}',
    '__proto__',
    'not',
    'allOf',
    'items',
    'properties',
    'patternProperties',
    'uniqueItems',
    'enum',
    'const',
    'if',
    'then',
  ];
  const { any } = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<unknown>(...words, true, false, null, 0, 1e300, -1),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom(...words), tie('any'), { maxKeys: 5 }),
    ),
  }));
  const counts = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.constantFrom(...words), any, { maxKeys: 5 }),
      fc.array(any, { maxLength: 3 }),
      async (schema, payloads) => {
        const stored = await call('PATCH', ofType, { schemas: { 1: schema } });
        expect([200, 422]).toContain(stored.status);
        if (stored.status !== 200) return;
        await sleep(5_000);
        for (const payload of payloads) {
          const { status } = await post({ payload });
          counts.set(String(status), (counts.get(String(status)) ?? 0) + 1);
          expect([202, 422]).toContain(status);
        }
      },
    ),
    { seed: 12, numRuns: 400 },
  );
  expect([...counts.keys()].toSorted()).toEqual(['202', '422']);
});

it('does not let an organisation wait for another one whose checks are slow', async () => {
  const { post, enforce, checkPayload, messages } = await anEnforcingApi();
  await enforce(ofType, { enabled: true });
  await post(good);
  const text = JSON.stringify({ 1: { pattern: '(a?){500}b' } });
  const slow = {
    organisationId: 'org_hostile',
    schemas: toKeyedSchemas(text),
    payload: JSON.stringify('a'.repeat(500_000)),
  };
  const order: string[] = [];
  const hostile = Array.from({ length: 20 }, (_, n) =>
    checkPayload({ ...slow, application: `app_${n}` }).then(() => order.push('hostile')),
  );
  for (let n = 0; n < 10; n += 1) expect((await post(good)).status).toBe(202);
  expect(order.length).toBeLessThan(20);
  expect(messages.all()).toHaveLength(11);
  expect(ids.organisation).not.toBe(slow.organisationId);
  await Promise.allSettled(hostile);
});
