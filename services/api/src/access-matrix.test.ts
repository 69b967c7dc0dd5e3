import { createHmac } from 'node:crypto';
import { allOperations } from '@posthorn/contracts/api/all-operations';
import { capabilityOf, type Operation } from '@posthorn/contracts/api/operation';
import { type Capability, capabilities, hasCapability, integrationCapabilities } from '@posthorn/core';
import { createTokenSigner, type TokenRequest } from '@posthorn/secrets/tokens';
import { anApplication, anIntegration, ids, nthId, secondsLater, startOfTests } from '@posthorn/testing';
import { aRequest, bodyOf } from './fixtures/a-request.ts';
import { anApi, tokenSecret } from './fixtures/an-api.ts';
import type { ApiAnswer } from './http/api-event.ts';

/** What a kind of token must be able to do, for any operation. */
type Expected = 'unauthorized' | 'forbidden' | 'hidden' | 'let in';

interface TokenKind {
  readonly token: (api: Api) => Promise<string>;
  readonly expected: (operation: Operation) => Expected;
}

type Api = Awaited<ReturnType<typeof anApiWithTokens>>;

const sign = createTokenSigner(tokenSecret);
const hour = { issuedAt: startOfTests, expiresAt: secondsLater(3_600) };
const owner = { organisationId: ids.organisation, applicationId: ids.application };
const application = anApplication();
const otherApplication = nthId('application', 1);

