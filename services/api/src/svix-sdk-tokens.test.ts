import { secondsLater } from '@posthorn/testing';
import { ApiException, AppPortalCapability, Ordering, Svix } from 'svix';
import { anApi } from './fixtures/an-api.ts';
import { sdkFetch } from './fixtures/sdk-fetch.ts';

/** The published client, unchanged, with any token. */
async function withApplication() {
  const api = anApi(secondsLater(60));
  const as = (token: string) =>
    new Svix(token, { serverUrl: 'https://posthorn.test', fetch: sdkFetch(api.serve), numRetries: 0 });
  const svix = as('organisation');
  const application = await svix.application.create({ name: 'Toys', uid: 'toys' });
  return { ...api, as, svix, application };
}

const statusOf = async (call: Promise<unknown>): Promise<number> => {
  const error: unknown = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error === undefined) return 200;
  if (error instanceof ApiException) return error.code;
  throw error;
};

describe('the svix client', () => {
  it('gives a customer access to its own application, until it logs out', async () => {
    const { svix, as, application } = await withApplication();
    const { token, url } = await svix.authentication.appPortalAccess('toys');
    expect(url).toContain('#key=');
    const customer = as(token);
    expect(await customer.application.get(application.id)).toEqual(application);
    expect(await statusOf(customer.application.list())).toBe(403);
    await customer.authentication.logout();
    expect(await statusOf(customer.application.get(application.id))).toBe(401);
    expect(await statusOf(svix.authentication.logout())).toBe(403);
  });

  it('creates the application of a customer, and restricts its token', async () => {
    const { svix, as } = await withApplication();
    await svix.eventType.create({ name: 'beta.launched', description: '', featureFlags: ['beta'] });
    const { token } = await svix.authentication.appPortalAccess('games', {
      application: { name: 'Games', uid: 'games' },
      capabilities: [AppPortalCapability.ViewBase, AppPortalCapability.ManageEndpointSecret],
      featureFlags: ['beta'],
      expiry: 3_600,
      sessionId: 'one',
    });
    const endpoint = await svix.endpoint.create('games', { url: 'https://example.com' });
    const customer = as(token);
    expect((await customer.endpoint.list('games')).data).toHaveLength(1);
    expect((await customer.endpoint.getSecret('games', endpoint.id)).key).toMatch(/^whsec_/);
    expect(await statusOf(customer.endpoint.delete('games', endpoint.id))).toBe(403);
    expect((await customer.eventType.list()).data.map(({ name }) => name)).toEqual(['beta.launched']);
    const other = await svix.authentication.appPortalAccess('games', { readOnly: true });
    expect((await as(other.token).eventType.list()).data).toEqual([]);
    expect(await statusOf(as(other.token).endpoint.getSecret('games', endpoint.id))).toBe(403);
  });

  it('expires the tokens of a session, and of an application', async () => {
    const { svix, as } = await withApplication();
    const access = async (sessionId: string) =>
      as((await svix.authentication.appPortalAccess('toys', { sessionId })).token);
    const [one, other] = [await access('one'), await access('other')];
    await svix.authentication.expireAll('toys', { sessionIds: ['one'] });
    expect(await Promise.all([one, other].map((it) => statusOf(it.endpoint.list('toys'))))).toEqual([401, 200]);
    await svix.authentication.expireAll('toys');
    expect(await statusOf(other.endpoint.list('toys'))).toBe(401);
    expect(await statusOf((await access('one')).endpoint.list('toys'))).toBe(200);
  });

  it('manages integrations, and acts as one', async () => {
    const { svix, as, application } = await withApplication();
    const created = await svix.integration.create('toys', { name: 'Accounting' });
    expect(created).toMatchObject({ id: expect.stringMatching(/^integ_/), featureFlags: [] });
    expect(await svix.integration.get('toys', created.id)).toEqual(created);
    expect(await svix.integration.list('toys', { order: Ordering.Descending })).toMatchObject({ data: [created] });
    const updated = await svix.integration.update('toys', created.id, { name: 'Books', featureFlags: ['beta'] });
    expect(updated).toMatchObject({ id: created.id, name: 'Books', featureFlags: ['beta'] });

    const { key } = await svix.integration.rotateKey('toys', created.id);
    const integration = as(key);
    await integration.endpoint.create(application.id, { url: 'https://example.com' });
    expect(await statusOf(integration.integration.list(application.id))).toBe(403);
    const next = await svix.integration.rotateKey('toys', created.id);
    expect(await statusOf(integration.endpoint.list(application.id))).toBe(401);
    expect(await statusOf(as(next.key).endpoint.list(application.id))).toBe(200);

    await svix.integration.delete('toys', created.id);
    expect(await statusOf(as(next.key).endpoint.list(application.id))).toBe(401);
    expect(await statusOf(svix.integration.get('toys', created.id))).toBe(404);
  });
});
