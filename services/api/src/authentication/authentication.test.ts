import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allOperations } from '@posthorn/contracts/api/all-operations';
import { createTokenVerifier, signToken } from '@posthorn/secrets/tokens';
import { anApplication, ids, nthId, secondsLater, startOfTests } from '@posthorn/testing';
import { createApplicationsApi } from '../applications/applications-api.ts';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';

const secret = 'a secret that tokens are signed with, long enough';

describe('a signed token', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'posthorn-tokens-'));
    await writeFile(join(folder, 'secret'), secret);
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function statusWith(overrides: Partial<Parameters<typeof signToken>[0]>) {
    const api = anApi(secondsLater(60));
    await api.applications.insert(anApplication());
    await api.applications.insert(anApplication({ applicationId: nthId('application', 1) }));
    const verifyToken = createTokenVerifier({ jwtSecretFile: join(folder, 'secret') });
    const serve = createApplicationsApi({ ...api, verifyToken });
    const token = await signToken({
      secret,
      organisationId: ids.organisation,
      issuedAt: startOfTests,
      expiresAt: secondsLater(3600),
      ...overrides,
    });
    const path = `/api/v1/app/${ids.application}`;
    return (await serve(aRequest({ path, token }), api.context)).statusCode;
  }

  it.each([
    ['of the organisation lets it in', {}, 200],
    ['of the application lets it in', { applicationId: ids.application }, 200],
    ['of another application finds nothing', { applicationId: nthId('application', 1) }, 404],
    ['of an application that does not exist is refused', { applicationId: nthId('application', 2) }, 401],
    ['of another organisation finds nothing', { organisationId: nthId('organisation', 1) }, 404],
    ['that has expired is refused', { issuedAt: secondsLater(-7200), expiresAt: secondsLater(-3600) }, 401],
    ['with another signature is refused', { secret: `${secret}!` }, 401],
  ])('%s', async (_, overrides, status) => expect(await statusWith(overrides)).toBe(status));
});

describe("a deleted application's token", () => {
  const operations = Object.entries(allOperations).filter(([, { access }]) => access !== 'anyone');

  async function withDeleted() {
    const api = anApi();
    await api.applications.insert(anApplication({ uid: 'toys' }));
    const path = `/api/v1/app/${ids.application}`;
    expect((await api.serve(aRequest({ method: 'DELETE', path }))).statusCode).toBe(204);
    return api;
  }

  it.each(operations)('is refused by %s', async (_, { method, path }) => {
    const api = await withDeleted();
    const filled = path.replace('{app_id}', ids.application).replace(/\{\w+\}/g, 'x');
    const answer = await api.serve(aRequest({ method, path: filled, token: ids.application, body: {} }));
    expect(answer.statusCode).toBe(401);
  });

  it('is refused by a new application with the same uid too', async () => {
    const api = await withDeleted();
    const body = { name: 'Toys', uid: 'toys' };
    const { id } = bodyOf(await api.serve(aRequest({ method: 'POST', path: '/api/v1/app', body })));
    const read = (token: string) => api.serve(aRequest({ path: '/api/v1/app/toys', token }));
    expect((await read(ids.application)).statusCode).toBe(401);
    expect((await read(id)).statusCode).toBe(200);
  });

  it('is not checked where no token is needed, and the check costs an organisation’s token no read', async () => {
    const api = await withDeleted();
    const open = await api.serve(aRequest({ path: '/api/v1/health', token: ids.application }));
    expect(open.statusCode).toBe(200);
    let reads = 0;
    const findAccepting = async () => {
      reads += 1;
      return undefined;
    };
    const serve = createApplicationsApi({ ...api, findAccepting });
    expect((await serve(aRequest({ path: '/api/v1/app' }), api.context)).statusCode).toBe(200);
    expect(reads).toBe(0);
  });
});
