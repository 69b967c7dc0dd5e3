import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTokenSigner, createTokenVerifier } from '@posthorn/secrets/tokens';
import { anIssuedToken, ids, inMemoryIntegrations, inMemoryTokens, nthId, secondsLater } from '@posthorn/testing';
import { dataFolderAt, writeToken } from '../data-folder.ts';
import { localOrganisationId } from '../organisation.ts';
import { createIssuedFile } from './issued-file.ts';
import { findKnownTokens } from './known-tokens.ts';
import { revokeTokens } from './revoke-tokens.ts';
import { tokensText } from './token-text.ts';

const now = secondsLater(0);
let path: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'posthorn-known-'));
});
afterEach(() => rm(path, { recursive: true }));

async function aFolder() {
  const folder = dataFolderAt(path);
  await writeFile(folder.jwtSecretFile, 'a secret that is long enough to sign tokens with');
  await writeToken(folder, now);
  const source = { jwtSecretFile: folder.jwtSecretFile };
  const tokens = inMemoryTokens({ integrations: inMemoryIntegrations(), now: () => now });
  const deps = { folder, tokens, verifyToken: createTokenVerifier(source), now };
  const revoke = async (name: string, organisationId = localOrganisationId) =>
    revokeTokens({ ...deps, known: await findKnownTokens(deps, { organisationId }) }, [name]);
  return { ...deps, deps, sign: createTokenSigner(source), revoke };
}

describe('the list of tokens', () => {
  it('has the token of the folder, those of the command line, and those that the API has issued', async () => {
    const { deps, folder, tokens } = await aFolder();
    const organisation = { organisationId: localOrganisationId };
    const { applicationId: _, ...printed } = anIssuedToken({ ...organisation, issuedAt: secondsLater(1) });
    const ofApplication = anIssuedToken({ ...organisation, tokenId: nthId('token', 1) });
    const portal = anIssuedToken({
      ...organisation,
      tokenId: nthId('token', 2),
      issuedAt: secondsLater(3),
      sessionId: 'a',
    });
    for (const token of [printed, ofApplication]) await createIssuedFile(folder.issuedTokensFile).add(token, now);
    await tokens.insertIssued(portal);
    const own = await findKnownTokens(deps, organisation);
    expect(own).toEqual([expect.objectContaining({ file: folder.tokenFile }), printed]);
    const { applicationId } = ofApplication;
    expect(await findKnownTokens(deps, { ...organisation, applicationId: applicationId ?? '' })).toEqual([
      ofApplication,
      portal,
    ]);
    expect(await findKnownTokens(deps, { organisationId: ids.organisation })).toEqual([]);
  });

  it('reads every page', async () => {
    const { deps, tokens } = await aFolder();
    for (let n = 0; n < 600; n += 1) await tokens.insertIssued(anIssuedToken({ tokenId: nthId('token', n) }));
    const owner = { organisationId: ids.organisation, applicationId: ids.application };
    expect(await findKnownTokens(deps, owner)).toHaveLength(600);
  });

  it('is a table for people', () => {
    const token = { ...anIssuedToken({ sessionId: 'a' }), isRevoked: true };
    expect(tokensText([token]).split('\n')).toEqual([
      `${'id'.padEnd(31)}  ${'issued'.padEnd(17)}  expires`,
      `${ids.token}  2026-01-01 00:00Z  2026-01-01 01:00Z  revoked, session a`,
    ]);
    expect(tokensText([])).toBe('No tokens.');
  });
});

describe('revoking', () => {
  it('ends a token of the list by its id', async () => {
    const { folder, tokens, revoke } = await aFolder();
    const { applicationId: _, ...printed } = anIssuedToken({ organisationId: localOrganisationId });
    await createIssuedFile(folder.issuedTokensFile).add(printed, now);
    expect(await revoke(printed.tokenId)).toEqual([{ tokenId: printed.tokenId }]);
    expect(await tokens.listRevoked()).toEqual(new Set([printed.tokenId]));
  });

  it('ends a token that is not in the list by itself', async () => {
    const { sign, tokens, revoke, verifyToken } = await aFolder();
    const token = await sign({ organisationId: ids.organisation, issuedAt: now, expiresAt: secondsLater(60) });
    const { tokenId } = (await verifyToken(token, now)).token;
    expect(await revoke(token)).toEqual([{ tokenId }]);
    expect(await tokens.listRevoked()).toEqual(new Set([tokenId]));
  });

  it('ends nothing that is not known, and repeats no token', async () => {
    const { tokens, revoke, sign } = await aFolder();
    const expired = await sign({ organisationId: ids.organisation, issuedAt: now, expiresAt: secondsLater(-61) });
    expect(await revoke(ids.token)).toEqual([
      { tokenId: ids.token, problem: expect.stringContaining('not in the list') },
    ]);
    expect(await revoke(expired)).toEqual([{ tokenId: 'a token', problem: expect.stringContaining('not valid') }]);
    expect(await tokens.listRevoked()).toEqual(new Set());
  });

  it('of the token in the folder lets the next start write another one', async () => {
    const { folder, revoke, deps } = await aFolder();
    const before = await readFile(folder.tokenFile, 'utf8');
    await writeToken(folder, secondsLater(60));
    expect(await readFile(folder.tokenFile, 'utf8')).toBe(before);
    const [own] = await findKnownTokens(deps, { organisationId: localOrganisationId });
    expect(await revoke(own?.tokenId ?? '')).toEqual([{ tokenId: own?.tokenId }]);
    await expect(stat(folder.tokenFile)).rejects.toThrow('ENOENT');
    await writeToken(folder, secondsLater(60));
    expect(await readFile(folder.tokenFile, 'utf8')).not.toBe(before);
  });
});
