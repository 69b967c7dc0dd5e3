import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { startRawServer } from '@posthorn/testing';
import { createEgress } from './egress.ts';

/** Every socket that egress opens. Node tells of each client socket here. */
const opened: Socket[] = [];
const onSocket = (message: unknown) => void opened.push((message as { readonly socket: Socket }).socket);
const cleanUps: (() => Promise<void>)[] = [];
beforeEach(() => {
  opened.length = 0;
  subscribe('net.client.socket', onSocket);
});
afterEach(async () => {
  unsubscribe('net.client.socket', onSocket);
  await Promise.all(cleanUps.splice(0).map((cleanUp) => cleanUp()));
});

/** An endpoint that sends these bytes once and then `more` for ever, as fast as they are taken. */
async function sendTo(start: string | Uint8Array, more: string | Uint8Array, timeoutMs = 15_000) {
  const { port, stop } = await startRawServer((socket) => {
    const flood = () => {
      while (more.length > 0 && !socket.destroyed && socket.write(more));
    };
    socket.once('data', () => {
      socket.write(start);
      socket.on('drain', flood);
      flood();
    });
  });
  const egress = createEgress({ allowedSubnets: ['127.0.0.0/8'], allowHttp: true, timeoutMs });
  cleanUps.push(stop, egress.close);
  const result = await egress.send({ url: `http://127.0.0.1:${port}/`, headers: {}, body: '{}' });
  return { ...result, bytesRead: opened.reduce((sum, { bytesRead }) => sum + bytesRead, 0) };
}

const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';
const block = 'x'.repeat(60_000);
const mebibyte = 1_048_576;

describe('an endpoint that sends without end is read to a limit only', () => {
  it.each([
    ['a body', 'HTTP/1.1 200 OK\r\n\r\n', block, 'accepted'],
    ['a body of one chunk', `${chunked}fffffff\r\n`, block, 'accepted'],
    [
      'a body with an announced length of 1 GB',
      'HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n',
      block,
      'accepted',
    ],
    ['a status line', 'HTTP/1.1 200 ', block, 'unreachable'],
    ['a header', 'HTTP/1.1 200 OK\r\nx: ', block, 'unreachable'],
    ['headers', 'HTTP/1.1 200 OK\r\n', 'a: b\r\n'.repeat(10_000), 'unreachable'],
    ['interim answers', '', 'HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n'.repeat(1_000), 'unreachable'],
    ['an extension of a chunk', `${chunked}1;`, block, 'unreachable'],
    ['trailers', `${chunked}0\r\n`, 'a: b\r\n'.repeat(10_000), 'unreachable'],
    ['chunks of one byte', chunked, '1\r\nx\r\n'.repeat(10_000), 'accepted'],
    ['chunks of one byte with long extensions', chunked, `1;${'y'.repeat(15_000)}\r\nx\r\n`.repeat(4), 'unreachable'],
    ['leading zeros of a chunk', `${chunked}`, '0'.repeat(60_000), 'unreachable'],
    ['empty lines before its answer', '', '\r\n'.repeat(30_000), 'unreachable'],
  ])('%s', async (_, start, more, kind) => {
    const { outcome, response, bytesRead } = await sendTo(start, more);
    expect(outcome.kind).toBe(kind);
    expect(Buffer.byteLength(response)).toBeLessThanOrEqual(20_000);
    expect(bytesRead).toBeLessThan(1.2 * mebibyte);
  });
});

it('keeps a compressed answer as it came: 100 MB of zeros stay the 100 KB that were sent, cut at the limit', async () => {
  const bomb = gzipSync(Buffer.alloc(100_000_000));
  const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`;
  const { outcome, response } = await sendTo(Buffer.concat([Buffer.from(head), bomb]), '');
  expect(outcome).toEqual({ kind: 'accepted', status: 200 });
  expect(response).toBe(bomb.subarray(0, 20_000).toString('base64'));
});
