import type { JsonObject } from './document.ts';
import { readWebhooks } from './read-webhooks.ts';

const read = (rest: JsonObject) =>
  [...readWebhooks({ openapi: '3.1.0', ...rest }, ['body'])].map(({ eventType }) => eventType);
const one = (item: JsonObject, rest: JsonObject = {}) => read({ webhooks: { a: item }, ...rest })[0];

describe('a webhook', () => {
  it('is in `webhooks` or `x-webhooks`, and in both it counts once', () => {
    const webhooks = { a: { post: { summary: 'first' } } };
    const others = { a: { post: { summary: 'second' } }, b: { post: {} } };
    expect(read({ webhooks, 'x-webhooks': others })).toMatchObject([
      { name: 'a', description: 'first' },
      { name: 'b', description: '' },
    ]);
    expect(read({ 'x-webhooks': others })).toHaveLength(2);
  });

  it('names its place', () => {
    const [webhook] = readWebhooks({ openapi: '3.0.0', 'x-webhooks': { a: { put: {} } } }, ['body', 'spec']);
    expect(webhook?.loc).toEqual(['body', 'spec', 'x-webhooks', 'a']);
  });

  it.each([
    ['the operation', { description: 'item', post: { description: 'text', summary: 'short' } }, 'text'],
    ['the summary of the operation', { description: 'item', post: { summary: 'short' } }, 'short'],
    ['the item', { description: 'item', post: {} }, 'item'],
    ['the body', { post: { requestBody: { description: 'body' } } }, 'body'],
    ['nothing', { post: {} }, ''],
  ])('is described by %s', (_, item, description) => {
    expect(one(item)).toMatchObject({ description });
  });

  it.each([
    ['JSON', { 'text/plain': 1, 'application/cloudevents+json': 2, 'application/json; charset=utf-8': 3 }, 3],
    ['any kind of JSON', { 'text/plain': 1, 'application/cloudevents+json': 2 }, 2],
    ['what there is', { 'text/plain': 1 }, 1],
  ])('has the schema of %s', (_, titles, title) => {
    const content = Object.fromEntries(Object.entries(titles).map(([type, it]) => [type, { schema: { title: it } }]));
    expect(one({ post: { requestBody: { content } } })).toMatchObject({ schemas: { 1: { title } } });
  });

  it('has no schema if its body has none', () => {
    expect(one({ post: {} })).not.toHaveProperty('schemas');
    expect(one({ post: { requestBody: { content: {} } } })).not.toHaveProperty('schemas');
  });

  it('may be in the components, and so may its body', () => {
    const requestBodies = { paid: { content: { 'application/json': { schema: { type: 'object' } } } } };
    const pathItems = { paid: { post: { requestBody: { $ref: '#/components/requestBodies/paid' } } } };
    const components = { requestBodies, pathItems };
    expect(one({ $ref: '#/components/pathItems/paid' }, { components })).toMatchObject({
      schemas: { 1: { type: 'object' } },
    });
  });

  it('has flags and a group by extensions, of the operation first', () => {
    const item = { 'x-svix-group-name': 'item', 'x-svix-feature-flag': 'beta' };
    expect(one({ ...item, post: { 'x-svix-group-name': 'own', 'x-svix-feature-flags': ['beta', 'b'] } })).toMatchObject(
      {
        groupName: 'own',
        featureFlag: 'beta',
        featureFlags: ['beta', 'b'],
      },
    );
  });

  it.each<[string, JsonObject, readonly string[]]>([
    ['another version', { openapi: '2.0' }, ['openapi']],
    ['no version', { openapi: undefined }, ['openapi']],
    ['no webhooks', {}, ['webhooks']],
    ['webhooks that are null', { webhooks: null }, ['webhooks']],
    ['a webhook that is a text', { webhooks: { a: 'b' } }, ['webhooks', 'a']],
    ['a webhook that leads nowhere', { webhooks: { a: { $ref: '#/x' } } }, ['webhooks', 'a']],
    ['a webhook that leads to itself', { webhooks: { a: { $ref: '#/webhooks/a' } } }, ['webhooks', 'a']],
    ['a webhook without an operation', { webhooks: { a: { parameters: [] } } }, ['webhooks', 'a']],
  ])('is refused in a document with %s', (_, document, loc) => {
    const issues = [expect.objectContaining({ loc: ['body', ...loc] })];
    expect(() => read(document)).toThrow(expect.objectContaining({ issues }));
  });
});
