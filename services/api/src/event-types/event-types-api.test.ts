import { anApplication, anEventType, ids, nthId } from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';
import type { ApiAnswer } from '../http/api-event.ts';

const path = '/api/v1/event-type';
const namesOf = (answer: ApiAnswer) => bodyOf(answer).data.map(({ name }: { name: string }) => name);

async function withEventTypes(...overrides: Parameters<typeof anEventType>[0][]) {
  const api = anApi();
  for (const override of overrides) await api.eventTypes.insert(anEventType(override));
  const get = (below = '', search = '', token?: string) =>
    api.serve(aRequest({ path: `${path}${below}`, search, ...(token && { token }) }));
  const create = (body: object) => api.serve(aRequest({ method: 'POST', path, body }));
  const put = (name: string, body: object) => api.serve(aRequest({ method: 'PUT', path: `${path}/${name}`, body }));
  const patch = (name: string, body: object) => api.serve(aRequest({ method: 'PATCH', path: `${path}/${name}`, body }));
  const remove = (name: string, search = '') =>
    api.serve(aRequest({ method: 'DELETE', path: `${path}/${name}`, search }));
  return { ...api, get, create, put, patch, remove };
}

const everything = {
  description: 'An invoice was paid',
  deprecated: true,
  schemas: { 1: { type: 'object' } },
  featureFlags: ['beta', 'gamma'],
  groupName: 'invoice',
};

describe('event types', () => {
  it('are created', async () => {
    const { create } = await withEventTypes();
    const schemas = { 1: { type: 'object' } };
    const answer = await create({ name: 'invoice.paid', description: '', schemas, featureFlags: null });
    expect(answer.statusCode).toBe(201);
    expect(bodyOf(answer)).toEqual({
      name: 'invoice.paid',
      description: '',
      archived: false,
      deprecated: false,
      schemas,
      featureFlag: null,
      featureFlags: null,
      groupName: null,
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
    });
  });

  it('have a unique name', async () => {
    const { create } = await withEventTypes({ name: 'a' });
    const answer = await create({ name: 'a', description: '' });
    expect(answer.statusCode).toBe(409);
    expect(bodyOf(answer)).toMatchObject({ code: 'event_type_exists' });
  });

  it('are restored if they were archived', async () => {
    const { create, get } = await withEventTypes({ name: 'a', archived: true });
    expect(await create({ name: 'a', description: 'new' })).toMatchObject({ statusCode: 201 });
    expect(bodyOf(await get('/a'))).toMatchObject({ description: 'new', archived: false });
  });

  it.each([
    { name: 'a b', description: '' },
    { name: '.', description: '' },
    { name: '..', description: '' },
    { name: 'a' },
    { name: 'a', description: '', featureFlags: ['a b'] },
    { name: 'a', description: '', featureFlags: Array.from({ length: 51 }, (_, n) => `f${n}`) },
    { name: 'a', description: '', groupName: '' },
  ])('are refused as %j', async (body) => {
    expect(await (await withEventTypes()).create(body)).toMatchObject({ statusCode: 422 });
  });

  it.each([
    ['description', { description: 'x'.repeat(16_385) }],
    ['schemas', { description: '', schemas: { 1: { note: 'x'.repeat(262_144) } } }],
  ])('are refused if their %s does not fit into a row', async (field, content) => {
    const answer = await (await withEventTypes()).create({ name: 'a', ...content });
    expect(answer.statusCode).toBe(422);
    expect(bodyOf(answer)).toMatchObject({ detail: [{ loc: ['body', field] }] });
  });

  it('of which twenty are created at once with one name are one', async () => {
    const { create, eventTypes } = await withEventTypes();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => create({ name: 'a', description: `${n}` })));
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([201, ...Array(19).fill(409)]);
    expect(eventTypes.all()).toHaveLength(1);
  });
});

