import { setImmediate as nextTurn } from 'node:timers/promises';
import { anEventType, ids } from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';

const path = '/api/v1/event-type/import/openapi';

const paid = { type: 'object', required: ['id'], properties: { id: { type: 'string' } } };
const withBody = (schema: unknown, operation: object = {}) => ({
  post: {
    description: 'Something happened',
    requestBody: { content: { 'application/json': { schema } } },
    ...operation,
  },
});
const aSpec = (webhooks: object = { 'invoice.paid': withBody(paid) }, rest: object = {}) => ({
  openapi: '3.1.0',
  info: { title: 'Shop', version: '1' },
  webhooks,
  ...rest,
});

async function withEventTypes(...overrides: Parameters<typeof anEventType>[0][]) {
  const api = anApi();
  for (const override of overrides) await api.eventTypes.insert(anEventType(override));
  const post = (body: object, headers = {}) => api.serve(aRequest({ method: 'POST', path, body, headers }));
  const find = (name: string) => api.eventTypes.find(ids.organisation, name);
  return { ...api, post, find };
}

describe('an import from OpenAPI', () => {
  it('creates an event type of each webhook', async () => {
    const { post, find } = await withEventTypes();
    const extensions = { deprecated: true, 'x-svix-group-name': 'invoice', 'x-svix-feature-flags': ['beta'] };
    const webhooks = { 'invoice.paid': withBody(paid), 'invoice.sent': withBody(true, extensions) };
    const answer = await post({ spec: aSpec(webhooks) });
    expect(answer.statusCode).toBe(200);
    expect(bodyOf(answer)).toEqual({ data: { modified: ['invoice.paid', 'invoice.sent'], to_modify: null } });
    expect(await find('invoice.paid')).toEqual(
      anEventType({ name: 'invoice.paid', description: 'Something happened', schemas: { 1: paid } }),
    );
    const { deprecated } = extensions;
    expect(await find('invoice.sent')).toMatchObject({ deprecated, groupName: 'invoice', featureFlags: ['beta'] });
  });

  it.each([
    ['JSON', JSON.stringify(aSpec())],
    ['YAML', 'openapi: 3.1.0\nwebhooks:\n  invoice.paid:\n    post:\n      description: Something happened\n'],
    ['YAML with braces', '{openapi: 3.1.0, webhooks: {invoice.paid: {post: {summary: Something happened}}}}'],
  ])('reads %s from a text', async (_, specRaw) => {
    const { post, find } = await withEventTypes();
    expect(bodyOf(await post({ specRaw }))).toMatchObject({ data: { modified: ['invoice.paid'] } });
    expect(await find('invoice.paid')).toMatchObject({ description: 'Something happened' });
  });

  const manyTimes = (alias: string, count: number) => Array.from({ length: count }, () => alias).join(', ');
  const asYaml = (schema: string, before: string) => `
openapi: 3.1.0
${before}
webhooks: {a.b: {post: {summary: s, requestBody: {content: {application/json: {schema: ${schema}}}}}}}`;
  const longText = `x: &s "${'a'.repeat(60_000)}"`;

  it.each([
    ['a text', asYaml(`{enum: [${manyTimes('*s', 8_000)}]}`, longText)],
    ['a text that would be longer than texts can be', asYaml(`{enum: [${manyTimes('*s', 17_000)}]}`, longText)],
    ['a name', asYaml(`{enum: [${manyTimes('*o', 4_000)}]}`, `x: &o {${'a'.repeat(50_000)}: 1}`)],
    [
      'a reference',
      asYaml(
        `{allOf: [${manyTimes('*r', 4_000)}]}`,
        `components: {schemas: {${'a'.repeat(30_000)}: {}}}\nx: &r {$ref: '#/components/schemas/${'a'.repeat(30_000)}'}`,
      ),
    ],
    ['what no schema has', `${asYaml('{}', longText)}\ny: [${manyTimes('*s', 8_000)}]`],
  ])('refuses YAML whose aliases repeat %s, before it writes it out', async (_, specRaw) => {
    expect(specRaw.length).toBeLessThan(131_072);
    const { post } = await withEventTypes();
    const answer = await post({ specRaw });
    expect(answer.statusCode).toBe(422);
    expect(bodyOf(answer).detail[0]).toMatchObject({
      loc: ['body', 'specRaw'],
      msg: expect.stringContaining('aliases'),
    });
  });

  it('reads YAML with a few aliases', async () => {
    const { post, find } = await withEventTypes();
    const specRaw = asYaml('{properties: {a: *t, b: *t}}', 'x: &t {type: string}');
    expect((await post({ specRaw })).statusCode).toBe(200);
    const text = { type: 'string' };
    expect(await find('a.b')).toMatchObject({ schemas: { 1: { properties: { a: text, b: text } } } });
  });

  it('shows what it would do, and does nothing, with dryRun', async () => {
    const { post, eventTypes } = await withEventTypes({ name: 'old' });
    const body = { spec: aSpec(), dryRun: true, replaceAll: true };
    const toModify = {
      name: 'invoice.paid',
      description: 'Something happened',
      schemas: { 1: paid },
      deprecated: false,
      groupName: null,
      featureFlags: null,
    };
    // Nothing was done, so the key has no answer: the second request is done again.
    for (const _ of [1, 2]) {
      const answer = await post(body, { 'idempotency-key': 'k' });
      expect(bodyOf(answer)).toEqual({ data: { modified: [], to_modify: [toModify] } });
    }
    expect(eventTypes.all()).toMatchObject([{ name: 'old', archived: false, revision: 1 }]);
  });

  it('changes and restores what exists, and keeps what the document does not say', async () => {
    const kept = { groupName: 'invoice', featureFlags: ['beta'] };
    const { post, find } = await withEventTypes(
      { name: 'invoice.paid', archived: true, ...kept },
      { name: 'invoice.sent', schemas: { 1: paid, 2: true }, deprecated: true, ...kept },
    );
    const webhooks = { 'invoice.paid': withBody(paid), 'invoice.sent': { post: { description: 'New' } } };
    expect(bodyOf(await post({ spec: aSpec(webhooks) })).data.modified).toEqual(['invoice.paid', 'invoice.sent']);
    expect(await find('invoice.paid')).toMatchObject({ archived: false, schemas: { 1: paid }, ...kept });
    const sent = { description: 'New', deprecated: false, schemas: { 1: paid, 2: true }, ...kept };
    expect(await find('invoice.sent')).toMatchObject(sent);
  });

  it('leaves alone what is as it should be', async () => {
    const { post, find } = await withEventTypes();
    await post({ spec: aSpec() });
    expect(bodyOf(await post({ spec: aSpec() })).data.modified).toEqual([]);
    expect(await find('invoice.paid')).toMatchObject({ revision: 1 });
  });

  it('archives all others with replaceAll', async () => {
    const others = Array.from({ length: 120 }, (_, n) => ({ name: `other.${n}` }));
    const { post, eventTypes } = await withEventTypes({ name: 'archived', archived: true }, ...others);
    const { modified } = bodyOf(await post({ spec: aSpec(), replaceAll: true })).data;
    expect(modified.toSorted()).toEqual(['invoice.paid', ...others.map(({ name }) => name)].toSorted());
    const live = eventTypes.all().filter(({ archived }) => !archived);
    expect(live.map(({ name }) => name)).toEqual(['invoice.paid']);
    expect(await eventTypes.find(ids.organisation, 'archived')).toMatchObject({ revision: 1 });
  });

  it.each([
    ['neither', {}],
    ['neither, but null', { spec: null, specRaw: null }],
    ['both', { spec: aSpec(), specRaw: JSON.stringify(aSpec()) }],
  ])('is refused with %s of spec and specRaw', async (_, body) => {
    const answer = await (await withEventTypes()).post(body);
    expect(answer.statusCode).toBe(400);
    expect(bodyOf(answer)).toMatchObject({ code: 'invalid_spec' });
  });

  it.each<[string, object, readonly string[]]>([
    ['a text that is nothing', { specRaw: 'a: b: c' }, ['specRaw']],
    ['a text that is no object', { specRaw: '- a' }, ['specRaw']],
    ['YAML that is too long', { specRaw: `openapi: 3.1.0 #${'x'.repeat(140_000)}` }, ['specRaw']],
    ['YAML that grows', { specRaw: `a: &a [${'1,'.repeat(400)}]\nb: [${'*a,'.repeat(90)}]` }, ['specRaw']],
    ['YAML that is nested too deeply', { specRaw: `a: ${'['.repeat(101)}${']'.repeat(101)}` }, ['specRaw']],
    ['YAML that fills the stack', { specRaw: `a: ${'['.repeat(50_000)}` }, ['specRaw']],
    ['JSON with too many parts', { specRaw: `{"a":[${'1,'.repeat(20_000)}1]}` }, ['specRaw']],
    ['another version', { spec: { ...aSpec(), openapi: '2.0' } }, ['spec', 'openapi']],
    ['no webhooks', { spec: aSpec(undefined, { webhooks: undefined }) }, ['spec', 'webhooks']],
    ['webhooks that are a list', { spec: aSpec([]) }, ['spec', 'webhooks']],
    ['a webhook without an operation', { spec: aSpec({ a: {} }) }, ['spec', 'webhooks', 'a']],
    ['a name that no event type has', { spec: aSpec({ 'a b': withBody({}) }) }, ['spec', 'webhooks', 'a b', 'name']],
    [
      'a description that is no text',
      { spec: aSpec({ a: { post: { summary: 1 } } }) },
      ['spec', 'webhooks', 'a', 'description'],
    ],
    [
      'a schema that is none',
      { spec: aSpec({ a: withBody({ properties: { b: { type: 'text' } } }) }) },
      ['spec', 'webhooks', 'a', 'schemas', '1', 'properties', 'b', 'type'],
    ],
    [
      'a reference that leads nowhere',
      { spec: aSpec({ a: withBody({ $ref: '#/components/schemas/B' }) }) },
      ['spec', 'webhooks', 'a', 'post', 'requestBody'],
    ],
    [
      'more webhooks than one import takes',
      { spec: aSpec(Object.fromEntries(Array.from({ length: 501 }, (_, n) => [`w${n}`, { post: {} }]))) },
      ['spec'],
    ],
  ])('is refused with %s, and changes nothing', async (_, body, loc) => {
    const { post, eventTypes, errors } = await withEventTypes({ name: 'old' });
    const answer = await post({ ...body, replaceAll: true });
    expect(answer.statusCode).toBe(422);
    expect(bodyOf(answer).detail).toMatchObject([{ loc: ['body', ...loc] }]);
    expect(eventTypes.all()).toMatchObject([{ name: 'old', archived: false }]);
    expect(errors).toEqual([]);
  });

  it.each([
    ['a pattern looks ahead', { properties: { id: { pattern: '^(?=.*a)b' } } }],
    ['it repeats too much', { pattern: '(?:){9007199254740991}' }],
  ])('is refused if schemas are enforced and one cannot be, as %s; nothing is done', async (_, unusable) => {
    const { post, eventTypes, enforcement } = await withEventTypes({ name: 'old' }, { name: 'w0', description: 'old' });
    const names = Array.from({ length: 30 }, (__, n) => `w${n}`);
    const webhooks = Object.fromEntries(names.map((name) => [name, withBody(name === 'w29' ? unusable : paid)]));
    const body = { spec: aSpec(webhooks), replaceAll: true };
    await enforcement.put(ids.organisation, true);
    const stored = eventTypes.all();
    for (const dryRun of [true, false]) {
      const answer = await post({ ...body, dryRun });
      expect(answer.statusCode).toBe(422);
      const msg = expect.stringContaining('the schema of w29 cannot be enforced');
      expect(bodyOf(answer).detail).toMatchObject([{ loc: ['body', 'spec', 'webhooks', 'w29', 'schemas'], msg }]);
    }
    // Nothing goes on after the answer.
    for (let turns = 0; turns < 100; turns += 1) await nextTurn();
    expect(eventTypes.all()).toEqual(stored);
    await enforcement.put(ids.organisation, false);
    expect((await post(body)).statusCode).toBe(200);
    expect(eventTypes.all()).toHaveLength(names.length + 1);
  });

  it('leaves alone what cannot be enforced and was there before', async () => {
    const schemas = { 1: { pattern: '^(?=.*a)b' } };
    const { post, enforcement, find } = await withEventTypes({ name: 'a', schemas });
    await enforcement.put(ids.organisation, true);
    const webhook = withBody(schemas[1], { description: 'Changed' });
    expect((await post({ spec: aSpec({ a: webhook }) })).statusCode).toBe(200);
    expect(await find('a')).toMatchObject({ description: 'Changed', schemas });
  });

  it('is refused if shared schemas make it too large in all', async () => {
    const Large = { description: 'x'.repeat(200_000) };
    const names = Array.from({ length: 12 }, (_, n) => `w${n}`);
    const webhooks = Object.fromEntries(names.map((name) => [name, withBody({ $ref: '#/components/schemas/Large' })]));
    const answer = await (await withEventTypes()).post({
      spec: aSpec(webhooks, { components: { schemas: { Large } } }),
    });
    expect(answer.statusCode).toBe(422);
    expect(bodyOf(answer)).toMatchObject({ detail: [{ msg: expect.stringContaining('bytes of schemas') }] });
  });
});
