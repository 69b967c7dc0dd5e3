import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ids } from '@posthorn/testing';
import { SignJWT } from 'jose';
import { createTokenVerifier, signToken } from './tokens.ts';

const secret = 'a secret of more than thirty-two bytes';
const issuedAt = new Date('2026-01-01T00:00:00Z');
const expiresAt = new Date('2026-01-02T00:00:00Z');
const now = new Date('2026-01-01T12:00:00Z');
let jwtSecretFile: string;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tokens-'));
  jwtSecretFile = join(folder, 'jwt-secret');
  await writeFile(jwtSecretFile, `${secret}\n`);
});
afterAll(() => rm(folder, { recursive: true }));

const verify = (token: string, at = now) => createTokenVerifier({ jwtSecretFile })(token, at);
const request = { secret, organisationId: 'org_1', issuedAt, expiresAt };
const jwt = (claims: Record<string, unknown>, alg = 'HS256', key = secret) =>
  new SignJWT(claims).setProtectedHeader({ alg }).setExpirationTime(expiresAt).sign(new TextEncoder().encode(key));

describe('a token', () => {
  it('gives access to its organisation', async () => {
    expect(await verify(await signToken(request))).toEqual({
      kind: 'organisation',
      organisationId: 'org_1',
      token: { tokenId: expect.stringMatching(/^tok_\w{27}$/), issuedAt, expiresAt },
    });
  });

  it('of an application gives access to that application only', async () => {
    const caller = { kind: 'application', organisationId: 'org_1', applicationId: 'app_1' };
    expect(await verify(await signToken({ ...request, applicationId: 'app_1' }))).toMatchObject(caller);
  });

  it('of an application may hold feature flags', async () => {
    const claims = { sub: 'app_1', org: 'org_1', feature_flags: ['beta', 'gamma'] };
    expect(await verify(await jwt(claims))).toMatchObject({ featureFlags: ['beta', 'gamma'] });
    expect(await verify(await jwt({ ...claims, feature_flags: null }))).not.toHaveProperty('featureFlags');
  });

  it('says all that it was signed with', async () => {
    const facts = { tokenId: ids.token, generation: 3, sessionId: 'a session', integrationId: ids.integration };
    const rights = { featureFlags: ['beta'], capabilities: ['ViewBase'] } as const;
    const caller = await verify(await signToken({ ...request, applicationId: 'app_1', ...facts, ...rights }));
    expect(caller).toMatchObject({ ...rights, token: { ...facts, issuedAt, expiresAt } });
  });

  it('that does not expire is accepted', async () => {
    const { expiresAt: _, ...endless } = request;
    const caller = await verify(await signToken(endless), new Date('2036-01-01T00:00:00Z'));
    expect(caller.token).not.toHaveProperty('expiresAt');
  });

  it('without an id has one that derives from it, however its signature is written', async () => {
    const token = await signToken(request);
    const { tokenId } = (await verify(token)).token;
    expect((await verify(await signToken(request))).token.tokenId).toBe(tokenId);
    const later = await signToken({ ...request, issuedAt: new Date(issuedAt.getTime() + 1_000) });
    expect((await verify(later)).token.tokenId).not.toBe(tokenId);
    // The last of 43 characters has two bits that no byte has.
    const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.indexOf(token.at(-1) ?? '');
    const spelling = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'[last ^ 1];
    const other = await verify(`${token.slice(0, -1)}${spelling}`).catch(() => undefined);
    if (other) expect(other.token.tokenId).toBe(tokenId);
  });

  it.each([['a b'], ['x'.repeat(129)], [7], ['']])('with the unfit id %j has a derived one', async (jti) => {
    const { tokenId } = (await verify(await jwt({ sub: 'org_1', jti }))).token;
    expect(tokenId).toMatch(/^tok_\w{27}$/);
  });

  it.each([
    ['no token', async () => 'x', 'Invalid token'],
    ['the secret itself', async () => secret, 'sign a token with it'],
    ['another secret', () => jwt({ sub: 'org_1' }, 'HS256', 'another secret of thirty-two bytes'), 'Invalid token'],
    ['another algorithm', () => jwt({ sub: 'org_1' }, 'HS512'), 'Invalid token'],
    ['no subject', () => jwt({}), 'missing `sub`'],
    ['a subject that is not text', () => jwt({ sub: 1 }), 'missing `sub`'],
    ['no signature', async () => `${btoa('{"alg":"none"}')}.${btoa('{"sub":"org_1"}')}.`, 'Invalid token'],
    ['a subject of another kind', () => jwt({ sub: 'user_1' }), 'org_ or app_'],
    ['an application without its organisation', () => jwt({ sub: 'app_1' }), '`org`'],
    ['flags that are a text', () => jwt({ sub: 'app_1', org: 'org_1', feature_flags: 'a' }), '`feature_flags`'],
    ['a flag that is a number', () => jwt({ sub: 'app_1', org: 'org_1', feature_flags: [1] }), '`feature_flags`'],
    ['capabilities that are a text', () => jwt({ sub: 'app_1', org: 'org_1', capabilities: 'a' }), '`capabilities`'],
    ['an unknown capability', () => jwt({ sub: 'app_1', org: 'org_1', capabilities: ['Fly'] }), '`capabilities`'],
    ['a generation that is no count', () => jwt({ sub: 'app_1', org: 'org_1', gen: -1 }), '`gen`'],
    ['a session that is empty', () => jwt({ sub: 'app_1', org: 'org_1', sid: '' }), '`sid`'],
    ['an integration that is a number', () => jwt({ sub: 'app_1', org: 'org_1', integ: 1 }), '`integ`'],
  ])('with %s is refused', async (_, create, detail) => {
    await expect(verify(await create())).rejects.toMatchObject({
      code: 'authentication_failed',
      message: expect.stringContaining(detail),
    });
  });

  it('is refused before it is valid and after it has expired', async () => {
    const from = Math.floor(issuedAt.getTime() / 1000);
    await expect(verify(await jwt({ sub: 'org_1', nbf: from }), new Date('2025-12-31T23:58:00Z'))).rejects.toThrow(
      'Invalid token',
    );
    await expect(verify(await signToken(request), new Date('2026-01-02T00:02:00Z'))).rejects.toThrow('expired');
  });

  it('that was signed here is valid at once, also by a clock that is behind', async () => {
    const behind = new Date(issuedAt.getTime() - 300_000);
    expect(await verify(await signToken(request), behind)).toMatchObject({ organisationId: 'org_1' });
  });

  it('that was verified before is refused when it has expired', async () => {
    const verifyAgain = createTokenVerifier({ jwtSecretFile });
    const token = await signToken({ ...request, expiresAt: new Date(now.getTime() + 5_000) });
    await verifyAgain(token, now);
    expect(await verifyAgain(token, new Date(now.getTime() + 4_999))).toMatchObject({ organisationId: 'org_1' });
    await expect(verifyAgain(token, new Date(now.getTime() + 66_000))).rejects.toThrow('expired');
  });

  it('of another owner is not taken for one that was verified before', async () => {
    const verifyBoth = createTokenVerifier({ jwtSecretFile });
    const [one, other] = await Promise.all(
      ['org_1', 'org_2'].map((organisationId) => signToken({ ...request, organisationId })),
    );
    for (const _ of [1, 2]) {
      expect(await verifyBoth(one ?? '', now)).toMatchObject({ organisationId: 'org_1' });
      expect(await verifyBoth(other ?? '', now)).toMatchObject({ organisationId: 'org_2' });
    }
  });

  it('is never signed with a short secret', () => {
    expect(() => signToken({ ...request, secret: 'short' })).toThrow(/32 bytes/);
  });
});
