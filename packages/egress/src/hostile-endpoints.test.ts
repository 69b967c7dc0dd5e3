import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { createSelfSignedCertificate, type RawServer, startRawServer } from '@posthorn/testing';
import { createEgress, type Egress, type EgressOptions } from './egress.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(cleanUps.splice(0).map((cleanUp) => cleanUp()));
});

const anEgress = (options: Partial<EgressOptions> = {}): Egress => {
  const egress = createEgress({ allowedSubnets: ['127.0.0.0/8'], allowHttp: true, ...options });
  cleanUps.push(egress.close);
  return egress;
};
const startServer = async (onConnection: (socket: Socket, order: number) => void): Promise<RawServer> => {
  const server = await startRawServer(onConnection);
  cleanUps.push(server.stop);
  return server;
};
const requestTo = (port: number, scheme = 'http') => ({
  url: `${scheme}://127.0.0.1:${port}/`,
  headers: {},
  body: '{}',
});
const head = (length: number) => `HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n\r\n`;
/** Answers every request of a connection with these bytes. */
const answering =
  (...parts: readonly (string | Uint8Array)[]) =>
  (socket: Socket) =>
    void socket.on('data', () => socket.write(Buffer.concat(parts.map((part) => Buffer.from(part)))));

describe('an endpoint that', () => {
  it('answers without end: the first 20,000 bytes are kept, and the connection is closed', async () => {
    const { port, connections } = await startServer((socket) => {
      const flood = () => {
        while (!socket.destroyed && socket.write('x'.repeat(10_000)));
      };
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.on('drain', flood);
        flood();
      });
    });
    const { outcome, response } = await anEgress().send(requestTo(port));
    expect(outcome).toEqual({ kind: 'accepted', status: 200 });
    expect(response).toBe('x'.repeat(20_000));
    const [connection] = connections;
    if (connection && !connection.closed) await new Promise((resolve) => connection.on('close', resolve));
  });

  it.each([
    ['a', 'é', 9_999],
    ['', '漢', 6_666],
    ['abc', '😀', 4_999],
  ])('answers %s%s…: no part of a character is kept', async (start, character, whole) => {
    const text = start + character.repeat(20_000);
    const { port } = await startServer(answering(head(Buffer.byteLength(text)), text));
    expect((await anEgress().send(requestTo(port))).response).toBe(start + character.repeat(whole));
  });

  it('answers with binary data: it is kept as base64', async () => {
    const { port } = await startServer(answering(head(2), Uint8Array.of(0xff, 0xfe)));
    expect((await anEgress().send(requestTo(port))).response).toBe('//4=');
  });

  it.each([
    ['resets the connection', (socket: Socket) => socket.resetAndDestroy()],
    ['closes the connection', (socket: Socket) => socket.end()],
  ])('%s in the middle of its answer: the message is not accepted, and not sent again', async (_, breakOff) => {
    const { port, connections } = await startServer((socket) => {
      socket.once('data', () => socket.write(`${head(1000)}half`, () => setTimeout(() => breakOff(socket), 10)));
    });
    expect((await anEgress().send(requestTo(port))).outcome).toEqual({ kind: 'unreachable', reason: 'answer-cut-off' });
    expect(connections).toHaveLength(1);
  });

  it.each([
    ['another protocol', '220 smtp.example ESMTP\r\n'],
    ['too long headers', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    ['a broken chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
    ['a switch of protocols', 'HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'],
  ])('answers with %s, which is not valid HTTP: the request is sent once', async (_, bytes) => {
    const { port, connections } = await startServer(answering(bytes));
    expect((await anEgress().send(requestTo(port))).outcome).toEqual({ kind: 'unreachable', reason: 'not-http' });
    expect(connections).toHaveLength(1);
  });

  it('sends more than it announced: its answer counts, and the connection is closed', async () => {
    const { port, connections } = await startServer(answering(head(2), 'ok and more'));
    const egress = anEgress();
    for (let n = 1; n <= 3; n += 1) {
      expect(await egress.send(requestTo(port))).toMatchObject({ outcome: { kind: 'accepted' }, response: 'ok' });
      expect(connections).toHaveLength(n);
    }
  });

  it('answers before it has read the request: its answer counts, and the connection is not kept', async () => {
    const { port, connections } = await startServer((socket) => {
      socket.once('data', () => {
        socket.pause();
        socket.write(`${head(2)}ok`);
      });
    });
    const egress = anEgress();
    for (let n = 1; n <= 2; n += 1) {
      const sent = await egress.send({ ...requestTo(port), body: 'x'.repeat(20_000_000) });
      expect(sent).toMatchObject({ outcome: { kind: 'accepted' }, response: 'ok' });
      expect(connections).toHaveLength(n);
    }
  });

  it('has no TLS, or a certificate that is not trusted: nothing is sent', async () => {
    let received = 0;
    const untrusted = createServer(createSelfSignedCertificate(), () => {
      received += 1;
    });
    await new Promise<void>((resolve) => untrusted.listen(0, '127.0.0.1', resolve));
    cleanUps.push(async () => void untrusted.close());
    const address = untrusted.address();
    const plain = await startServer((socket) => socket.end('no TLS here'));
    const egress = anEgress();
    const reasonOf = async (port: number) => (await egress.send(requestTo(port, 'https'))).outcome;
    expect(await reasonOf(plain.port)).toMatchObject({ reason: 'tls-failed' });
    expect(await reasonOf(typeof address === 'object' && address ? address.port : 0)).toMatchObject({
      reason: 'certificate-untrusted',
    });
    expect(received).toBe(0);
  });

  it('no longer listens: the connection is refused', async () => {
    const { port, stop } = await startServer(() => undefined);
    await stop();
    expect((await anEgress().send(requestTo(port))).outcome).toEqual({ kind: 'unreachable', reason: 'refused' });
  });
});

describe('a connection', () => {
  it('is kept for the next message to the same endpoint', async () => {
    const { port, connections } = await startServer(answering(head(2), 'ok'));
    const egress = anEgress();
    const messages = 10;
    for (let n = 0; n < messages; n += 1) expect((await egress.send(requestTo(port))).response).toBe('ok');
    expect(connections.length).toBeLessThan(messages);
  });

  it.each([1, 3])('that the endpoint closed costs no attempt: %i of three are needed at once', async (needed) => {
    const kept = 3;
    const { port, connections } = await startServer((socket, order) => {
      let requests = 0;
      socket.on('data', () => {
        requests += 1;
        if (order <= kept && requests > 1) socket.resetAndDestroy();
        else socket.write(`${head(2)}ok`);
      });
    });
    const egress = anEgress();
    const sendMany = (count: number) => Promise.all(Array.from({ length: count }, () => egress.send(requestTo(port))));
    await sendMany(kept);
    for (const { outcome } of await sendMany(needed)) expect(outcome.kind).toBe('accepted');
    expect(connections.length).toBeGreaterThan(kept);
  });
});
