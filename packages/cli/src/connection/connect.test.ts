import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeProfile } from '../profiles/profile-file.ts';
import type { Io } from '../terminal/io.ts';
import { chooseConnection } from './connect.ts';
import { isLoopback } from './server-url.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'posthorn-connect-'));
  await writeProfile({ env: {}, homeFolder: home }, 'default', {
    server: 'http://staging.example.com',
    token: 'token-of-staging',
    allowHttp: true,
  });
});
afterEach(() => rm(home, { recursive: true }));

const choose = (choice: Parameters<typeof chooseConnection>[0], env: Readonly<Record<string, string>> = {}) =>
  chooseConnection(choice, { env, homeFolder: home } as unknown as Io);
const token = { POSTHORN_TOKEN: 'token-of-production' };

describe('plain HTTP that a login allows', () => {
  it('is allowed for its server', async () => {
    expect(await choose({})).toMatchObject({ server: 'http://staging.example.com', token: 'token-of-staging' });
    expect(await choose({ server: 'http://staging.example.com/' }, token)).toMatchObject({
      token: 'token-of-production',
    });
  });

  it('is not allowed for another server', async () => {
    const insecure = { code: 'insecure_server' };
    await expect(choose({ server: 'http://other.example.com' }, token)).rejects.toMatchObject(insecure);
    await expect(choose({}, { ...token, POSTHORN_URL: 'http://other.example.com' })).rejects.toMatchObject(insecure);
  });
});

describe('POSTHORN_ALLOW_HTTP', () => {
  const other = { ...token, POSTHORN_URL: 'http://other.example.com' };

  it('allows plain HTTP if it is 1, as --allow-http does', async () => {
    expect(await choose({}, { ...other, POSTHORN_ALLOW_HTTP: '1' })).toMatchObject({ server: other.POSTHORN_URL });
    expect(await choose({ allowHttp: true }, other)).toMatchObject({ server: other.POSTHORN_URL });
  });

  it.each(['0', 'false', ''])('does not allow it if it is %j', async (value) => {
    const choice = choose({}, { ...other, POSTHORN_ALLOW_HTTP: value });
    await expect(choice).rejects.toMatchObject({ code: 'insecure_server' });
  });
});

describe('an address of a server that is mistyped', () => {
  const mistyped = [
    'https//me:pass-word@example.com',
    'me:pass-word@example.com',
    'https://me:12/pass-word@example.com',
  ];

  it.each(mistyped)('is not repeated, and its source is named (%s)', async (address) => {
    for (const [source, choice, env] of [
      ['--server', { server: address }, token],
      ['POSTHORN_URL', {}, { ...token, POSTHORN_URL: address }],
    ] as const) {
      const message = await choose(choice, env).then(
        () => '',
        (error: Error) => error.message,
      );
      expect(message).toMatch(new RegExp(`^${source} `));
      expect(message).not.toContain('pass-word');
    }
  });

  it('is not repeated if it is that of a profile', async () => {
    const profile = { server: 'https//me:pass-word@example.com', token: 'token-of-staging', allowHttp: false };
    await writeProfile({ env: {}, homeFolder: home }, 'staging', profile);
    const problem = 'The server of the profile staging is no address of a server';
    await expect(choose({ profile: 'staging' })).rejects.toThrow(problem);
  });
});

describe('POSTHORN_TOKEN', () => {
  it('is not sent to the server of a login', async () => {
    const refused = { exitCode: 2, code: 'no_server' };
    await expect(choose({}, token)).rejects.toMatchObject(refused);
    await expect(choose({}, { ...token, POSTHORN_PROFILE: 'default' })).rejects.toMatchObject(refused);
  });

  it('is sent to a server that is named, and not used with --profile', async () => {
    const url = 'https://production.example.com';
    expect(await choose({ server: url }, token)).toMatchObject({ server: url, token: 'token-of-production' });
    expect(await choose({}, { ...token, POSTHORN_URL: url })).toMatchObject({ token: 'token-of-production' });
    expect(await choose({ profile: 'default' }, token)).toMatchObject({ token: 'token-of-staging' });
  });
});

it.each([
  ['localhost', true],
  ['127.0.0.2', true],
  ['[::1]', true],
  ['a.localhost', false],
  ['127.0.0.1.example.com', false],
])('the host %s is this machine: %j', (host, expected) => expect(isLoopback(host)).toBe(expected));
