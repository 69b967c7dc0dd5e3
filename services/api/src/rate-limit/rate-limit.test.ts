import { type Caller, createTokenSigner } from '@posthorn/secrets/tokens';
import { anApplication, ids, inMemoryRequestCounts, nthId, startOfTests } from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi, tokenSecret } from '../fixtures/an-api.ts';
import { createRateLimit } from './rate-limit.ts';

let now = startOfTests;
beforeEach(() => {
  now = startOfTests;
});

/** Processes that share their counts, and how often they wrote them. */
function processes(count: number, perSecond: number) {
  const counts = inMemoryRequestCounts();
  let writes = 0;
  const add: typeof counts.add = (counted, requests) => {
    writes += 1;
    return counts.add(counted, requests);
  };
  const limits = Array.from({ length: count }, () => createRateLimit({ perSecond, counts: { add }, clock: () => now }));
  return { limits, writes: () => writes };
}

const aCaller = (tokenId: string, applicationId?: string): Caller => {
  const organisation = { organisationId: ids.organisation, token: { tokenId } };
  return applicationId === undefined
    ? { kind: 'organisation', ...organisation }
    : { kind: 'application', applicationId, ...organisation };
};

/** How many of some requests are accepted, one after the other, by each process in turn. */
async function accepted(limits: ReturnType<typeof processes>['limits'], requests: number, caller = aCaller('a')) {
  let count = 0;
  for (let n = 0; n < requests; n += 1) {
    const isAccepted = await limits[n % limits.length]?.(caller).then(
      () => true,
      () => false,
    );
    if (isAccepted) count += 1;
  }
  return count;
}

/** A token with every last character that means the same bytes, and with a padding that decoders accept. */
function spellingsOf(token: string): readonly string[] {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(token.at(-1) ?? '');
  const texts = [0, 1, 2, 3].map((bits) => `${token.slice(0, -1)}${alphabet[last ^ bits]}`);
  return texts.flatMap((text) => [text, `${text}=`]);
}

describe('the rate limit', () => {
  it('accepts that many requests of a token each second', async () => {
    const { limits } = processes(1, 100);
    expect(await accepted(limits, 250)).toBe(100);
    now = new Date(now.getTime() + 1_000);
    expect(await accepted(limits, 250)).toBe(100);
  });

  it('is that of all processes together', async () => {
    const { limits } = processes(4, 100);
    expect(await accepted(limits, 1_000)).toBe(100);
  });

  it('holds when many requests come at once', async () => {
    const { limits } = processes(4, 30);
    const requests = Array.from({ length: 200 }, (_, n) => limits[n % 4]?.(aCaller('a')));
    const results = await Promise.allSettled(requests);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(30);
  });

  it('is of each token', async () => {
    const { limits } = processes(1, 10);
    expect(await accepted(limits, 20, aCaller('a'))).toBe(10);
    expect(await accepted(limits, 20, aCaller('b'))).toBe(10);
    // Programs of users sign tokens too, and can use one id for several customers.
    expect(await accepted(limits, 20, aCaller('a', ids.application))).toBe(10);
    expect(await accepted(limits, 20, aCaller('a', nthId('application', 1)))).toBe(10);
  });

  it('writes little, and nothing for requests that are refused anyway', async () => {
    const { limits, writes } = processes(1, 100);
    await accepted(limits, 100);
    expect(writes()).toBe(20);
    await accepted(limits, 1_000);
    expect(writes()).toBe(21);
  });
});

describe('an API with a rate limit', () => {
  it('answers 429, and says when to try again', async () => {
    const api = anApi(startOfTests, { rateLimit: 2 });
    const ask = () => api.serve(aRequest());
    const answers = [await ask(), await ask(), await ask()];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 429]);
    expect(answers[2]?.headers).toMatchObject({ 'retry-after': '1', 'access-control-allow-origin': '*' });
    expect(bodyOf(answers[2] ?? {})).toEqual({ code: 'rate_limited', detail: expect.stringContaining('2 requests') });
  });

  it.each([{ tokenId: ids.token }, {}])(
    'is one limit, however the signature of a token is written: %j',
    async (named) => {
      const api = anApi(startOfTests, { rateLimit: 2 });
      const token = await createTokenSigner(tokenSecret)({
        organisationId: ids.organisation,
        issuedAt: startOfTests,
        ...named,
      });
      const answers = [];
      for (const text of spellingsOf(token)) answers.push(await api.serve(aRequest({ token: text })));
      const accepted = answers.filter(({ statusCode }) => statusCode === 200);
      const refused = answers.filter(({ statusCode }) => statusCode === 429);
      expect(accepted).toHaveLength(2);
      expect(refused.length).toBeGreaterThanOrEqual(2);
    },
  );

  it('reads nothing for a token beyond its limit, also if the token has ended', async () => {
    const api = anApi(startOfTests, { rateLimit: 2 });
    await api.applications.insert(anApplication());
    const token = await createTokenSigner(tokenSecret)({
      organisationId: ids.organisation,
      applicationId: ids.application,
      tokenId: ids.token,
      issuedAt: startOfTests,
    });
    await api.tokens.logOut(ids.application, { tokenId: ids.token });
    let reads = 0;
    const { findState } = api.tokenChecks;
    api.tokenChecks.findState = (...asked) => {
      reads += 1;
      return findState(...asked);
    };
    const statuses = [];
    for (let n = 0; n < 10; n += 1) statuses.push((await api.serve(aRequest({ token }))).statusCode);
    expect(statuses).toEqual([401, 401, ...Array(8).fill(429)]);
    expect(reads).toBe(2);
  });

  it('neither counts nor looks anything up for a token that is not signed', async () => {
    const api = anApi(startOfTests, { rateLimit: 1 });
    const token = await createTokenSigner({ jwtSecret: 'another secret that is long enough to sign tokens' })({
      organisationId: ids.organisation,
      applicationId: ids.application,
      tokenId: ids.token,
      issuedAt: startOfTests,
    });
    const fail = () => Promise.reject(new Error('must not be called'));
    Object.assign(api.tokenChecks, { findState: fail, revokedVersion: fail, listRevoked: fail });
    Object.assign(api.requestCounts, { add: fail });
    for (let n = 0; n < 3; n += 1) expect((await api.serve(aRequest({ token }))).statusCode).toBe(401);
  });

  it('does not count requests without a valid token', async () => {
    const api = anApi(startOfTests, { rateLimit: 1 });
    for (let n = 0; n < 3; n += 1) expect((await api.serve(aRequest({ token: 'nobody' }))).statusCode).toBe(401);
    expect((await api.serve(aRequest())).statusCode).toBe(200);
  });

  it('describes the answer 429 of what needs a token', async () => {
    const document = async (rateLimit?: number) =>
      bodyOf(await anApi(startOfTests, { rateLimit }).serve(aRequest({ path: '/api/v1/openapi.json' })));
    const limited = (await document(2)).paths;
    expect(limited['/api/v1/app'].get.responses['429']).toMatchObject({ headers: { 'Retry-After': {} } });
    expect(limited['/api/v1/health'].get.responses).not.toHaveProperty('429');
    expect((await document()).paths['/api/v1/app'].get.responses).not.toHaveProperty('429');
  });
});
