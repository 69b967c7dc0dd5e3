import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { useHome } from '../../testing/a-home.ts';
import { aToken } from '../../testing/a-token.ts';
import { runCli, runCliProcess, startCli } from '../../testing/run-cli.ts';
import { startServer, type TestServer } from '../../testing/start-server.ts';

const home = useHome();
const token = aToken({ sub: 'org_1', exp: 1_800_000_000 });
const newer = aToken({ sub: 'org_2' });
const wrong = 'a-token-that-the-server-does-not-know';

let server: TestServer;
beforeEach(async () => {
  server = await startServer(({ headers }) => {
    const { authorization = '' } = headers;
    if ([token, newer].some((known) => authorization === `Bearer ${known}`)) return { body: { data: [], done: true } };
    return { status: 401, body: { code: 'authentication_failed', detail: `Invalid token ${authorization}` } };
  });
});
afterEach(() => server.stop());

const file = (profile = 'default') => join(home(), '.config/posthorn', `${profile}.json`);
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
const logIn = (stdin: string, ...args: readonly string[]) =>
  runCli(['login', '--server', server.url, ...args], { home: home(), stdin });

describe('posthorn login', () => {
  it('keeps the token in a file that only its user can read', async () => {
    const ran = await runCliProcess(['login', '--server', `${server.url}/api/v1/`, '--json'], {
      home: home(),
      stdin: `${token}\n`,
    });
    expect({ ...ran, stdout: JSON.parse(ran.stdout) }).toEqual({
      code: 0,
      stderr: '',
      stdout: {
        profile: 'default',
        server: server.url,
        kind: 'organisation',
        organisationId: 'org_1',
        expiresAt: '2027-01-15T08:00:00.000Z',
        file: file(),
      },
    });
    expect(JSON.parse(await readFile(file(), 'utf8'))).toEqual({ server: server.url, token, allowHttp: false });
    expect([await modeOf(file()), await modeOf(join(file(), '..'))]).toEqual(['600', '700']);
    expect(await readdir(join(file(), '..'))).toEqual(['default.json']);
  });

  it('is used by the commands after it, and replaced by the next login', async () => {
    await logIn(token);
    await writeFile(file('other'), await readFile(file()), { mode: 0o644 });
    await logIn(newer);
    expect((await runCli(['whoami', '--json'], { home: home() })).stdout).toContain('"organisationId":"org_2"');
    expect((await runCli(['whoami', '--profile', 'other'], { home: home() })).stdout).toContain('(org_1)');
    expect((await runCli(['whoami'], { home: home(), env: { POSTHORN_PROFILE: 'other' } })).stdout).toContain('org_1');
  });

  it('says on stderr where the token is, and prints it nowhere', async () => {
    const ran = await logIn(token, '--verbose');
    expect(ran.stdout).toBe(`Logged in at ${server.url} with an organisation's token (org_1).\n`);
    expect(ran.stderr).toContain(`The token is in ${file()}.\n`);
    expect(ran.stdout + ran.stderr).not.toContain(token);
  });

  it('keeps nothing that the server does not accept, and does not repeat the token of its refusal', async () => {
    const ran = await logIn(wrong);
    expect(ran).toEqual({
      code: 4,
      stdout: '',
      stderr:
        'error: GET /event-type: the server does not accept the token (401): Invalid token Bearer [token]\n' +
        '  Log in with a valid token: posthorn login\n',
    });
    await expect(stat(file())).rejects.toThrow('ENOENT');
  });

  it('asks for the token in a terminal, and does not show what is typed', async () => {
    const terminals = ['stdin', 'stderr'] as const;
    const running = startCli(['login', '--server', server.url], { home: home(), terminals });
    await running.waitFor(`Token for ${server.url}: `);
    running.stdin.write(`${token}\r`);
    const ran = await running.ended;
    expect(ran.code).toBe(0);
    expect(ran.stdout + ran.stderr).not.toContain(token.slice(0, 20));
    expect(JSON.parse(await readFile(file(), 'utf8'))).toMatchObject({ token });
  });

  it('ends with 130 when Ctrl-C is typed instead', async () => {
    const running = startCli(['login', '--server', server.url], { home: home(), terminals: ['stdin', 'stderr'] });
    await running.waitFor('Token for');
    running.stdin.write('\u0003');
    expect(await running.ended).toMatchObject({ code: 130, stdout: '' });
  });

  it.each([
    [['--server', 'http://posthorn.example.com'], token, 'http://posthorn.example.com is plain HTTP'],
    [['--server', 'posthorn.example.com'], token, '--server is no address of a server'],
    [['--server', 'https://user:secret@example.com'], token, '--server must have no user name'],
    [['--server', 'https//user:secret@example.com'], token, '--server is no address of a server'],
    [['--server', 'https://https://user:secret@example.com'], token, '--server must have no user name'],
    [['--server', 'http://localhost:1', '--profile', '../x'], token, '../x is no name of a profile'],
    [['--server', 'http://localhost:1'], '', 'Standard input has no token'],
    [['--server', 'http://localhost:1'], 'two words', 'Standard input has no token'],
    [['--server', 'http://localhost:1'], 'x'.repeat(20_000), 'Standard input is longer than 16384 bytes'],
    [[], token, 'The address of the server is missing'],
    [[token], token, 'too many arguments'],
  ])('is a usage error with %j', async (args, stdin, problem) => {
    const ran = await runCli(['login', ...args], { home: home(), stdin });
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(`error: ${problem}`) });
    expect(ran.stderr).not.toContain('secret');
  });

  it.each([
    [{ POSTHORN_ALLOW_HTTP: '1' }, 0],
    [{ POSTHORN_ALLOW_HTTP: '0' }, 2],
    [{ POSTHORN_ALLOW_HTTP: 'false' }, 2],
    [{}, 2],
  ])('over plain HTTP to another machine with %j ends with %d, and the login does not allow it', async (env, code) => {
    const address = 'http://posthorn.example.com';
    const all = { HTTP_PROXY: server.url, ...env };
    const options = { home: home(), stdin: token, env: all };
    expect(await runCli(['login', '--server', address], options)).toMatchObject({ code });
    expect(await runCli(['login'], { ...options, env: { ...all, POSTHORN_URL: address } })).toMatchObject({ code });
    if (code === 0) expect(JSON.parse(await readFile(file(), 'utf8'))).toMatchObject({ allowHttp: false });
  });

  it('refuses a server that is something else', async () => {
    for (const body of ['<html>', '{}', 'null', '{"data":{}}', '']) {
      const other = await startServer(() => ({ body }));
      try {
        const ran = await runCli(['login', '--server', other.url], { home: home(), stdin: token });
        expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('is no server of Posthorn') });
      } finally {
        await other.stop();
      }
    }
  });
});
