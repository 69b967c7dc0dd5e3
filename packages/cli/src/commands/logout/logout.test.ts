import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { useHome } from '../../testing/a-home.ts';
import { aToken } from '../../testing/a-token.ts';
import { runCli } from '../../testing/run-cli.ts';
import { startServer, type TestServer } from '../../testing/start-server.ts';

const home = useHome();
const token = aToken({ sub: 'app_1', org: 'org_1' });
let revokeStatus = 204;
let server: TestServer;
beforeEach(async () => {
  revokeStatus = 204;
  server = await startServer(({ method }) =>
    method === 'POST' ? { status: revokeStatus, body: { code: 'word', detail: 'Reason' } } : { body: { data: [] } },
  );
  await runCli(['login', '--server', server.url], { home: home(), stdin: token });
});
afterEach(() => server.stop());

const logOut = (...args: readonly string[]) => runCli(['logout', ...args], { home: home() });
const profiles = () => readdir(join(home(), '.config/posthorn'));

describe('posthorn logout', () => {
  it('forgets the login, and nothing else happens', async () => {
    expect(await logOut()).toEqual({ code: 0, stdout: 'Logged out: the login default is gone.\n', stderr: '' });
    expect(await profiles()).toEqual([]);
    expect(server.requests).toHaveLength(1);
    expect((await logOut('--json')).stdout).toBe('{"profile":"default","removed":false,"revoked":false}\n');
  });

  it('revokes the token if it is told to', async () => {
    expect((await logOut('--revoke', '--json')).stdout).toBe('{"profile":"default","removed":true,"revoked":true}\n');
    expect(server.requests.at(-1)).toMatchObject({
      url: '/api/v1/auth/logout',
      headers: { authorization: `Bearer ${token}` },
    });
  });

  it('forgets a token that the server does not accept any more', async () => {
    revokeStatus = 401;
    expect((await logOut('--revoke')).stdout).toBe('Logged out: the login default is gone.\n');
  });

  it.each([
    [403, 4, 'The token was not revoked.'],
    [200, 1, 'is no server of Posthorn'],
  ])('keeps the login if the token could not be revoked (%d)', async (status, code, problem) => {
    revokeStatus = status;
    const ran = await logOut('--revoke');
    expect(ran).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(problem) });
    expect(await profiles()).toEqual(['default.json']);
  });

  it('leaves other logins alone', async () => {
    expect((await logOut('--profile', 'other')).stdout).toBe('There was no login other.\n');
    expect(await profiles()).toEqual(['default.json']);
  });
});
