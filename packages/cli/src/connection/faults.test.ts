import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCertificateAuthority, createSelfSignedCertificate } from '@posthorn/testing/receiver/certificates';
import { startHttpProxy } from '@posthorn/testing/receiver/http-proxy';
import { type Ran, runCli, runCliProcess } from '../testing/run-cli.ts';
import { type ServerAnswer, startServer } from '../testing/start-server.ts';

const token = 'token-of-a-test';
const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

const serve = async (...options: Parameters<typeof startServer>) => {
  const server = await startServer(...options);
  cleanUps.push(() => server.stop());
  return server;
};
const envOf = (url: string) => ({ POSTHORN_URL: url, POSTHORN_TOKEN: token });
const get = (url: string, method = 'GET') => runCli(['api', method, '/app', '--json'], { env: envOf(url) });
const errorOf = ({ code, stderr }: Ran) => ({ exitCode: code, ...JSON.parse(stderr).error });

describe('a server that cannot be reached', () => {
  it('is 3, with the cause and what to do', async () => {
    const closed = await startServer(() => 200);
    await closed.stop();
    expect(errorOf(await get(closed.url))).toEqual({
      exitCode: 3,
      code: 'connection_refused',
      message: `Cannot reach ${closed.url}: nothing listens there`,
      remedy: 'Start the server, or check its address',
    });
    expect(errorOf(await get('https://nothing.invalid'))).toMatchObject({
      exitCode: 3,
      code: 'name_unknown',
      message: expect.stringContaining('Cannot reach https://nothing.invalid: its name'),
    });
  });

  it.each([
    ['no_http', 'HELO\r\n\r\n'],
    ['connection_lost', ''],
  ])('is 3 if it answers with something else (%s)', async (code, bytes) => {
    const server = createServer((socket) => socket.on('error', () => socket.destroy()).end(bytes)).listen(
      0,
      '127.0.0.1',
    );
    cleanUps.push(async () => server.close());
    await once(server, 'listening');
    const { port } = server.address() as { readonly port: number };
    expect(errorOf(await get(`http://localhost:${port}`, 'POST'))).toMatchObject({ exitCode: 3, code });
    expect(errorOf(await get(`https://localhost:${port}`, 'POST'))).toMatchObject({ exitCode: 3 });
  });
});

describe('a success of something else, such as a captive portal', () => {
  it.each([
    ['whoami'],
    ['status'],
    ['send', 'a', '--app', 'acme'],
    ['trigger', 'a', '--app', 'acme', '--endpoint', 'ep_1'],
    ['tail', '--app', 'acme'],
    ['replay', 'msg_1', '--app', 'acme', '--yes'],
    ['tokens', 'create', '--app', 'acme'],
    ['tokens', 'revoke', '--all', '--app', 'acme', '--yes'],
  ])('is no answer for %s', async (...args) => {
    const server = await serve(() => ({ body: '<html>Log in</html>', headers: { 'content-type': 'text/html' } }));
    const ran = await runCli([...args, '--json'], { env: envOf(server.url) });
    expect(errorOf(ran)).toMatchObject({
      exitCode: 1,
      code: 'not_posthorn',
      message: `${server.url} is no server of Posthorn: it answered with something else`,
      remedy: 'Check the address of the server',
    });
    expect(ran.stdout).toBe('');
  });

  it.each([
    ['send', 'a', '--app', 'acme'],
    ['tokens', 'create', '--app', 'acme'],
  ])('is no answer for %s without what is to be printed', async (...args) => {
    const server = await serve(() => ({ status: 200, body: {} }));
    for (const more of [[], ['--json']]) {
      const ran = await runCli([...args, ...more], { env: envOf(server.url) });
      expect(ran).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('is no server of Posthorn') });
    }
  });

  it('is printed by api as it came', async () => {
    const server = await serve(() => ({ body: '<html>' }));
    expect(await get(server.url)).toEqual({ code: 0, stdout: '<html>', stderr: '' });
  });
});

describe('a request that only reads', () => {
  const flaky = (first: ServerAnswer) => serve((_request, order) => (order === 1 ? first : { body: '{}' }));

  it.each<ServerAnswer>(['close', 502, 503, 504])('is sent again after %j', async (first) => {
    const server = await flaky(first);
    expect(await get(server.url)).toEqual({ code: 0, stdout: '{}', stderr: '' });
    expect(server.requests).toHaveLength(2);
  });

  it.each<ServerAnswer>([400, 404, 429, 500])('is not sent again after %j', async (first) => {
    const server = await flaky(first);
    expect(await get(server.url)).toMatchObject({ code: 1 });
    expect(server.requests).toHaveLength(1);
  });

  it('is sent three times at most', async () => {
    const server = await serve(() => 'close');
    expect(errorOf(await get(server.url))).toMatchObject({ exitCode: 3, code: 'connection_lost' });
    expect(server.requests).toHaveLength(3);
  });
});

it('sends a request that changes something once', async () => {
  const server = await serve(() => 'close');
  expect(errorOf(await get(server.url, 'POST'))).toMatchObject({ exitCode: 3, code: 'connection_lost' });
  expect(server.requests).toHaveLength(1);
});

