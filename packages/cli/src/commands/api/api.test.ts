import { runCli, runCliProcess } from '../../testing/run-cli.ts';
import { startServer, type TestServer } from '../../testing/start-server.ts';

const token = 'token-of-a-test';
let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

const answering = async (...decide: Parameters<typeof startServer>) => {
  server = await startServer(...decide);
  return { server, env: { POSTHORN_URL: server.url, POSTHORN_TOKEN: token } };
};

describe('posthorn api', () => {
  it('prints the body of the answer as it came', async () => {
    const body = '{"n": 12345678901234567890,  "a":1}';
    const { server, env } = await answering(() => ({ body }));
    const ran = await runCliProcess(['api', 'get', '/app/acme', '--query', 'limit=5', '--query', 'tag=a b'], { env });
    expect(ran).toEqual({ code: 0, stdout: body, stderr: '' });
    expect(server.requests).toEqual([
      expect.objectContaining({ method: 'GET', url: '/api/v1/app/acme?limit=5&tag=a+b', body: '' }),
    ]);
    expect(server.requests[0]?.headers).toMatchObject({ authorization: `Bearer ${token}` });
  });

  it.each(['/app/acme/endpoint/..', '/app/acme/endpoint/%2E%2e?a=b', '/app/./msg', '/app/..\\msg', '/api/v1/app/a/.'])(
    'refuses the path %s: it would be that of another operation',
    async (path) => {
      const { server, env } = await answering(() => 204);
      const ran = await runCli(['api', 'DELETE', path], { env });
      expect(ran.code).toBe(2);
      expect(ran.stderr).toContain(path);
      expect(server.requests).toEqual([]);
    },
  );

  it('sends a path with dots in its names and its query as it is', async () => {
    const { server, env } = await answering(() => 204);
    await runCli(['api', 'GET', '/app/.../msg/a..?tag=/../b'], { env });
    expect(server.requests).toMatchObject([{ url: '/api/v1/app/.../msg/a..?tag=/../b' }]);
  });

  it('sends a body from the command line, from stdin and from a file byte for byte', async () => {
    const { server, env } = await answering(() => 201);
    const body = '{ "n": 1.0 }';
    const home = import.meta.dirname;
    await runCli(['api', 'POST', '/app', '--body', body, '--header', 'Idempotency-Key: 7'], { env });
    await runCli(['api', 'POST', '/app', '--body', '-'], { env, stdin: body });
    await runCli(['api', 'POST', '/app', '--body', '@api.ts'], { env, home });
    expect(server.requests.map((request) => request.body.slice(0, 12))).toEqual([body, body, 'import type ']);
    expect(server.requests[0]?.headers).toMatchObject({ 'idempotency-key': '7', 'content-type': 'application/json' });
  });

  it.each([
    [400, 1],
    [401, 4],
    [403, 4],
    [404, 1],
    [422, 1],
    [503, 3],
  ])('prints the body of a refusal (%d) too, and ends with %d', async (status, code) => {
    const body = { code: 'word', detail: 'Reason' };
    const { env } = await answering(() => ({ status, body, headers: { 'x-request-id': 'req-1' } }));
    const ran = await runCli(['api', 'POST', '/app', '--json'], { env });
    expect({ ...ran, stderr: JSON.parse(ran.stderr) }).toEqual({
      code,
      stdout: JSON.stringify(body),
      stderr: { error: expect.objectContaining({ code: 'word', requestId: 'req-1' }) },
    });
  });

  it.each([
    [['api', 'FETCH', '/app'], 'FETCH is no method'],
    [['api', 'GET', 'app'], 'The path app must start with /'],
    [['api', 'GET', '/app', '--query', 'limit'], '--query limit: must be NAME=VALUE'],
    [
      ['api', 'GET', '/app', '--header', 'authorization: Bearer x'],
      '--header authorization: this header cannot be set',
    ],
    [['api', 'GET', '/app', '--header', 'nothing'], '--header: must be NAME: VALUE, in ASCII'],
    [['api', 'POST', '/app', '--body', '@missing.json'], 'Cannot read /nonexistent/missing.json: ENOENT'],
    [['api', 'GET'], "missing required argument 'path'"],
  ])('refuses %j', async (args, problem) => {
    const env = { POSTHORN_URL: 'http://localhost:1', POSTHORN_TOKEN: token };
    expect(await runCli(args, { env })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(`error: ${problem}`),
    });
  });
});
