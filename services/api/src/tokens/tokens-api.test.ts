import { setImmediate as nextTurn } from 'node:timers/promises';
import { PassingError } from '@posthorn/core';
import { createTokenSigner } from '@posthorn/secrets/tokens';
import { anApplication, ids, nthId, secondsLater, startOfTests } from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi, tokenSecret } from '../fixtures/an-api.ts';
import { failOnce } from '../fixtures/fail-once.ts';
import { sealedForRequest, storedAnswers } from '../fixtures/stored-answers.ts';

const access = '/api/v1/auth/app-portal-access/toys';
const own = `/api/v1/app/${ids.application}`;

async function withApplication() {
  const api = anApi();
  await api.applications.insert(anApplication({ uid: 'toys' }));
  const post = (path: string, body: unknown = {}, parts: object = {}) =>
    api.serve(aRequest({ method: 'POST', path, body, ...parts }));
  const grant = async (body: object = {}): Promise<string> => bodyOf(await post(access, body)).token;
  const get = async (token: string, path = own) => (await api.serve(aRequest({ path, token }))).statusCode;
  const expire = async (body: object = {}) => (await post('/api/v1/auth/app/toys/expire-all', body)).statusCode;
  return { ...api, post, grant, get, expire };
}

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

describe('portal access', () => {
  it('is a token of the application, for a week', async () => {
    const { grant, get, sleep } = await withApplication();
    const token = await grant();
    expect(claimsOf(token)).toMatchObject({ sub: ids.application, org: ids.organisation, gen: 0 });
    expect(await get(token)).toBe(200);
    await sleep(7 * 86_400_000 - 1_000);
    expect(await get(token)).toBe(200);
    await sleep(62_000);
    expect(await get(token)).toBe(401);
  });

  it('is recorded, without the token', async () => {
    const { grant, tokens } = await withApplication();
    const token = await grant({ expiry: 3_600, sessionId: 'one' });
    const record = { tokenId: claimsOf(token).jti, applicationId: ids.application, sessionId: 'one' };
    expect(tokens.issued()).toMatchObject([{ ...record, expiresAt: secondsLater(3_600) }]);
    expect(JSON.stringify(tokens.issued())).not.toContain(token);
  });

  it('is a link to the API reference, or to the portal of the installation', async () => {
    const { post } = await withApplication();
    const headers = { host: 'api.example.com', 'x-forwarded-proto': 'https' };
    const { url, token } = bodyOf(await post(access, {}, { headers }));
    const [page, key = ''] = url.split('#key=');
    expect(page).toBe('https://api.example.com/docs');
    expect(JSON.parse(Buffer.from(key, 'base64url').toString())).toEqual({ appId: ids.application, token });
  });

  it('creates the application if the uid is unknown, and ignores it otherwise', async () => {
    const { post, applications } = await withApplication();
    const path = '/api/v1/auth/app-portal-access/games';
    const application = { name: 'Games', uid: 'games' };
    expect((await post(path)).statusCode).toBe(404);
    expect((await post(path, { application: { ...application, uid: 'other' } })).statusCode).toBe(422);
    expect((await post(path, { application })).statusCode).toBe(200);
    expect((await post(path, { application: { ...application, name: 'Changed' } })).statusCode).toBe(200);
    expect(applications.all().map(({ name }) => name)).toEqual(['Toy shop', 'Games']);
  });

  it.each([
    [{ expiry: 3_599 }],
    [{ expiry: 604_801 }],
    [{ capabilities: [] }],
    [{ capabilities: ['ManageEndpoint'] }],
    [{ capabilities: ['ViewBase', 'Fly'] }],
    [{ featureFlags: [''] }],
    [{ featureFlags: Array(9).fill('x'.repeat(256)) }],
    [{ sessionId: '' }],
  ])('is refused with %j', async (body) => {
    const { post } = await withApplication();
    expect((await post(access, body)).statusCode).toBe(422);
  });

  it('is given again for an idempotency key, sealed where it is kept, as long as it is valid', async () => {
    const { post, get, claims, sleep, expire } = await withApplication();
    const stored = storedAnswers(claims);
    const again = async (body: object = {}) =>
      bodyOf(await post(access, body, { headers: { 'idempotency-key': 'k' } })).token;
    const first = await again({ expiry: 3_600 });
    await sleep(1_000);
    expect(await again()).toBe(first);
    expect(stored).toEqual([expect.stringMatching(sealedForRequest)]);
    await expire();
    const second = await again({ expiry: 3_600 });
    expect(second).not.toBe(first);
    expect(await get(second)).toBe(200);
    await sleep(3_700_000);
    expect(await again()).not.toBe(second);
  });
});

