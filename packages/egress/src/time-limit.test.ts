import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { attemptTimeoutMs } from '@posthorn/core';
import { type HttpProxyServer, type RawServer, startHttpProxy, startRawServer } from '@posthorn/testing';
import { createEgress, type Egress, type EgressOptions } from './egress.ts';

const { jest } = import.meta;
const cleanUps: (() => Promise<void>)[] = [];
/** Sockets that egress opens. Node tells of each client socket here. */
const opened: Socket[] = [];
const onSocket = (message: unknown) => void opened.push((message as { readonly socket: Socket }).socket);
beforeEach(() => {
  opened.length = 0;
  subscribe('net.client.socket', onSocket);
  // Only the timers of our own code are fake. The network is real.
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance', 'Date', 'queueMicrotask', 'hrtime'] });
});
afterEach(async () => {
  jest.useRealTimers();
  unsubscribe('net.client.socket', onSocket);
  await Promise.all(cleanUps.splice(0).map((cleanUp) => cleanUp()));
});

const anEgress = (options: Partial<EgressOptions> = {}): Egress => {
  const egress = createEgress({ allowedSubnets: ['127.0.0.0/8'], allowHttp: true, ...options });
  cleanUps.push(egress.close);
  return egress;
};

/** A server that takes connections, and answers the first bytes of each with these, or not at all. */
async function startSilent(answer = ''): Promise<RawServer & { readonly hasHeard: Promise<void> }> {
  const { promise: hasHeard, resolve: heard } = Promise.withResolvers<void>();
  const server = await startRawServer((socket) =>
    socket.once('data', () => {
      if (answer !== '') socket.write(answer);
      heard();
    }),
  );
  cleanUps.push(server.stop);
  return { ...server, hasHeard };
}

/** The network takes its own time, on a busy machine more. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turn();
}
const bytesRead = (): number => opened.reduce((sum, socket) => sum + socket.bytesRead, 0);

describe('the time limit of an attempt', () => {
  it('is 15 seconds', () => {
    expect(attemptTimeoutMs).toBe(15_000);
  });

  it.each([
    ['the TLS handshake', 'https', '', 'tls-timeout'],
    ['the answer', 'http', '', 'timeout'],
    ['the rest of the head', 'http', 'HTTP/1.1 200 OK\r\nx: y\r\n', 'answer-timeout'],
    ['the rest of the body', 'http', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf', 'answer-timeout'],
    ['the final answer after an interim one', 'http', 'HTTP/1.1 100 Continue\r\n\r\n', 'answer-timeout'],
  ])('covers the wait for %s, and closes the connection', async (_, scheme, answer, reason) => {
    const { port, hasHeard, connections } = await startSilent(answer);
    let isOver = false;
    const sending = anEgress().send({ url: `${scheme}://127.0.0.1:${port}/`, headers: {}, body: '{}' });
    void sending.finally(() => {
      isOver = true;
    });
    await hasHeard;
    await until(() => bytesRead() >= answer.length);
    await jest.advanceTimersByTimeAsync(attemptTimeoutMs - 1);
    expect(isOver).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(await sending).toMatchObject({ outcome: { reason }, response: expect.stringContaining('time limit') });
    const [connection] = connections;
    if (connection && !connection.closed) await new Promise((resolve) => connection.on('close', resolve));
  });

  it.each([
    ['headers', 'HTTP/1.1 200 OK\r\n', 'x: y\r\n'],
    ['a body', 'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n', '.'],
  ])('is not extended by %s that drip', async (_, start, drip) => {
    const { port, hasHeard, connections } = await startSilent(start);
    const sending = anEgress().send({ url: `http://127.0.0.1:${port}/`, headers: {}, body: '{}' });
    await hasHeard;
    for (let passedMs = 0, sent = start.length; passedMs < attemptTimeoutMs; passedMs += 1_000) {
      connections[0]?.write(drip);
      sent += drip.length;
      await until(() => bytesRead() >= sent);
      await jest.advanceTimersByTimeAsync(1_000);
    }
    expect(await sending).toMatchObject({ outcome: { reason: 'answer-timeout' } });
  });

  it('covers the wait for a proxy that connects: the endpoint has not accepted the connection', async () => {
    const hasHeard = Promise.withResolvers<void>();
    const proxy: HttpProxyServer = await startHttpProxy(() => {
      hasHeard.resolve();
      return 'hang';
    });
    cleanUps.push(proxy.stop);
    const egress = anEgress({ proxy: `http://127.0.0.1:${proxy.port}` });
    const sending = egress.send({ url: 'http://127.0.0.1:81/', headers: {}, body: '' });
    await hasHeard.promise;
    await jest.advanceTimersByTimeAsync(attemptTimeoutMs);
    expect(await sending).toMatchObject({ outcome: { kind: 'unreachable', reason: 'connect-timeout' } });
  });

  it('covers the wait for a name, however long the lookup takes', async () => {
    const resolve = () => new Promise<never>(() => undefined);
    const sending = anEgress({ resolve }).send({ url: 'http://a.example/', headers: {}, body: '' });
    await jest.advanceTimersByTimeAsync(attemptTimeoutMs);
    expect(await sending).toMatchObject({ outcome: { reason: 'name-server-silent' } });
  });
});
