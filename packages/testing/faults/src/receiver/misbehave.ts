import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Behaviour } from './path.ts';

const gigabyte = 1024 ** 3;
const chunk = Buffer.alloc(256 * 1024, 'x');
/** A small answer that would be 64 MiB. */
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
const dripEveryMs = 200;
const resetAfterMs = 10;

/** Answers in one of the ways that an endpoint should not. It ends when the sender closes the connection. */
export const misbehave: Readonly<Record<Behaviour, (response: ServerResponse) => void>> = {
  accept: (response) => response.writeHead(200).end('ok'),
  'status-500': (response) => response.writeHead(500).end(),
  'status-429': (response) => response.writeHead(429, { 'retry-after': '1' }).end(),
  'status-301': (response) => response.writeHead(301, { location: '/elsewhere' }).end(),
  'status-410': (response) => response.writeHead(410).end(),
  'reset-mid-body'(response) {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('half', () => setTimeout(() => response.socket?.resetAndDestroy(), resetAfterMs));
  },
  'break-kept-connection': (response) => response.socket?.resetAndDestroy(),
  hang: () => undefined,
  drip,
  'endless-body': (response) => pour(response.writeHead(200, { 'content-length': String(gigabyte) })),
  'gzip-bomb': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
  'interim-flood': floodWithInterim,
  'sometimes-500': (response) => response.writeHead(500).end(),
  slow: (response) => response.writeHead(500).end(),
  lazy: (response) => response.writeHead(500).end(),
  down: (response) => response.writeHead(500).end(),
  'seldom-down': (response) => response.writeHead(500).end(),
};

function drip(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': '100000' });
  const timer = setInterval(() => response.write('.'), dripEveryMs);
  response.on('close', () => clearInterval(timer));
}

function pour(response: ServerResponse): void {
  const write = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', write);
  write();
}

function floodWithInterim(response: ServerResponse): void {
  const { socket } = response;
  const write = () => {
    while (socket && !socket.destroyed && socket.write('HTTP/1.1 102 Processing\r\n\r\n'.repeat(1_000)));
  };
  socket?.on('drain', write);
  write();
}