describe('portal access that creates its application', () => {
  const path = '/api/v1/auth/app-portal-access/games';
  const body = { application: { name: 'Games', uid: 'games' } };
  const parts = { headers: { 'idempotency-key': 'k' } };

  it('is given once for an idempotency key', async () => {
    const { post, tokens, applications, sleep } = await withApplication();
    const first = await post(path, body, parts);
    expect(first.statusCode).toBe(200);
    await sleep(1_000);
    expect((await post(path, body, parts)).body).toBe(first.body);
    const { applicationId } = applications.all().find(({ uid }) => uid === 'games') ?? anApplication();
    const byId = `/api/v1/auth/app-portal-access/${applicationId}`;
    expect((await post(byId, body, parts)).body).toBe(first.body);
    expect((await post(path, {}, parts)).body).toBe(first.body);
    expect(tokens.issued()).toHaveLength(1);
    expect((await post(path, body, { headers: { 'idempotency-key': 'other' } })).body).not.toBe(first.body);
  });

  it('is one token for 20 concurrent requests under one idempotency key', async () => {
    const { post, tokens, applications } = await withApplication();
    const begun: ReturnType<typeof post>[] = [];
    for (let n = 0; n < 20; n += 1) {
      begun.push(post(path, body, parts));
      // Some begin before the application is there, and some after.
      if (n >= 10) await nextTurn();
    }
    const answers = await Promise.all(begun);
    expect(new Set(answers.map((answer) => answer.body)).size).toBe(1);
    expect(answers[0]?.statusCode).toBe(200);
    expect(tokens.issued()).toHaveLength(1);
    expect(applications.all()).toHaveLength(2);
  });

  it('is the same token if the first request ended without an answer', async () => {
    const { post, tokens, claims, sleep } = await withApplication();
    failOnce(claims, 'finish');
    expect((await post(path, body, parts)).statusCode).toBe(503);
    await sleep(60_000);
    expect((await post(path, body, parts)).statusCode).toBe(200);
    expect(tokens.issued()).toHaveLength(1);
  });

  it.each([{ expiry: 1 }, { sessionId: '' }])('leaves no application behind if it is refused: %j', async (wrong) => {
    const { post, applications } = await withApplication();
    for (const headers of [{}, parts.headers])
      expect((await post(path, { ...body, ...wrong }, { headers })).statusCode).toBe(422);
    expect(applications.all()).toHaveLength(1);
  });
});

