import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTokenVerifier } from '@posthorn/secrets/tokens';
import { type DataFolder, prepareDataFolder } from '../data-folder.ts';
import { localOrganisationId } from '../organisation.ts';
import { runProgram } from '../testing/run-program.ts';

const script = join(import.meta.dirname, 'token.ts');

let folder: DataFolder;
beforeAll(async () => {
  folder = await prepareDataFolder(await mkdtemp(join(tmpdir(), 'posthorn-token-')), {
    now: Date.now,
    queuesElsewhere: false,
    report: () => undefined,
  });
});
afterAll(() => rm(folder.path, { recursive: true }));

async function token(...args: readonly string[]) {
  const program = runProgram(script, args, { POSTHORN_DATA_DIR: folder.path });
  return { code: await program.ended, stdout: program.stdout(), stderr: program.stderr() };
}

async function claimsOf(...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const { code, stdout, stderr } = await token(...args);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  return JSON.parse(Buffer.from(stdout.split('.')[1] ?? '', 'base64url').toString());
}

describe('run token', () => {
  it.each(['--help', '-h'])('prints its help with %s', async (argument) => {
    const answer = await token(argument);
    expect(answer).toMatchObject({ code: 0, stderr: '' });
    expect(answer.stdout).toContain('--expires TIME');
  });

  it('prints only a token, which the Posthorn of the folder accepts', async () => {
    const { stdout } = await token();
    const verify = createTokenVerifier({ jwtSecretFile: folder.jwtSecretFile });
    expect(await verify(stdout.trim(), new Date())).toMatchObject({
      kind: 'organisation',
      organisationId: localOrganisationId,
    });
  });

  it('creates a token for another organisation or one of its applications', async () => {
    expect(await claimsOf('--org', 'org_Other')).toMatchObject({ sub: 'org_Other' });
    const claims = await claimsOf('--org', 'org_Other', '--app', 'app_One');
    expect(claims).toMatchObject({ sub: 'app_One', org: 'org_Other' });
  });

  it.each([
    ['30s', 30],
    ['15m', 900],
    ['1h', 3_600],
    ['28d', 2_419_200],
  ])('creates a token that is valid for %s', async (time, seconds) => {
    const { iat, exp } = await claimsOf('--expires', time);
    expect(Number(exp) - Number(iat)).toBe(seconds);
  });

  it.each([
    [['--org', 'acme'], '--org acme: an organisation'],
    [['--app', 'acme'], '--app acme: an application'],
    [['--expires', 'soon'], '--expires soon: must be a duration'],
    [['--expires', '0h'], '--expires 0h: must be a duration'],
    [['--colour'], "Unknown option '--colour'"],
    [['something'], "Unexpected argument 'something'"],
  ])('rejects %j and prints no token', async (args, complaint) => {
    const answer = await token(...args);
    expect(answer).toMatchObject({ code: 1, stdout: '' });
    expect(answer.stderr).toContain(complaint);
    expect(answer.stderr).not.toContain('    at ');
  });

  it('remembers each token by its id, without the token', async () => {
    const { jti } = await claimsOf('--org', 'org_Remembered');
    const { stdout } = await token();
    const text = await readFile(folder.issuedTokensFile, 'utf8');
    expect(text).toContain(`{"organisationId":"org_Remembered","tokenId":"${jti}"`);
    expect(text).not.toContain(stdout.trim().split('.')[2]);
  });

  it.each([[['list']], [['revoke', 'tok_1']]])('needs a running Posthorn for %j', async (args) => {
    const answer = await token(...args);
    expect(answer).toMatchObject({ code: 1, stdout: '' });
    expect(answer.stderr).toContain('No Posthorn runs with the data folder');
  });

  it.each([[['list', 'all']], [['revoke']]])('prints its help for %j', async (args) => {
    const answer = await token(...args);
    expect(answer).toMatchObject({ code: 1, stdout: '' });
    expect(answer.stderr).toContain('run token revoke ID');
  });

  it('says that the folder has no secret', async () => {
    const program = runProgram(script, [], { POSTHORN_DATA_DIR: join(folder.path, 'nowhere') });
    expect(await program.ended).toBe(1);
    expect(program.stderr()).toMatch(/^No Posthorn secret in \S+nowhere\. Start Posthorn once/);
  });

  it('does not change the secret', async () => {
    const before = await readFile(folder.jwtSecretFile, 'utf8');
    await token();
    expect(await readFile(folder.jwtSecretFile, 'utf8')).toBe(before);
  });
});
