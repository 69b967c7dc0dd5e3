import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTokenVerifier, signToken } from '@posthorn/secrets/tokens';
import { anApplication, ids, nthId, secondsLater, startOfTests } from '@posthorn/testing';
import { createApplicationsApi } from '../applications/applications-api.ts';
import { aRequest } from '../fixtures/a-request.ts';
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
    ['of another organisation finds nothing', { organisationId: nthId('organisation', 1) }, 404],
    ['that has run out is refused', { issuedAt: secondsLater(-7200), expiresAt: secondsLater(-3600) }, 401],
    ['with another signature is refused', { secret: `${secret}!` }, 401],
  ])('%s', async (_, overrides, status) => expect(await statusWith(overrides)).toBe(status));
});