describe('a portal token', () => {
  it('ends at once when its owner logs out, and no other one does', async () => {
    const { grant, get, post } = await withApplication();
    const [one, other] = [await grant(), await grant()];
    expect((await post('/api/v1/auth/logout', undefined, { token: one })).statusCode).toBe(204);
    expect([await get(one), await get(other)]).toEqual([401, 200]);
    expect((await post('/api/v1/auth/logout', undefined, { token: one })).statusCode).toBe(401);
  });

  it('ends within five seconds when an operator revokes it', async () => {
    const { grant, get, tokens, sleep } = await withApplication();
    const token = await grant();
    expect(await get(token)).toBe(200);
    await tokens.revoke({ tokenId: claimsOf(token).jti });
    await sleep(5_000);
    expect(await get(token)).toBe(401);
  });

  it('ends when all of its application are expired, at once or later; new ones are valid', async () => {
    const { grant, get, expire, sleep } = await withApplication();
    const first = await grant();
    expect(await expire({ expiry: 60 })).toBe(204);
    const second = await grant();
    expect([await get(first), await get(second)]).toEqual([200, 200]);
    await sleep(60_000);
    expect([await get(first), await get(second)]).toEqual([401, 200]);
    expect(await expire()).toBe(204);
    expect([await get(second), await get(await grant())]).toEqual([401, 200]);
  });

  it('that was signed elsewhere ends too', async () => {
    const { get, expire } = await withApplication();
    const sign = createTokenSigner(tokenSecret);
    const owner = { organisationId: ids.organisation, applicationId: ids.application };
    const token = await sign({ ...owner, issuedAt: startOfTests });
    const later = await sign({ ...owner, issuedAt: secondsLater(1) });
    expect(await get(token)).toBe(200);
    await expire();
    expect([await get(token), await get(later)]).toEqual([401, 200]);
  });

  it('of another application or session does not end', async () => {
    const { grant, get, expire, applications, post } = await withApplication();
    const [one, other, none] = [await grant({ sessionId: 'one' }), await grant({ sessionId: 'other' }), await grant()];
    await applications.insert(anApplication({ applicationId: nthId('application', 1), uid: 'games' }));
    await post('/api/v1/auth/app/games/expire-all');
    expect(await expire({ sessionIds: ['one', 'unknown', 'one'] })).toBe(204);
    expect(await Promise.all([one, other, none].map((token) => get(token)))).toEqual([401, 200, 200]);
    expect(await get(await grant({ sessionId: 'one' }))).toBe(200);
  });
});

describe('an order to expire tokens that is repeated', () => {
  const headers = { 'idempotency-key': 'k' };
  async function withOrder(body: object = {}) {
    const client = await withApplication();
    const order = async () => (await client.post('/api/v1/auth/app/toys/expire-all', body, { headers })).statusCode;
    return { ...client, order };
  }

  it('does not expire tokens that were issued since, if its answer was lost', async () => {
    const { grant, get, order, expire, claims, tokens, sleep } = await withOrder();
    const earlier = await grant();
    failOnce(claims, 'finish');
    expect(await order()).toBe(503);
    const later = await grant();
    await sleep(60_000);
    // Another order in between does not make it forgotten.
    await expire({ expiry: 3_600 });
    const newest = await grant();
    expect(await order()).toBe(204);
    expect([await get(earlier), await get(later), await get(newest)]).toEqual([401, 200, 200]);
    expect(await tokens.findMarks(ids.application)).toMatchObject({ generation: 2 });
  });

  it('takes one place among those that wait', async () => {
    const { order, claims, tokens } = await withOrder({ expiry: 60 });
    failOnce(claims, 'finish');
    expect([await order(), await order(), await order()]).toEqual([503, 204, 204]);
    expect((await tokens.findMarks(ids.application)).marks).toHaveLength(1);
  });

  it('expires the tokens of the sessions that are left, as of its first try', async () => {
    const { grant, get, order, expire, tokens } = await withOrder({ sessionIds: ['one', 'two'] });
    const grantBoth = () => Promise.all(['one', 'two'].map((sessionId) => grant({ sessionId })));
    const getAll = (all: readonly string[]) => Promise.all(all.map((token) => get(token)));
    const earlier = await grantBoth();
    const { updateMarks } = tokens;
    tokens.updateMarks = (place, ...marks) =>
      place.sessionId === 'two' ? Promise.reject(new PassingError('away')) : updateMarks(place, ...marks);
    expect(await order()).toBe(503);
    tokens.updateMarks = updateMarks;
    expect(await getAll(earlier)).toEqual([401, 200]);
    const later = await grantBoth();
    await expire({ sessionIds: ['two'], expiry: 3_600 });
    expect(await order()).toBe(204);
    expect([await getAll(earlier), await getAll(later)]).toEqual([
      [401, 401],
      [200, 200],
    ]);
  });

  it('is one order if the response of the table is lost and the write is sent again', async () => {
    const { order, tokens } = await withOrder();
    const { updateMarks } = tokens;
    tokens.updateMarks = async (...given) => {
      await updateMarks(...given);
      return updateMarks(...given);
    };
    expect(await order()).toBe(204);
    expect(await tokens.findMarks(ids.application)).toMatchObject({ generation: 1 });
  });
});

