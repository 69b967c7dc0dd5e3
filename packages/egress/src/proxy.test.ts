import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { inspect } from 'node:util';
import { isPassingError } from '@posthorn/core';
import {
  createCertificateAuthority,
  type HttpProxyServer,
  type ProxyAction,
  type Receiver,
  startHttpProxy,
  startReceiver,
} from '@posthorn/testing';
import { createEgress, type Egress, type EgressOptions } from './egress.ts';

const authority = createCertificateAuthority();
const cleanUps: (() => Promise<void>)[] = [];
let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
  cleanUps.push(receiver.stop);
});
afterEach(async () => {
  await Promise.all(cleanUps.splice(0).map((cleanUp) => cleanUp()));
});

async function aProxy(decide?: Parameters<typeof startHttpProxy>[0]): Promise<HttpProxyServer> {
  const proxy = await startHttpProxy(decide);
  cleanUps.push(proxy.stop);
  return proxy;
}
const anEgress = (proxy: string, options: Partial<EgressOptions> = {}): Egress => {
  const egress = createEgress({
    allowedSubnets: ['127.0.0.0/8', '::1/128'],
    allowHttp: true,
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    trustedCertificates: [authority.cert],
    proxy,
    ...options,
  });
  cleanUps.push(egress.close);
  return egress;
};
const urlOf = ({ port }: { readonly port: number }, userinfo = '') => `http://${userinfo}127.0.0.1:${port}`;
const receiverPort = () => Number(new URL(receiver.url).port);
const requestTo = (port: number, scheme = 'http', host = 'hooks.example') => ({
  url: `${scheme}://${host}:${port}/hook`,
  headers: {},
  body: '{}',
});

