import { anApplication, anEventType, ids } from '@posthorn/testing';
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
  return { ...api, get, create };
}

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

  it.each([{ name: 'a b', description: '' }, { name: 'a' }, { name: 'a', description: '', featureFlags: ['x', 'y'] }])(
    'are refused as %j',
    async (body) => expect(await (await withEventTypes()).create(body)).toMatchObject({ statusCode: 422 }),
  );

  it.each([
    ['description', { description: 'x'.repeat(16_385) }],
    ['schemas', { description: '', schemas: { 1: { note: 'x'.repeat(262_144) } } }],
  ])('are refused if their %s does not fit into a row', async (field, content) => {
    const answer = await (await withEventTypes()).create({ name: 'a', ...content });
    expect(answer.statusCode).toBe(422);
    expect(bodyOf(answer)).toMatchObject({ detail: [{ loc: ['body', field] }] });
  });

  it.each([
    [{ featureFlag: 'a', featureFlags: ['a'] }, 201],
    [{ featureFlag: 'a', featureFlags: [] }, 201],
    [{ featureFlag: 'a', featureFlags: ['b'] }, 422],
  ])('with %j get the status %i', async (flags, status) => {
    const answer = await (await withEventTypes()).create({ name: 'x', description: '', ...flags });
    expect(answer.statusCode).toBe(status);
    if (status === 201) expect(bodyOf(answer)).toMatchObject({ featureFlag: 'a', featureFlags: ['a'] });
  });

  it.each([[['-a', '-b', '-c', 'd']], [['--', '-', '.', '-.-', '_', 'A']]])(
    'are listed page by page to the end and back: %j',
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

  it('are listed by name, without archived ones and schemas by default', async () => {
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

  it('with a feature flag are hidden from an application’s token', async () => {
    const { get, applications } = await withEventTypes({ name: 'a' }, { name: 'b', featureFlag: 'beta' });
    await applications.insert(anApplication());
    const answer = await get('', 'limit=2', ids.application);
    expect(namesOf(answer)).toEqual(['a']);
    expect(bodyOf(answer).iterator).toBe('b');
    expect(await get('/b', '', ids.application)).toMatchObject({ statusCode: 404 });
    expect(await get('/b')).toMatchObject({ statusCode: 200 });
  });
});
