import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Pool } from 'undici';
import { repeat } from '../repeat.ts';
import type { BareAnswer, BareTask } from './bare-process.ts';

const requests = 10_000;
const atOnce = 8;
const body = JSON.stringify({ note: 'x'.repeat(900) });

/** CPU microseconds of a POST of 1 KB without anything else: for who answers it, and for who sends it. */
export interface BareHttp {
  readonly in: number;
  readonly out: number;
}

/** Measures each side in a process of its own, after a warm-up with as many requests. */
export async function measureBareHttp(): Promise<BareHttp> {
  const child = fork(join(import.meta.dirname, 'bare-process.ts'), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  try {
    return { in: await measureIn(child), out: await measureOut(child) };
  } finally {
    child.disconnect();
  }
}

async function ask(child: ChildProcess, task: BareTask): Promise<BareAnswer> {
  child.send(task);
  // Only bare-process.ts answers.
  const [answer] = (await once(child, 'message')) as [BareAnswer];
  return answer;
}

async function measureIn(child: ChildProcess): Promise<number> {
  const answer = await ask(child, 'serve');
  const pool = new Pool(`http://127.0.0.1:${'port' in answer ? answer.port : 0}`, { connections: atOnce });
  const post = async () => {
    const { body: answered } = await pool.request({
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/json' },
      body,
    });
    await answered.dump();
  };
  await repeat(requests, atOnce, post);
  await ask(child, 'report');
  await repeat(requests, atOnce, post);
  const measured = microsOf(await ask(child, 'report'));
  await pool.close();
  return measured;
}

async function measureOut(child: ChildProcess): Promise<number> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(204).end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // It listens on a TCP port.
  const { port } = server.address() as AddressInfo;
  const answer = await ask(child, { postTo: `http://127.0.0.1:${port}`, count: requests, atOnce });
  server.close();
  return microsOf(answer);
}

const microsOf = (answer: BareAnswer): number => ('cpuMicros' in answer ? answer.cpuMicros : Number.NaN);