async function startTlsServer(names: readonly string[]) {
  const requests: { readonly host: string | undefined; readonly serverName: string | false | null }[] = [];
  const server = createServer(authority.issue({ names: [...names] }), ({ headers, socket }, response) => {
    requests.push({ host: headers.host, serverName: (socket as TLSSocket).servername });
    response.end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(async () => {
    server.close();
    server.closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port, requests };
}

describe('through a proxy', () => {
  it('an http endpoint gets the request, and the proxy the checked address; the connection is kept', async () => {
    const proxy = await aProxy();
    const egress = anEgress(urlOf(proxy));
    for (let n = 0; n < 3; n += 1)
      expect((await egress.send(requestTo(receiverPort()))).outcome).toEqual({ kind: 'accepted', status: 200 });
    expect(receiver.requestsTo('/hook')).toHaveLength(3);
    expect(receiver.requests[0]?.headers.host).toBe(`hooks.example:${receiverPort()}`);
    const target = `127.0.0.1:${receiverPort()}`;
    expect(proxy.requests).toEqual([{ target, host: target, authorization: undefined }]);
  });

  it('an https endpoint is asked for by its name inside the tunnel only', async () => {
    const proxy = await aProxy();
    const server = await startTlsServer(['hooks.example']);
    const egress = anEgress(urlOf(proxy));
    for (let n = 0; n < 2; n += 1)
      expect(await egress.send(requestTo(server.port, 'https'))).toMatchObject({
        outcome: { kind: 'accepted' },
        response: 'ok',
      });
    expect(server.requests[0]).toEqual({ host: `hooks.example:${server.port}`, serverName: 'hooks.example' });
    expect(proxy.requests.map(({ target }) => target)).toEqual([`127.0.0.1:${server.port}`]);
  });

  it('the certificate of the endpoint is checked, and the tunnel is closed if it is wrong', async () => {
    const proxy = await aProxy();
    const server = await startTlsServer(['other.example']);
    const opened: Socket[] = [];
    const onSocket = (message: unknown) => void opened.push((message as { readonly socket: Socket }).socket);
    subscribe('net.client.socket', onSocket);
    const { outcome } = await anEgress(urlOf(proxy)).send(requestTo(server.port, 'https'));
    unsubscribe('net.client.socket', onSocket);
    expect(outcome).toEqual({ kind: 'unreachable', reason: 'certificate-wrong-name' });
    expect(server.requests).toEqual([]);
    const toProxy = opened.filter(({ remotePort }) => remotePort === proxy.port || remotePort === undefined);
    expect(toProxy.every(({ destroyed }) => destroyed)).toBe(true);
  });

  it('credentials are sent to the proxy and not to the endpoint', async () => {
    const proxy = await aProxy();
    await anEgress(urlOf(proxy, 'user:p%40ss@')).send(requestTo(receiverPort()));
    expect(proxy.requests[0]?.authorization).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
    expect(receiver.requests[0]?.headers).not.toHaveProperty('proxy-authorization');
  });

  it.each([
    ['a private address', [{ address: '10.0.0.1', family: 4 }], {}, 'blocked'],
    ['one private address among others', ['127.0.0.1', '169.254.169.254'].map(toAddress), {}, 'blocked'],
    ['a mapped address', [{ address: '::ffff:10.0.0.1', family: 6 }], {}, 'blocked'],
    ['a forbidden port', [{ address: '127.0.0.1', family: 4 }], { forbiddenPorts: [81] }, 'own-port'],
    ['a port that is not allowed', [{ address: '127.0.0.1', family: 4 }], { allowedPorts: [443] }, 'port-not-allowed'],
  ])('%s is not asked for', async (_, addresses, options, reason) => {
    const proxy = await aProxy();
    const { outcome } = await anEgress(urlOf(proxy), { ...options, resolve: async () => addresses }).send(
      requestTo(81),
    );
    expect(outcome).toEqual({ kind: 'unreachable', reason });
    expect(proxy.requests).toEqual([]);
  });

  it('a name cannot change behind the check', async () => {
    const proxy = await aProxy();
    let asked = 0;
    const resolve = async () => {
      asked += 1;
      return [toAddress(asked === 1 ? '127.0.0.1' : '169.254.169.254')];
    };
    expect((await anEgress(urlOf(proxy), { resolve }).send(requestTo(receiverPort()))).outcome.kind).toBe('accepted');
    expect([asked, proxy.requests[0]?.target]).toEqual([1, `127.0.0.1:${receiverPort()}`]);
  });

  it('each address is tried until the proxy reaches one', async () => {
    const proxy = await aProxy(({ target }) => (target.startsWith('[::1]') ? 502 : 'connect'));
    const resolve = async () => ['::1', '127.0.0.1'].map(toAddress);
    expect((await anEgress(urlOf(proxy), { resolve }).send(requestTo(receiverPort()))).outcome.kind).toBe('accepted');
    expect(proxy.requests.map(({ target }) => target)).toEqual([
      `[::1]:${receiverPort()}`,
      `127.0.0.1:${receiverPort()}`,
    ]);
  });

  it('an interim answer of the proxy is passed over', async () => {
    const bytes = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 403 Forbidden\r\n\r\n';
    const { outcome } = await anEgress(urlOf(await aProxy(() => ({ bytes })))).send(requestTo(81));
    expect(outcome).toEqual({ kind: 'unreachable', reason: 'proxy-refused' });
  });

  it.each([
    [301, 'proxy-refused'],
    [403, 'proxy-refused'],
    [404, 'proxy-refused'],
    [502, 'proxy-cannot-reach'],
    [503, 'proxy-cannot-reach'],
    [504, 'proxy-cannot-reach'],
  ])('status %i of the proxy is a failed attempt with its reason', async (status, reason) => {
    const proxy = await aProxy(() => status);
    const { outcome, response } = await anEgress(urlOf(proxy, 'user:hunter2@')).send(requestTo(receiverPort()));
    expect(outcome).toEqual({ kind: 'unreachable', reason });
    expect(response).toContain('proxy');
    expect(response).not.toMatch(/hunter2|127\.0\.0\.1/);
    expect(receiver.requests).toEqual([]);
  });

  it.each<[string, ProxyAction]>([
    ['refuses our credentials', 407],
    ['is busy', 429],
    ['fails', 500],
    ['closes the connection', 'close'],
    ['speaks another protocol', { bytes: '220 smtp.example ESMTP\r\n\r\n' }],
    ['sends interim answers without end', { bytes: 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(1_000) }],
    ['answers without end', { bytes: `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(20_000)}` }],
  ])('a proxy that %s is our outage: an error that passes, without credentials in it', async (_, action) => {
    const proxy = await aProxy(() => action);
    const error = await anEgress(urlOf(proxy, 'user:hunter2@'))
      .send(requestTo(81))
      .catch((thrown: unknown) => thrown);
    expect([error, isPassingError(error)]).toEqual([expect.any(Error), true]);
    expect(inspect(error)).toContain('egress proxy');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/hunter2|dXNlcjpodW50ZXIy/);
  });

  it.each(['does not listen', 'has no address'])('a proxy that %s is our outage', async (problem) => {
    const stopped = await aProxy();
    await stopped.stop();
    const proxy = problem === 'does not listen' ? urlOf(stopped) : 'http://proxy.invalid:3128';
    const error = await anEgress(proxy, { names: { servers: [`127.0.0.1:${stopped.port}`], timeoutMs: 300 } })
      .send(requestTo(81))
      .catch((thrown: unknown) => thrown);
    expect([error, isPassingError(error)]).toEqual([expect.any(Error), true]);
  });

  it.each(['https://127.0.0.1:1', 'proxy:3128', '127.0.0.1', 'http://', 'http://proxy/path', 'socks5://proxy'])(
    'needs a proxy with an address and not %s',
    (proxy) => {
      expect(() => anEgress(proxy)).toThrow('must be written as http://user:password@host:port');
    },
  );
});

function toAddress(address: string) {
  return { address, family: address.includes(':') ? 6 : 4 };
}