async function anApiWithTokens() {
  const api = anApi();
  await api.applications.insert(application);
  await api.applications.insert(anApplication({ applicationId: otherApplication }));
  await api.integrations.insert(anIntegration({ keyId: ids.token }));
  return api;
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token of the organisation whose header names another algorithm. */
function withAlgorithm(alg: string, signature: (text: string) => string): string {
  const text = `${base64url({ alg, typ: 'JWT' })}.${base64url({ sub: ids.organisation, exp: 4_102_444_800 })}`;
  return `${text}.${signature(text)}`;
}

const hmac = (algorithm: string, secret: string) => (text: string) =>
  createHmac(algorithm, secret).update(text).digest('base64url');

const unauthorized = (): Expected => 'unauthorized';

/** An organisation or an application that may do everything: it must find what is its own. */
const byAccess =
  (allowed: readonly Operation['access'][], then: Expected = 'let in') =>
  ({ access }: Operation): Expected =>
    allowed.includes(access) ? then : 'forbidden';

const restrictedTo =
  (held: readonly Capability[]) =>
  (operation: Operation): Expected =>
    operation.access !== 'organisation' && hasCapability(held, capabilityOf(operation)) ? 'let in' : 'forbidden';

/** A token as the API itself gives it. */
const portalToken = (body: object) => async (api: Api) => {
  const path = `/api/v1/auth/app-portal-access/${ids.application}`;
  const { token } = bodyOf(await api.serve(aRequest({ method: 'POST', path, body })));
  return String(token);
};

const signed = (request: Partial<TokenRequest>) => () => sign({ ...owner, ...hour, ...request });

const kinds: Readonly<Record<string, TokenKind>> = {
  'no token': { token: async () => '', expected: unauthorized },
  'no JWT': { token: async () => 'testsk_abc.eu', expected: unauthorized },
  'an expired token': { token: signed({ expiresAt: secondsLater(-61) }), expected: unauthorized },
  'an unsigned token': { token: async () => withAlgorithm('HS256', () => ''), expected: unauthorized },
  'a token of the algorithm none': { token: async () => withAlgorithm('none', () => ''), expected: unauthorized },
  'a token of another algorithm': {
    token: async () => withAlgorithm('HS512', hmac('sha512', tokenSecret.jwtSecret)),
    expected: unauthorized,
  },
  'a token with another signature': {
    token: async () => withAlgorithm('HS256', hmac('sha256', 'another secret that is long enough')),
    expected: unauthorized,
  },
  'a revoked token of the organisation': {
    token: async (api) => {
      const tokenId = nthId('token', 2);
      await api.tokens.revoke({ tokenId });
      return sign({ organisationId: ids.organisation, tokenId, ...hour });
    },
    expected: unauthorized,
  },
  'an expired portal token': {
    token: async (api) => {
      const token = await portalToken({})(api);
      const path = `/api/v1/auth/app/${ids.application}/expire-all`;
      await api.serve(aRequest({ method: 'POST', path, body: {} }));
      return token;
    },
    expected: unauthorized,
  },
  'a token of a deleted application': {
    token: signed({ applicationId: nthId('application', 9) }),
    expected: unauthorized,
  },
  'an earlier key of an integration': {
    token: signed({ integrationId: ids.integration, tokenId: nthId('token', 9) }),
    expected: unauthorized,
  },
  'the organisation': {
    token: async () => sign({ organisationId: ids.organisation, ...hour }),
    expected: byAccess(['organisation', 'application']),
  },
  'another organisation': {
    token: async () => sign({ organisationId: nthId('organisation', 1), ...hour }),
    expected: byAccess(['organisation', 'application'], 'hidden'),
  },
  'the application': { token: signed({}), expected: byAccess(['application', 'only-application']) },
  'another application': {
    token: signed({ applicationId: otherApplication }),
    expected: byAccess(['application', 'only-application'], 'hidden'),
  },
  'a portal': { token: portalToken({}), expected: byAccess(['application', 'only-application']) },
  'a read-only portal': { token: portalToken({ readOnly: true }), expected: restrictedTo(['ViewBase']) },
  'an integration': {
    token: signed({ integrationId: ids.integration, tokenId: ids.token }),
    expected: restrictedTo(integrationCapabilities),
  },
  ...Object.fromEntries(
    capabilities.map((capability): [string, TokenKind] => [
      `a portal with ${capability}`,
      {
        token: portalToken({ capabilities: ['ViewBase', capability] }),
        expected: restrictedTo(['ViewBase', capability]),
      },
    ]),
  ),
};

/** The names in a path that exist belong to the first organisation and its application. */
const fill = (path: string): string => path.replace('{app_id}', ids.application).replace(/\{\w+\}/g, 'unknown');

const operations: readonly Operation[] = Object.values(allOperations);
/** A poll is a GET, and the first one puts the messages of the application in order. */
const changesByGet: ReadonlySet<string> = new Set(['v1.message.poller.poll', 'v1.message.poller.consumer-poll']);
const mayChange = ({ id, method }: Operation): boolean => method !== 'GET' || changesByGet.has(id);
const closed = operations.filter(({ access }) => access !== 'anyone');

describe.each(Object.entries(kinds))('%s', (_, { token, expected }) => {
  // Requests that must change nothing share one API. At its end it must be as it was.
  let shared: Api;
  let sharedToken: string;
  beforeAll(async () => {
    shared = await anApiWithTokens();
    sharedToken = await token(shared);
  });
  afterAll(() => {
    expect(shared.applications.all()).toEqual([application, anApplication({ applicationId: otherApplication })]);
    expect(shared.integrations.all()).toEqual([anIntegration({ keyId: ids.token })]);
    for (const rows of [shared.endpoints, shared.messages, shared.tasks]) expect(rows.all()).toEqual([]);
  });

  async function call(operation: Operation, changes: boolean): Promise<ApiAnswer> {
    const { method } = operation;
    const api = changes ? await anApiWithTokens() : shared;
    const bearer = changes ? await token(api) : sharedToken;
    const body = method === 'GET' || method === 'DELETE' ? {} : { body: {} };
    return api.serve(aRequest({ method, path: fill(operation.path), token: bearer, ...body }));
  }

  it.each(closed.map((operation) => [operation.id, operation] as const))('%s', async (_id, operation) => {
    const due = expected(operation);
    // A path without an application is about what is the caller's own.
    const isOwn = due === 'let in' || (due === 'hidden' && !operation.path.includes('{app_id}'));
    const { statusCode = 0, body = '' } = await call(operation, isOwn && mayChange(operation));
    switch (due) {
      case 'unauthorized':
        return expect(statusCode).toBe(401);
      case 'forbidden':
        return expect(statusCode).toBe(403);
      case 'hidden':
        // A query or a body can be refused before anything is looked for.
        if (operation.path.includes('{app_id}')) expect([400, 404, 422]).toContain(statusCode);
        expect([401, 403, 500]).not.toContain(statusCode);
        return expect(body).not.toContain(ids.application);
      case 'let in':
        return expect([401, 403, 500]).not.toContain(statusCode);
    }
  });
});

it('lets everyone do what needs no token', async () => {
  const api = await anApiWithTokens();
  for (const { method, path } of operations.filter(({ access }) => access === 'anyone')) {
    const { statusCode = 0 } = await api.serve(aRequest({ method, path, token: 'no token' }));
    expect([401, 403]).not.toContain(statusCode);
  }
});
