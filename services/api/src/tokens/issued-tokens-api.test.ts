import { anApplication, ids, nthId, secondsLater } from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';

const base = '/api/v1/auth/app/toys/token';

async function withApplications() {
  const api = anApi();
  await api.applications.insert(anApplication({ uid: 'toys' }));
  await api.applications.insert(anApplication({ applicationId: nthId('application', 1), uid: 'games' }));
  const send = (method: string, path: string, body?: object, token = 'organisation') =>
    api.serve(aRequest({ method, path, body, token }));
  const grant = async (body: object = {}, app = 'toys') => {
    const { token } = bodyOf(await send('POST', `/api/v1/auth/app-portal-access/${app}`, body));
    const { jti } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return { token: String(token), id: String(jti) };
  };
  const list = async (search = '', path = base) => bodyOf(await api.serve(aRequest({ path, search })));
  const use = async (token: string, app = 'toys') =>
    (await send('GET', `/api/v1/app/${app}`, undefined, token)).statusCode;
  const revoke = async (id: string, path = base) => (await send('DELETE', `${path}/${id}`)).statusCode;
  const expire = (body: object = {}) => send('POST', '/api/v1/auth/app/toys/expire-all', body);
  return { ...api, send, grant, list, use, revoke, expire };
}

describe('the tokens of an application', () => {
  it('are listed with the newest first, without anything that could be used', async () => {
    const { grant, list, sleep } = await withApplications();
    const first = await grant({ expiry: 3_600, sessionId: 'one' });
    await sleep(1_000);
    const second = await grant();
    await grant({}, 'games');
    const page = await list();
    expect(page).toMatchObject({ done: true });
    expect(page.data).toEqual([
      {
        id: second.id,
        sessionId: null,
        issuedAt: secondsLater(1).toISOString(),
        expiresAt: secondsLater(1 + 7 * 86_400).toISOString(),
        revoked: false,
      },
      {
        id: first.id,
        sessionId: 'one',
        issuedAt: secondsLater(0).toISOString(),
        expiresAt: secondsLater(3_600).toISOString(),
        revoked: false,
      },
    ]);
    for (const { token } of [first, second]) {
      const [, claims = '', signature = ''] = token.split('.');
      for (const part of [claims, signature]) expect(JSON.stringify(page)).not.toContain(part);
    }
    expect((await list('order=ascending')).data.map(({ id }: { id: string }) => id)).toEqual([first.id, second.id]);
  });

  it('leave the list when they expire', async () => {
    const { grant, list, sleep } = await withApplications();
    await grant({ expiry: 3_600 });
    const { id } = await grant();
    await sleep(3_600_000);
    expect((await list()).data).toMatchObject([{ id }]);
  });

  it('end at once, one by one, and the list says so', async () => {
    const { grant, list, use, revoke } = await withApplications();
    const [one, other] = [await grant(), await grant()];
    expect(await revoke(one.id)).toBe(204);
    expect([await use(one.token), await use(other.token)]).toEqual([401, 200]);
    const revoked = new Map((await list()).data.map((row: { id: string; revoked: boolean }) => [row.id, row.revoked]));
    expect([revoked.get(one.id), revoked.get(other.id)]).toEqual([true, false]);
    // A request that is repeated because its answer was lost.
    expect(await revoke(one.id)).toBe(204);
  });

  it.each([
    ['a logout', async ({ send }, token) => void (await send('POST', '/api/v1/auth/logout', undefined, token.token))],
    ['an operator', async ({ tokens }, token) => tokens.revoke({ tokenId: token.id })],
    ['an order', async ({ expire }) => void (await expire())],
    ['an order for its session', async ({ expire }) => void (await expire({ sessionIds: ['one'] }))],
  ] satisfies readonly [string, (api: Opened, token: Granted) => Promise<void>][])(
    'are shown as ended after %s',
    async (_, end) => {
      const api = await withApplications();
      const token = await api.grant({ sessionId: 'one' });
      await end(api, token);
      expect((await api.list()).data).toMatchObject([{ id: token.id, revoked: true }]);
      // In the same moment, and not ended by the order of before.
      const { id } = await api.grant({ sessionId: 'one' });
      expect((await api.list()).data).toContainEqual(expect.objectContaining({ id, revoked: false }));
    },
  );

  it('are shown with the time at which an order is going to end them', async () => {
    const { grant, list, expire, sleep } = await withApplications();
    await grant();
    await expire({ expiry: 60 });
    const expiresAt = secondsLater(60).toISOString();
    expect((await list()).data).toMatchObject([{ expiresAt, revoked: false }]);
    await sleep(60_000);
    expect((await list()).data).toMatchObject([{ expiresAt, revoked: true }]);
  });

  it('cannot be revoked by others: another application, another organisation, a token of the application', async () => {
    const { grant, use, revoke, send, tokens } = await withApplications();
    const { id, token } = await grant();
    expect(await revoke(id, '/api/v1/auth/app/games/token')).toBe(404);
    expect(await revoke(nthId('token', 99))).toBe(404);
    expect((await send('DELETE', `${base}/${id}`, undefined, token)).statusCode).toBe(403);
    const ofOrganisation = { tokenId: nthId('token', 5), organisationId: ids.organisation };
    await tokens.insertIssued({ ...ofOrganisation, issuedAt: secondsLater(0), expiresAt: secondsLater(60) });
    expect(await revoke(nthId('token', 5))).toBe(404);
    expect(await use(token)).toBe(200);
  });
});

type Opened = Awaited<ReturnType<typeof withApplications>>;
type Granted = Awaited<ReturnType<Opened['grant']>>;
