import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket, TlsOptions } from 'node:tls';
import { createCertificateAuthority, createSelfSignedCertificate, startRawServer } from '@posthorn/testing';
import { createEgress, type Egress } from './egress.ts';

const authority = createCertificateAuthority();
const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(cleanUps.splice(0).map((cleanUp) => cleanUp()));
});

interface TlsServer {
  readonly port: number;
  /** The `Host` header and the SNI of each request. */
  readonly requests: { readonly host: string | undefined; readonly serverName: string | false | null }[];
  /** Whether each one resumed a session. */
  readonly connections: boolean[];
}

async function startTlsServer(options: TlsOptions): Promise<TlsServer> {
  const requests: TlsServer['requests'] = [];
  const connections: boolean[] = [];
  const server = createServer(options, ({ headers, socket, url }, response) => {
    if (url === '/close') response.setHeader('connection', 'close');
    requests.push({ host: headers.host, serverName: (socket as TLSSocket).servername });
    response.end('ok');
  });
  server.on('secureConnection', (socket: TLSSocket) => connections.push(socket.isSessionReused()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(async () => {
    server.close();
    server.closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port, requests, connections };
}

const anEgress = (timeoutMs = 600_000): Egress => {
  const egress = createEgress({
    allowedSubnets: ['127.0.0.0/8'],
    allowHttp: false,
    timeoutMs,
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    trustedCertificates: [authority.cert],
  });
  cleanUps.push(egress.close);
  return egress;
};
const requestTo = (port: number, host = 'hooks.example') => ({
  url: `https://${host}:${port}/`,
  headers: {},
  body: '{}',
});
const names = ['hooks.example'];

describe('over TLS', () => {
  it('an endpoint with a trusted certificate gets the request, on a connection that is kept', async () => {
    const { port, requests, connections } = await startTlsServer(authority.issue({ names }));
    const egress = anEgress();
    for (let n = 0; n < 3; n += 1)
      expect(await egress.send(requestTo(port))).toMatchObject({ outcome: { kind: 'accepted' }, response: 'ok' });
    expect(requests[0]).toEqual({ host: `hooks.example:${port}`, serverName: 'hooks.example' });
    expect(connections).toHaveLength(1);
  });

  it('a second connection to an endpoint resumes the session of the first, to that origin only', async () => {
    const one = await startTlsServer(authority.issue({ names }));
    const other = await startTlsServer(authority.issue({ names }));
    const egress = anEgress();
    for (const { port } of [one, one, one, other])
      await egress.send({ ...requestTo(port), url: `${requestTo(port).url}close` });
    expect(one.connections).toEqual([false, true, true]);
    expect(other.connections).toEqual([false]);
  });

  it('a host with a dot at its end is named without it in SNI and certificate, and with it in the Host header', async () => {
    const { port, requests } = await startTlsServer(authority.issue({ names }));
    expect((await anEgress().send(requestTo(port, 'hooks.example.'))).outcome.kind).toBe('accepted');
    expect(requests).toEqual([{ host: `hooks.example.:${port}`, serverName: 'hooks.example' }]);
  });

  it('an address is not sent as a server name', async () => {
    const { port, requests } = await startTlsServer(authority.issue({ names }));
    const { outcome } = await anEgress().send(requestTo(port, '127.0.0.1'));
    expect(outcome).toEqual({ kind: 'unreachable', reason: 'certificate-wrong-name' });
    expect(requests).toEqual([]);
  });

  it.each([
    ['has expired', () => authority.issue({ names, validUntil: '210101000000Z' }), 'certificate-expired', 'expired'],
    [
      'is not valid yet',
      () => authority.issue({ names, validFrom: '480101000000Z' }),
      'certificate-not-yet-valid',
      'not valid yet',
    ],
    [
      'is for another name',
      () => authority.issue({ names: ['other.example'] }),
      'certificate-wrong-name',
      'another host name',
    ],
    ['is self-signed', createSelfSignedCertificate, 'certificate-untrusted', 'self-signed'],
    [
      'is from an unknown issuer',
      () => createCertificateAuthority().issue({ names }),
      'certificate-untrusted',
      'unknown issuer',
    ],
  ])(
    'a certificate that %s is refused every time, and the reason is in the attempt',
    async (_, certificate, reason, words) => {
      const { port, requests } = await startTlsServer(certificate());
      const egress = anEgress();
      for (let n = 0; n < 2; n += 1) {
        const { outcome, response } = await egress.send(requestTo(port));
        expect(outcome).toEqual({ kind: 'unreachable', reason });
        expect(response).toContain(words);
      }
      expect(requests).toEqual([]);
    },
  );

  it.each<[string, TlsOptions]>([
    ['speaks old versions only', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }],
    ['asks for a client certificate', { requestCert: true, ca: authority.cert, maxVersion: 'TLSv1.2' }],
    [
      'asks for a client certificate after the handshake',
      { requestCert: true, ca: authority.cert, minVersion: 'TLSv1.3' },
    ],
  ])('a server that %s has no handshake with us', async (_, options) => {
    const { port, requests } = await startTlsServer({ ...authority.issue({ names }), ...options });
    const { outcome, response } = await anEgress().send(requestTo(port));
    expect(outcome).toEqual({ kind: 'unreachable', reason: 'tls-failed' });
    expect(response).toContain('TLS handshake');
    expect(requests).toEqual([]);
  });

  it.each([
    [
      'speaks no TLS',
      (socket: NodeJS.WritableStream) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
      'tls-failed',
    ],
    ['hangs up in the handshake', (socket: NodeJS.WritableStream) => void socket.end(), 'reset-before-request'],
  ])('a server that %s gets no request', async (_, onData, reason) => {
    const { port, stop } = await startRawServer((socket) => socket.once('data', () => onData(socket)));
    cleanUps.push(stop);
    expect((await anEgress().send(requestTo(port))).outcome).toEqual({ kind: 'unreachable', reason });
  });
});