describe('an event type with a name of before that clients take for a step in a path', () => {
  it.each(['.', '..'])('is not made, and is read, listed, changed, archived and removed: %s', async (name) => {
    const { get, put, patch, remove, eventTypes } = await withEventTypes({ name: 'a' });
    const refused = await put(name, { description: '' });
    expect(refused.statusCode).toBe(422);
    expect(bodyOf(refused)).toMatchObject({ detail: [{ loc: ['path', 'event_type_name'] }] });
    await eventTypes.insert(anEventType({ name }));
    expect((await get(`/${name}`)).statusCode).toBe(200);
    expect(namesOf(await get())).toEqual([name, 'a']);
    expect(namesOf(await get('', 'limit=1'))).toEqual([name]);
    expect(namesOf(await get('', `iterator=${name}`))).toEqual(['a']);
    expect(await patch(name, { description: 'new' })).toMatchObject({ statusCode: 200 });
    expect((await remove(name)).statusCode).toBe(204);
    expect((await remove(name, 'expunge=true')).statusCode).toBe(204);
    expect(eventTypes.all()).toHaveLength(1);
  });
});

describe('the schemas of an event type', () => {
  const wrong = { 1: { properties: { id: { type: 'text' }, lines: { items: [{}, { minimum: '1' }] } } } };
  const issues = [
    { loc: ['body', 'schemas', '1', 'properties', 'id', 'type'], msg: expect.stringContaining('must be one of') },
    { loc: ['body', 'schemas', '1', 'properties', 'lines', 'items', '[1]', 'minimum'], msg: 'must be a number' },
  ];

  it.each(['POST', 'PUT', 'PATCH'] as const)('are refused by %s with each place that is wrong', async (method) => {
    const { serve } = await withEventTypes({ name: 'a' });
    const body = { name: 'b', description: '', schemas: wrong };
    const answer = await serve(aRequest({ method, path: method === 'POST' ? path : `${path}/a`, body }));
    expect(answer.statusCode).toBe(422);
    expect(bodyOf(answer).detail).toMatchObject(issues);
  });

  it.each([[{ 1: 'object' }], [{ type: 'object' }], [['a']], ['object'], [{ 1: { pattern: '(' } }]])(
    'are refused as %j',
    async (schemas) => {
      const { create } = await withEventTypes();
      expect(await create({ name: 'a', description: '', schemas })).toMatchObject({ statusCode: 422 });
    },
  );

  it('are returned as they were sent, whatever their keywords are', async () => {
    const { create, get } = await withEventTypes();
    const schemas = {
      1: { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', properties: { constructor: true } },
      'v2.beta': { definitions: { a: {} }, $ref: '#/definitions/a', nullable: true, default: { type: 1 } },
    };
    expect(bodyOf(await create({ name: 'a', description: '', schemas })).schemas).toEqual(schemas);
    expect(bodyOf(await get('/a')).schemas).toEqual(schemas);
  });

  it.each(['#/definitions/nope', 'http://x.y/z'])('are refused if one refers to %s', async ($ref) => {
    const { serve, eventTypes } = await withEventTypes({ name: 'b' });
    const schemas = { 1: { properties: { a: { $ref } } } };
    const webhooks = { a: { post: { requestBody: { content: { 'application/json': { schema: schemas[1] } } } } } };
    const requests = [
      ['POST', '/event-type', { name: 'a', description: '', schemas }],
      ['PUT', '/event-type/a', { description: '', schemas }],
      ['PATCH', '/event-type/b', { schemas }],
      ['POST', '/environment/import', { eventTypes: [{ name: 'a', description: '', schemas }] }],
      ['POST', '/event-type/import/openapi', { spec: { openapi: '3.1.0', webhooks } }],
    ] as const;
    for (const [method, path, body] of requests) {
      const answer = await serve(aRequest({ method, path: `/api/v1${path}`, body }));
      expect(answer.statusCode).toBe(422);
      if (!path.endsWith('openapi'))
        expect(bodyOf(answer).detail[0].loc.slice(-5)).toEqual(['schemas', '1', 'properties', 'a', '$ref']);
    }
    expect(eventTypes.all()).toMatchObject([{ name: 'b' }]);
    expect(eventTypes.all()[0]?.schemas).toBeUndefined();
  });

  it('are refused if they are nested too deeply, instead of filling the stack', async () => {
    const { serve, errors } = await withEventTypes();
    const nested = (depth: number) => `${'{"not":'.repeat(depth)}true${'}'.repeat(depth)}`;
    const post = (depth: number) => {
      const body = `{"name":"n${depth}","description":"","schemas":{"1":${nested(depth)}}}`;
      return serve(aRequest({ method: 'POST', path, body }));
    };
    expect(await post(98)).toMatchObject({ statusCode: 201 });
    expect(await post(99)).toMatchObject({ statusCode: 422 });
    expect(await post(9_000)).toMatchObject({ statusCode: 422 });
    expect(errors).toEqual([]);
  });
});

describe('the feature flags of an event type', () => {
  it.each([
    [{ featureFlag: 'a', featureFlags: ['a'] }, 201, ['a']],
    [{ featureFlag: 'a', featureFlags: [] }, 201, ['a']],
    [{ featureFlag: 'a', featureFlags: ['a', 'b', 'a'] }, 201, ['a', 'b']],
    [{ featureFlag: null, featureFlags: [] }, 201, null],
    [{ featureFlag: 'a', featureFlags: ['b'] }, 422, undefined],
    [{ featureFlag: 'b', featureFlags: ['a', 'b'] }, 422, undefined],
  ])('given as %j get the status %i', async (flags, status, featureFlags) => {
    const answer = await (await withEventTypes()).create({ name: 'x', description: '', ...flags });
    expect(answer.statusCode).toBe(status);
    if (featureFlags !== undefined) {
      expect(bodyOf(answer)).toMatchObject({ featureFlag: featureFlags?.[0] ?? null, featureFlags });
    }
  });

  it.each(['PUT', 'PATCH'] as const)('are changed by %s with what was read and one new value', async (method) => {
    for (const [change, expected] of [
      [{ featureFlags: ['c'] }, ['c']],
      [{ featureFlags: ['a', 'b', 'c'] }, ['a', 'b', 'c']],
      [{ featureFlag: 'x' }, ['x']],
      [{ featureFlag: null, featureFlags: null }, null],
    ] as const) {
      const { serve, get } = await withEventTypes({ name: 'n', featureFlags: ['a', 'b'] });
      const body = { ...bodyOf(await get('/n')), ...change };
      const answer = await serve(aRequest({ method, path: `${path}/n`, body }));
      expect(bodyOf(answer).featureFlags).toEqual(expected);
    }
  });

  it.each([
    ['', ['a']],
    ['beta', ['a', 'b', 'd']],
    ['gamma,alpha', ['a', 'c', 'd']],
  ])('%j of an application’s token decide what it sees', async (flags, names) => {
    const { get, applications } = await withEventTypes(
      { name: 'a' },
      { name: 'b', featureFlags: ['beta'] },
      { name: 'c', featureFlags: ['gamma'] },
      { name: 'd', featureFlags: ['alpha', 'beta'] },
      { name: 'e', featureFlags: ['other'] },
    );
    await applications.insert(anApplication());
    const token = `${ids.application}:${flags}`;
    const answer = await get('', 'limit=3', token);
    expect(namesOf(answer)).toEqual(names);
    expect(bodyOf(answer)).toMatchObject({ iterator: names.at(-1), done: true });
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      expect(await get(`/${name}`, '', token)).toMatchObject({ statusCode: names.includes(name) ? 200 : 404 });
    }
    expect(namesOf(await get())).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});

describe('the list of event types', () => {
  it.each([[['-a', '-b', '-c', 'd']], [['--', '-', '.', '-.-', '_', 'A']]])(
    'goes page by page to the end and back: %j',
    async (names) => {
      const { get } = await withEventTypes(...names.map((name) => ({ name })));
      const walk = async (next: 'iterator' | 'prevIterator', from?: string) => {
        const found: string[] = [];
        let iterator = from;
        for (let pages = 0; pages <= names.length; pages += 1) {
          const start = iterator === undefined ? '' : `&iterator=${encodeURIComponent(iterator)}`;
          const answer = await get('', `limit=1${start}`);
          found.push(...namesOf(answer));
          if (bodyOf(answer).done) return { found, last: String(bodyOf(answer).prevIterator) };
          iterator = String(bodyOf(answer)[next]);
        }
        throw new Error(`${names.length} names need more than ${names.length} pages`);
      };
      const forward = await walk('iterator');
      expect(forward.found).toEqual(names.toSorted());
      const backward = await walk('prevIterator', forward.last);
      expect(backward.found).toEqual(names.toSorted().slice(0, -1).reverse());
    },
  );

  it('is by name, without archived ones and schemas by default', async () => {
    const { get } = await withEventTypes(
      { name: 'b', schemas: { 1: {} } },
      { name: 'c', archived: true },
      { name: 'a' },
    );
    const answer = await get();
    expect(namesOf(answer)).toEqual(['a', 'b']);
    expect(bodyOf(answer).data[1].schemas).toBeNull();
    expect(namesOf(await get('', 'include_archived=true'))).toEqual(['a', 'b', 'c']);
    expect(bodyOf(await get('', 'with_content=true')).data[1].schemas).toEqual({ 1: {} });
  });

  it('can be descending', async () => {
    const { get } = await withEventTypes({ name: 'b' }, { name: 'c' }, { name: 'a' });
    const first = await get('', 'order=descending&limit=2');
    expect(namesOf(first)).toEqual(['c', 'b']);
    const second = await get('', `order=descending&iterator=${bodyOf(first).iterator}`);
    expect(namesOf(second)).toEqual(['a']);
    const back = await get('', `order=descending&iterator=${bodyOf(second).prevIterator}`);
    expect(namesOf(back)).toEqual(['c', 'b']);
  });

  it('starts at any name, and refuses what is none', async () => {
    const { get } = await withEventTypes({ name: 'a' }, { name: 'c' });
    expect(namesOf(await get('', 'iterator=b'))).toEqual(['c']);
    expect(await get('', 'iterator=a%20b')).toMatchObject({ statusCode: 422 });
    expect(await get('', `iterator=${'x'.repeat(257)}`)).toMatchObject({ statusCode: 422 });
  });
});

describe('a PUT of an event type', () => {
  it('creates it with the name in the path', async () => {
    const { put, get } = await withEventTypes();
    const answer = await put('invoice.paid', { name: 'other', ...everything });
    expect(answer.statusCode).toBe(201);
    expect(bodyOf(answer)).toMatchObject({ name: 'invoice.paid', archived: false, featureFlag: 'beta', ...everything });
    expect(bodyOf(await get('/invoice.paid'))).toEqual(bodyOf(answer));
  });

  it('replaces all of it: what is absent is cleared', async () => {
    const { put, eventTypes } = await withEventTypes({ name: 'a', ...everything });
    const answer = await put('a', { description: 'new' });
    expect(answer.statusCode).toBe(200);
    expect(bodyOf(answer)).toMatchObject({
      description: 'new',
      deprecated: false,
      schemas: null,
      featureFlag: null,
      featureFlags: null,
      groupName: null,
    });
    expect(eventTypes.all()).toMatchObject([{ createdAt: anEventType().createdAt, revision: 2 }]);
  });

  it('archives and restores', async () => {
    const { put } = await withEventTypes({ name: 'a' });
    expect(bodyOf(await put('a', { description: '', archived: true }))).toMatchObject({ archived: true });
    const restored = await put('a', { description: '' });
    expect(restored.statusCode).toBe(200);
    expect(bodyOf(restored)).toMatchObject({ archived: false });
  });

  it('is refused for a name that no event type can have', async () => {
    const { put } = await withEventTypes();
    const answer = await put('a b', { description: '' });
    expect(answer.statusCode).toBe(422);
    expect(bodyOf(answer)).toMatchObject({ detail: [{ loc: ['path', 'event_type_name'] }] });
  });

  it('that comes twenty times at once creates one, and all are accepted', async () => {
    const { put, eventTypes } = await withEventTypes();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => put('a', { description: `${n}` })));
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([...Array(19).fill(200), 201]);
    expect(eventTypes.all()).toMatchObject([{ name: 'a', revision: 20 }]);
  });
});