it('does not follow a redirect, so that no other server gets the token', async () => {
  const other = await serve(() => 200);
  const server = await serve(() => ({ status: 302, headers: { location: `${other.url}/api/v1/app` } }));
  expect(errorOf(await get(server.url))).toMatchObject({
    exitCode: 1,
    code: 'redirected',
    message: `GET /app: the server redirects to ${other.url} (302)`,
  });
  expect(other.requests).toEqual([]);
});

it('gives up an answer that is too long', async () => {
  const server = await serve(() => ({ body: 'x'.repeat(17 * 1024 * 1024) }));
  expect(errorOf(await get(server.url))).toMatchObject({ exitCode: 1, code: 'answer_too_long' });
});

it('says how long to wait after too many requests', async () => {
  const server = await serve(() => ({ status: 429, headers: { 'retry-after': '7' } }));
  expect(errorOf(await get(server.url))).toMatchObject({ exitCode: 1, remedy: 'Try again in 7 s' });
});

describe('TLS', () => {
  it('refuses a certificate that nobody trusts', async () => {
    const server = await serve(() => 200, createSelfSignedCertificate());
    expect(errorOf(await get(server.url))).toMatchObject({
      exitCode: 3,
      code: 'certificate_untrusted',
      remedy: 'Name the file of that authority in NODE_EXTRA_CA_CERTS',
    });
    expect(server.requests).toEqual([]);
  });
});

describe('a proxy', () => {
  const host = 'posthorn.example.com';
  /** The name leads nowhere, but the proxy connects to the server of the test. */
  const askThroughProxy = async (names: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const authority = createCertificateAuthority();
    const server = await serve(() => ({ body: '{"ok":true}' }), authority.issue({ names }));
    const folder = await mkdtemp(join(tmpdir(), 'posthorn-ca-'));
    cleanUps.push(() => rm(folder, { recursive: true }));
    const file = join(folder, 'ca.pem');
    await writeFile(file, authority.cert);
    const proxy = await startProxy(() => ({ toPort: server.port }));
    const url = `http://user:pass%20word@localhost:${proxy.port}`;
    const all = { NODE_EXTRA_CA_CERTS: file, ...envOf(`https://${host}`), HTTPS_PROXY: url, ...env };
    const ran = await runCliProcess(['api', 'GET', '/app', '--json', '--verbose'], { env: all });
    expect(ran.stderr).not.toMatch(/pass|token-of/);
    return { ran, proxy, server };
  };
  const startProxy = async (...options: Parameters<typeof startHttpProxy>) => {
    const proxy = await startHttpProxy(...options);
    cleanUps.push(() => proxy.stop());
    return proxy;
  };

  it('gets the name of the host, and the server gets the token', async () => {
    const { ran, proxy, server } = await askThroughProxy([host]);
    expect(ran).toMatchObject({ code: 0, stdout: '{"ok":true}' });
    const authorization = `Basic ${Buffer.from('user:pass word').toString('base64')}`;
    expect(proxy.requests).toEqual([{ target: `${host}:443`, host: `${host}:443`, authorization }]);
    expect(server.requests[0]?.headers).toMatchObject({ host, authorization: `Bearer ${token}` });
    expect(server.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
  });

  it.each([
    ['certificate_of_another_name', ['other.example.com'], {}],
    ['certificate_untrusted', [host], { NODE_EXTRA_CA_CERTS: '' }],
  ] as const)('leads to a server whose certificate is checked (%s)', async (code, names, env) => {
    const { ran, server } = await askThroughProxy(names, env);
    expect(ran).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining(`"code":"${code}"`) });
    expect(server.requests).toEqual([]);
  });

  it.each([
    ['proxy_refused', 407, 'Put the user name and password of the proxy into HTTPS_PROXY'],
    ['proxy_refused', 403, expect.stringContaining('NO_PROXY')],
    ['connection_lost', 'close', 'Check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY'],
    ['no_http', { bytes: 'HELO\r\n\r\n' }, 'Check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY'],
  ] as const)('that refuses is 3 (%s, %j)', async (code, action, remedy) => {
    const proxy = await startProxy(() => action);
    const env = { ...envOf(`https://${host}`), HTTPS_PROXY: `http://localhost:${proxy.port}` };
    const ran = await runCli(['api', 'GET', '/app', '--json'], { env });
    expect(errorOf(ran)).toMatchObject({ exitCode: 3, code, remedy });
  });

  it('that does not listen is 3', async () => {
    const env = { ...envOf(`https://${host}`), HTTPS_PROXY: 'http://localhost:1' };
    expect(errorOf(await runCli(['api', 'GET', '/app', '--json'], { env }))).toMatchObject({
      exitCode: 3,
      message: 'Cannot reach the proxy localhost:1: nothing listens there',
    });
  });

  it('of plain HTTP gets whole requests', async () => {
    const proxy = await serve(() => ({ body: '{"from":"proxy"}' }));
    const env = { ...envOf(`http://${host}`), HTTP_PROXY: proxy.url, POSTHORN_ALLOW_HTTP: '1' };
    expect((await runCli(['api', 'GET', '/app'], { env })).stdout).toBe('{"from":"proxy"}');
    expect(proxy.requests[0]).toMatchObject({ url: `http://${host}/api/v1/app`, headers: { host } });
  });
});