describe('orders to expire tokens', () => {
  it('are all kept if they come at the same time', async () => {
    const { grant, get, expire, tokens } = await withApplication();
    const token = await grant();
    const orders = await Promise.all(Array.from({ length: 20 }, (_, n) => expire({ expiry: 3_600 - n })));
    expect(new Set(orders)).toEqual(new Set([204]));
    expect(await tokens.findMarks(ids.application)).toMatchObject({ generation: 20 });
    expect(await get(token)).toBe(200);
    await expire();
    expect(await get(token)).toBe(401);
  });

  it('are limited in number while they wait for their time', async () => {
    const { expire, post } = await withApplication();
    for (let n = 1; n <= 20; n += 1) expect(await expire({ expiry: n })).toBe(204);
    const refused = await post('/api/v1/auth/app/toys/expire-all', { expiry: 21 });
    expect([refused.statusCode, bodyOf(refused).code]).toEqual([400, 'limit_reached']);
    expect(await expire()).toBe(204);
  });

  it.each([[{ expiry: -1 }], [{ expiry: 604_801 }], [{ sessionIds: [''] }], [{ sessionIds: Array(101).fill('a') }]])(
    'are refused with %j',
    async (body) => expect(await (await withApplication()).expire(body)).toBe(422),
  );

  it('need an application of the organisation', async () => {
    const { post } = await withApplication();
    const elsewhere = await createTokenSigner(tokenSecret)({
      organisationId: nthId('organisation', 1),
      issuedAt: startOfTests,
    });
    const answer = await post('/api/v1/auth/app/toys/expire-all', {}, { token: elsewhere });
    expect(answer.statusCode).toBe(404);
  });
});

describe('an organisation’s token', () => {
  it('ends within five seconds when an operator revokes it', async () => {
    const { get, tokens, sleep } = await withApplication();
    const sign = createTokenSigner(tokenSecret);
    const [one, other] = await Promise.all(
      [1, 2].map((n) => sign({ organisationId: ids.organisation, tokenId: nthId('token', n), issuedAt: startOfTests })),
    );
    expect([await get(one ?? ''), await get(other ?? '')]).toEqual([200, 200]);
    await tokens.revoke({ tokenId: nthId('token', 1) });
    await sleep(5_000);
    expect([await get(one ?? ''), await get(other ?? '')]).toEqual([401, 200]);
  });

  it('costs a message no read, however many are sent', async () => {
    const { post, tokens } = await withApplication();
    let reads = 0;
    const count =
      <Arguments extends readonly unknown[], Value>(read: (...names: Arguments) => Promise<Value>) =>
      (...names: Arguments) => {
        reads += 1;
        return read(...names);
      };
    Object.assign(tokens, {
      findState: count(tokens.findState),
      findVersions: count(tokens.findVersions),
      listRevoked: count(tokens.listRevoked),
    });
    for (let n = 0; n < 100; n += 1)
      expect((await post('/api/v1/app/toys/msg', { eventType: 'a', payload: {} })).statusCode).toBe(202);
    // The process has asked once whether anything is revoked.
    expect(reads).toBe(1);
  });
});