describe('a PATCH of an event type', () => {
  it('changes what is given, and keeps the rest', async () => {
    const { patch, get } = await withEventTypes({ name: 'a', ...everything });
    const before = bodyOf(await get('/a'));
    expect(bodyOf(await patch('a', {}))).toEqual(before);
    expect(bodyOf(await patch('a', { description: 'new' }))).toEqual({ ...before, description: 'new' });
    expect(bodyOf(await patch('a', { archived: true, deprecated: false }))).toMatchObject({
      archived: true,
      deprecated: false,
      groupName: 'invoice',
    });
  });

  it('clears with null', async () => {
    const { patch } = await withEventTypes({ name: 'a', ...everything });
    const answer = await patch('a', { schemas: null, featureFlags: null, groupName: null });
    expect(bodyOf(answer)).toMatchObject({
      description: everything.description,
      schemas: null,
      featureFlag: null,
      featureFlags: null,
      groupName: null,
    });
  });

  it.each([{ description: null }, { archived: null }, { deprecated: null }])('is refused with %j', async (body) => {
    const { patch } = await withEventTypes({ name: 'a' });
    expect(await patch('a', body)).toMatchObject({ statusCode: 422 });
  });

  it('finds archived ones, and no others', async () => {
    const { patch } = await withEventTypes({ name: 'a', archived: true });
    expect(bodyOf(await patch('a', { archived: false }))).toMatchObject({ archived: false });
    expect(await patch('b', {})).toMatchObject({ statusCode: 404 });
  });

  it('keeps all of several changes at the same time', async () => {
    const { patch, get } = await withEventTypes({ name: 'a' });
    const changes = [{ description: 'new' }, { deprecated: true }, { groupName: 'g' }, { featureFlags: ['f'] }];
    await Promise.all(changes.map((change) => patch('a', change)));
    expect(bodyOf(await get('/a'))).toMatchObject(Object.assign({}, ...changes));
  });
});

