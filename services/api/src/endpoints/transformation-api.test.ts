import { anApplication, anEndpoint, ids } from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';

const code = 'function handler(webhook) { return webhook }';

async function aTransformation(kind: 'endpoint' | 'destination' = 'endpoint') {
  const api = anApi();
  await api.applications.insert(anApplication());
  await api.endpoints.insert(anEndpoint(kind === 'destination' ? { order: { onExhausted: 'block' } } : {}));
  const path = `/api/v1/app/${ids.application}/${kind}/${ids.endpoint}/transformation`;
  const patch = (body: unknown) => api.serve(aRequest({ method: 'PATCH', path, body }));
  const shown = async () => bodyOf(await api.serve(aRequest({ method: 'GET', path })));
  const stored = () => api.endpoints.find(ids.application, ids.endpoint);
  return { ...api, path, patch, shown, stored };
}

describe('the transformation of an endpoint', () => {
  it('is empty at first', async () => {
    const { shown } = await aTransformation();
    expect(await shown()).toEqual({ code: null, enabled: false, variables: null, updatedAt: null });
  });

  it('is changed in parts, and removed', async () => {
    const { patch, shown, stored } = await aTransformation();
    expect(await patch({ code, variables: { region: 'eu' } })).toMatchObject({ statusCode: 204 });
    const updatedAt = expect.stringMatching(/Z$/);
    expect(await shown()).toEqual({ code, enabled: false, variables: { region: 'eu' }, updatedAt });
    await patch({ enabled: true });
    expect(await shown()).toEqual({ code, enabled: true, variables: { region: 'eu' }, updatedAt });
    await patch({ variables: null });
    expect(await shown()).toEqual({ code, enabled: true, variables: null, updatedAt });
    expect((await stored())?.transformation).toMatchObject({ enabled: true });
    await patch({ code: null });
    expect(await shown()).toEqual({ code: null, enabled: true, variables: null, updatedAt });
    expect((await stored())?.transformation?.sealedContent).toBeUndefined();
  });

  it.each([
    ['code that is too long', { code: 'é'.repeat(26_000) }, 'code'],
    ['variables that are too long', { code, variables: { a: 'x'.repeat(20_000) } }, 'variables'],
    ['code that is no text', { code: 7 }, 'code'],
    ['variables that are no texts', { variables: { a: 1 } }, 'variables'],
  ])('refuses %s, and leaves everything as it was', async (_, body, field) => {
    const { patch, shown } = await aTransformation();
    const refused = await patch(body);
    expect(refused).toMatchObject({ statusCode: 422 });
    expect(bodyOf(refused)).toMatchObject({ detail: [{ loc: expect.arrayContaining([field]) }] });
    expect(await shown()).toMatchObject({ code: null, updatedAt: null });
  });
});

describe('the transformation of a destination', () => {
  it('is enabled by its code, and disabled without', async () => {
    const { patch, shown } = await aTransformation('destination');
    expect(await shown()).toEqual({ code: null, enabled: false });
    const changed = await patch({ code });
    expect([changed.statusCode, bodyOf(changed)]).toEqual([200, {}]);
    expect(await shown()).toEqual({ code, enabled: true });
    await patch({});
    expect(await shown()).toEqual({ code, enabled: true });
    await patch({ code: null });
    expect(await shown()).toEqual({ code: null, enabled: false });
  });
});

it.each(['endpoint', 'destination'] as const)('of a %s is not found under the path of the other kind', async (kind) => {
  const { serve, path } = await aTransformation(kind);
  const other = path.replace(`/${kind}/`, kind === 'endpoint' ? '/destination/' : '/endpoint/');
  expect(await serve(aRequest({ method: 'GET', path: other }))).toMatchObject({ statusCode: 404 });
  expect(await serve(aRequest({ method: 'PATCH', path: other, body: { code } }))).toMatchObject({ statusCode: 404 });
});

it('is kept as it is by a change of its endpoint', async () => {
  const { patch, shown, serve, path } = await aTransformation();
  await patch({ code, enabled: true });
  const endpoint = path.replace('/transformation', '');
  await serve(aRequest({ method: 'PUT', path: endpoint, body: { url: 'https://example.com/other' } }));
  expect(await shown()).toMatchObject({ code, enabled: true });
});
