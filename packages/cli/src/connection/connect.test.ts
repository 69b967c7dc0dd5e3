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