describe('a DELETE of an event type', () => {
  it('archives it, and may be repeated', async () => {
    const { remove, get, create } = await withEventTypes({ name: 'a', ...everything });
    for (const _ of [1, 2]) expect(await remove('a')).toMatchObject({ statusCode: 204 });
    expect(namesOf(await get())).toEqual([]);
    expect(bodyOf(await get('/a'))).toMatchObject({ archived: true, ...everything });
    expect(await create({ name: 'a', description: '' })).toMatchObject({ statusCode: 201 });
  });

  it('removes it and its retry schedule if it is to be expunged', async () => {
    const { remove, get, retrySchedules } = await withEventTypes({ name: 'a' }, { name: 'b' });
    for (const eventType of ['a', 'b']) {
      await retrySchedules.put({ organisationId: ids.organisation, eventType }, [1]);
    }
    expect(await remove('a', 'expunge=true')).toMatchObject({ statusCode: 204 });
    expect(await get('/a')).toMatchObject({ statusCode: 404 });
    expect(namesOf(await get('', 'include_archived=true'))).toEqual(['b']);
    const scheduleOf = (eventType: string) => retrySchedules.find({ organisationId: ids.organisation, eventType });
    expect(await scheduleOf('a')).toBeUndefined();
    expect(await scheduleOf('b')).toEqual([1]);
  });

  it.each(['', 'expunge=true'])('of one that does not exist is refused (%j)', async (search) => {
    const { remove } = await withEventTypes({ name: 'a', organisationId: nthId('organisation', 1) });
    expect(await remove('a', search)).toMatchObject({ statusCode: 404 });
  });
});

it.each([
  ['POST', ''],
  ['PUT', '/a'],
  ['PATCH', '/a'],
  ['DELETE', '/a'],
] as const)('an application’s token may not %s event types%s', async (method, below) => {
  const { serve, applications } = await withEventTypes({ name: 'a' });
  await applications.insert(anApplication());
  const body = { name: 'a', description: '' };
  const answer = await serve(aRequest({ method, path: `${path}${below}`, body, token: ids.application }));
  expect(answer.statusCode).toBe(403);
});
