// A process of its own, so that its CPU time is that of one side of the requests. The parent sends what it shall do.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { repeat } from '../repeat.ts';
import { cpuNow, cpuSince } from './cpu.ts';

/** What the parent sends. */
export type BareTask =
  | 'serve'
  | { readonly postTo: string; readonly count: number; readonly atOnce: number }
  | 'report';
/** What it gets: the port, or CPU time in microseconds per request since the last answer. */
export type BareAnswer = { readonly port: number } | { readonly cpuMicros: number };

let served = 0;
let start = cpuNow();

const serve = async (): Promise<BareAnswer> => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      served += 1;
      response.writeHead(202, { 'content-type': 'application/json' }).end(Buffer.concat(chunks));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // It listens on a TCP port.
  return { port: (server.address() as AddressInfo).port };
};

async function post({ postTo, count, atOnce }: Exclude<BareTask, string>): Promise<BareAnswer> {
  const pool = new Pool(postTo, { connections: atOnce });
  const body = JSON.stringify({ note: 'x'.repeat(900) });
  const headers = { 'content-type': 'application/json' };
  const one = async () => {
    const answer = await pool.request({ method: 'POST', path: '/', headers, body });
    await answer.body.dump();
  };
  await repeat(count, atOnce, one);
  const before = cpuNow();
  await repeat(count, atOnce, one);
  const { all } = cpuSince(before, count);
  await pool.close();
  return { cpuMicros: all };
}

function report(): BareAnswer {
  const { all } = cpuSince(start, Math.max(served, 1));
  served = 0;
  start = cpuNow();
  return { cpuMicros: all };
}

process.on('message', async (task: BareTask) => {
  process.send?.(task === 'serve' ? await serve() : task === 'report' ? report() : await post(task));
});
process.on('disconnect', () => process.exit());
