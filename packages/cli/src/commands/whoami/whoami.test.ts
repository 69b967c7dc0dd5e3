import { useHome } from '../../testing/a-home.ts';
import { aToken } from '../../testing/a-token.ts';
import { runCli } from '../../testing/run-cli.ts';
import { startServer, type TestServer } from '../../testing/start-server.ts';

const home = useHome();
const ofApplication = aToken({ sub: 'app_1', org: 'org_1', capabilities: ['ViewBase'], exp: 1_800_000_000 });
let status = 200;
let server: TestServer;
beforeEach(async () => {
  status = 200;
  server = await startServer(({ url }) => {
    if (status !== 200) return { status, body: { code: 'authentication_failed', detail: 'The token has expired' } };
    return { body: url.includes('/app/') ? { id: 'app_1', uid: 'acme', name: 'Acme\u001b[2J' } : { data: [] } };
  });
});
afterEach(() => server.stop());

const whoAmI = (token: string, ...args: readonly string[]) =>
  runCli(['whoami', ...args], { home: home(), env: { POSTHORN_URL: server.url, POSTHORN_TOKEN: token } });

describe('posthorn whoami', () => {
  it('says which server and token are used, for people', async () => {
    expect(await whoAmI(ofApplication)).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        `server       ${server.url}`,
        "token        an application's token (app_1 of org_1), limited to ViewBase",
        'application  Acme\\x1b[2J',
        'valid until  2027-01-15T08:00:00.000Z',
        'from         POSTHORN_TOKEN\n',
      ].join('\n'),
    });
  });

  it('says the same as JSON, without the token', async () => {
    const { stdout } = await whoAmI(ofApplication, '--json');
    expect(JSON.parse(stdout)).toEqual({
      server: server.url,
      profile: null,
      kind: 'application',
      applicationId: 'app_1',
      organisationId: 'org_1',
      capabilities: ['ViewBase'],
      expiresAt: '2027-01-15T08:00:00.000Z',
      application: { id: 'app_1', uid: 'acme', name: 'Acme\u001b[2J' },
    });
    const { stdout: ofOrganisation } = await whoAmI(aToken({ sub: 'org_1' }), '--json');
    expect(JSON.parse(ofOrganisation)).toEqual({
      server: server.url,
      profile: null,
      kind: 'organisation',
      organisationId: 'org_1',
    });
  });

  it('says of a token that is no JWT only what is known', async () => {
    const { stdout } = await whoAmI('testsk_token');
    expect(stdout).toContain('token        a token of an unknown kind\nvalid until  unknown\n');
    expect((await whoAmI(aToken({ sub: 'org_1' }))).stdout).toContain('valid until  it is revoked\n');
  });

  it('ends with 4 if the server does not accept the token', async () => {
    status = 401;
    const ran = await whoAmI(ofApplication, '--json');
    expect({ ...ran, stderr: JSON.parse(ran.stderr).error }).toEqual({
      code: 4,
      stdout: '',
      stderr: {
        code: 'authentication_failed',
        message: 'GET /event-type: the server does not accept the token (401): The token has expired',
        remedy: 'Log in with a valid token: posthorn login',
      },
    });
  });

  it('ends with 1 if something else answers with JSON', async () => {
    const other = await startServer(() => ({ body: { loggedIn: false } }));
    try {
      const env = { POSTHORN_URL: other.url, POSTHORN_TOKEN: ofApplication };
      const ran = await runCli(['whoami'], { home: home(), env });
      expect(ran).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('is no server of Posthorn') });
    } finally {
      await other.stop();
    }
  });

  it.each([
    [{}, 4, 'error: No server is known\n  Log in first: posthorn login --server URL\n'],
    [{ POSTHORN_URL: 'http://localhost:1' }, 4, 'error: There is no token for http://localhost:1'],
  ])('says how to log in without a login (%j)', async (env, code, problem) => {
    expect(await runCli(['whoami'], { home: home(), env })).toMatchObject({
      code,
      stderr: expect.stringContaining(problem),
    });
    expect(await runCli(['whoami', '--profile', 'x'], { home: home(), env })).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('There is no profile x'),
    });
  });

  it('does not send the token of a login to another server', async () => {
    await runCli(['login', '--server', server.url], { home: home(), stdin: ofApplication });
    const other = await startServer(() => 200);
    try {
      expect(await runCli(['whoami', '--server', other.url], { home: home() })).toMatchObject({
        code: 4,
        stderr: expect.stringContaining(`is for ${server.url}, not for ${other.url}`),
      });
      expect(other.requests).toEqual([]);
    } finally {
      await other.stop();
    }
  });
});
