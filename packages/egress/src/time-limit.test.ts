import { attemptTimeoutMs } from '@posthorn/core';
import { type RawServer, startRawServer } from '@posthorn/testing';
import { createEgress, type Egress, type EgressOptions } from './egress.ts';

const { jest } = import.meta;
const cleanUps: (() => Promise<void>)[] = [];
beforeEach(() => {
  // Only the timers of our own code are fake. The network is real.
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance', 'Date', 'queueMicrotask', 'hrtime'] });
});
afterEach(async () => {
  jest.useRealTimers();
  await Promise.all(cleanUps.splice(0).map((cleanUp) => cleanUp()));
});

const anEgress = (options: Partial<EgressOptions> = {}): Egress => {
  const egress = createEgress({ allowedSubnets: ['127.0.0.0/8'], allowHttp: true, ...options });
  cleanUps.push(egress.close);
  return egress;
};

/** A server that takes connections, and answers the first bytes of each with these, or not at all. */
async function startSilent(answer = ''): Promise<RawServer & { readonly hasHeard: Promise<void> }> {
  let heard: () => void = () => undefined;
  const hasHeard = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const server = await startRawServer((socket) =>
    socket.once('data', () => {
      if (answer === '') heard();
      else socket.write(answer, () => setImmediate(heard));
    }),
  );
  cleanUps.push(server.stop);
  return { ...server, hasHeard };
}

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
    await jest.advanceTimersByTimeAsync(attemptTimeoutMs - 1);
    expect(isOver).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(await sending).toMatchObject({ outcome: { reason }, response: expect.stringContaining('time limit') });
    const [connection] = connections;
    if (connection && !connection.closed) await new Promise((resolve) => connection.on('close', resolve));
  });

  it('covers the wait for a name, however long the lookup takes', async () => {
    const resolve = () => new Promise<never>(() => undefined);
    const sending = anEgress({ resolve }).send({ url: 'http://a.example/', headers: {}, body: '' });
    await jest.advanceTimersByTimeAsync(attemptTimeoutMs);
    expect(await sending).toMatchObject({ outcome: { reason: 'name-server-silent' } });
  });
});
