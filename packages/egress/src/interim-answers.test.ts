import { type RawServer, startRawServer } from '@posthorn/testing';
import { createEgress, type Egress } from './egress.ts';
import { maxInterimAnswers } from './exchange/interim-answers.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(cleanUps.splice(0).map((cleanUp) => cleanUp()));
});

const anEgress = (): Egress => {
  const egress = createEgress({ allowedSubnets: ['127.0.0.0/8'], allowHttp: true });
  cleanUps.push(egress.close);
  return egress;
};

/** Answers each request with these bytes, and counts the requests. */
async function startAnswering(answer: string): Promise<{ readonly server: RawServer; count(): number }> {
  let count = 0;
  const server = await startRawServer((socket) =>
    socket.on('data', (bytes) => {
      count += bytes.toString('latin1').split('POST / HTTP/1.1').length - 1;
      socket.write(answer);
    }),
  );
  cleanUps.push(server.stop);
  return { server, count: () => count };
}
const requestTo = ({ port }: RawServer) => ({ url: `http://127.0.0.1:${port}/`, headers: {}, body: '{}' });

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const asked = 'HTTP/1.1 100 Continue\r\n\r\n';
const hints = 'HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\n\r\n';

describe('an interim answer', () => {
  it.each([
    ['100 Continue', asked],
    ['102 Processing', 'HTTP/1.1 102 Processing\r\n\r\n'],
    ['103 Early Hints', hints],
    ['one without a meaning', 'HTTP/1.1 199 Unknown\r\nx-a: b\r\n\r\n'],
    ['several of them', asked + hints + asked],
    ['as many as are passed over', asked.repeat(maxInterimAnswers)],
  ])('is passed over: %s', async (_, interim) => {
    const { server, count } = await startAnswering(interim + ok);
    const egress = anEgress();
    for (let n = 1; n <= 2; n += 1) {
      expect(await egress.send(requestTo(server))).toMatchObject({
        outcome: { kind: 'accepted', status: 200 },
        response: 'ok',
      });
      expect(count()).toBe(n);
    }
    expect(server.connections).toHaveLength(1);
  });

  it('may come in pieces', async () => {
    const server = await startRawServer((socket) =>
      socket.on('data', async () => {
        for (const byte of asked + ok) await new Promise((written) => socket.write(byte, written));
      }),
    );
    cleanUps.push(server.stop);
    expect(await anEgress().send(requestTo(server))).toMatchObject({ outcome: { status: 200 }, response: 'ok' });
  });

  it.each([
    ['one more than is passed over', asked.repeat(maxInterimAnswers + 1) + ok],
    ['too much in them', `HTTP/1.1 103 Early Hints\r\nx: ${'y'.repeat(14_000)}\r\n\r\n`.repeat(6) + ok],
  ])('ends the exchange: %s', async (_, answer) => {
    const { server, count } = await startAnswering(answer);
    const { outcome, response } = await anEgress().send(requestTo(server));
    expect(outcome).toEqual({ kind: 'unreachable', reason: 'only-interim-answers' });
    expect(response).toContain('1xx');
    expect(count()).toBe(1);
  });

  it('that is repeated for ever ends in a failure', async () => {
    const server = await startRawServer((socket) => {
      const flood = () => {
        while (!socket.destroyed && socket.write(asked.repeat(10)));
      };
      socket.on('drain', flood);
      socket.once('data', flood);
    });
    cleanUps.push(server.stop);
    const { outcome } = await anEgress().send(requestTo(server));
    expect(outcome).toEqual({ kind: 'unreachable', reason: 'only-interim-answers' });
    expect(server.connections).toHaveLength(1);
  });

  it('without a final answer is no reason to send the request again', async () => {
    let requests = 0;
    const server = await startRawServer((socket, order) =>
      socket.on('data', () => {
        requests += 1;
        if (order === 1 && requests === 1) socket.write(ok);
        else socket.end(asked);
      }),
    );
    cleanUps.push(server.stop);
    const egress = anEgress();
    expect((await egress.send(requestTo(server))).outcome.kind).toBe('accepted');
    expect((await egress.send(requestTo(server))).outcome).toEqual({ kind: 'unreachable', reason: 'answer-cut-off' });
    expect(requests).toBe(2);
  });
});
