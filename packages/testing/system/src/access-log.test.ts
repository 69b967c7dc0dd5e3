import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { Svix } from 'svix';
import { readyLine, runStart, startScript, whenReady } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';

/** The lines of the access log that a system has printed. */
const linesOf = (system: LaunchedSystem) =>
  system
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{"level":"INFO","message":"request.answered"'))
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);

describe('the access log of a system that was started without settings', () => {
  let system: LaunchedSystem;
  beforeAll(async () => {
    system = await launchSystem();
  });
  afterAll(() => system.stop());

  it('has one line for each request, message create included, with its ids and nothing secret', async () => {
    const svix = new Svix(system.token, { serverUrl: system.url });
    const app = await svix.application.create({ name: 'Toys', uid: 'toys' });
    await until('the line is printed', () => linesOf(system).length === 1);
    const before = 1;
    const response = await fetch(`${system.url}/api/v1/app/toys/msg?with_content=false`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${system.token}`,
        'content-type': 'application/json',
        'svix-req-id': '4711',
        'idempotency-key': 'key-of-the-client',
      },
      body: JSON.stringify({ eventType: 'a', payload: { card: '4111' } }),
    });
    expect(response.status).toBe(202);
    await until('the line is printed', () => linesOf(system).some(({ sentRequestId }) => sentRequestId === '4711'));
    await svix.message.get(app.id, ((await response.json()) as { id: string }).id);
    await fetch(`${system.url}/api/v1/nothing?token=${system.token}`);
    await fetch(`${system.url}/api/v1/%zz?token=${system.token}`);
    await until('all lines are printed', () => linesOf(system).length >= before + 4);
    const line = {
      level: 'INFO',
      message: 'request.answered',
      requestId: expect.any(String),
      durationMs: expect.any(Number),
    };
    expect(linesOf(system).slice(before)).toEqual([
      {
        ...line,
        timestamp: expect.any(String),
        service: 'posthorn-post-message',
        operation: 'v1.message.create',
        method: 'POST',
        path: '/api/v1/app/{app_id}/msg',
        requestId: response.headers.get('x-request-id'),
        sentRequestId: '4711',
        organisationId: expect.stringMatching(/^org_/),
        application: 'toys',
        status: 202,
      },
      expect.objectContaining({ ...line, operation: 'v1.message.get', application: app.id, status: 200 }),
      expect.objectContaining({ ...line, path: '/api/v1/nothing', status: 404 }),
      expect.objectContaining({ ...line, service: 'posthorn-http', path: '/api/v1/%zz', status: 400 }),
    ]);
    for (const secret of [system.token, '4111', 'key-of-the-client']) expect(system.output()).not.toContain(secret);
  });
});

it('has no line if it is off, and loses none at the end of the process', async () => {
  const systems = await Promise.all([launchSystem({ POSTHORN_ACCESS_LOG: 'off' }), launchSystem()]);
  for (const { url } of systems) {
    await Promise.all(Array.from({ length: 20 }, () => fetch(`${url}/api/v1/health`)));
    await fetch(`${url}/api/v1/%zz`);
  }
  await Promise.all(systems.map((system) => system.stop()));
  expect(systems.map((system) => linesOf(system).length)).toEqual([0, 21]);
});

/** A pipe takes some hundred kilobytes although nobody reads, and a line here has about 250 bytes. */
const moreThanPipe = 4_000;

it.each([
  ['was closed', (stdout: Readable) => void stdout.destroy(), 20, 'Warning: 20 lines'],
  ['is not read', (stdout: Readable) => void stdout.pause(), moreThanPipe, 'Warning: [1-9][0-9]+ lines'],
])('costs nothing but its lines when the pipe of standard output %s', async (_, stopReading, count, warning) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'posthorn-unread-'));
  const child = spawn(process.execPath, [startScript], {
    env: { ...process.env, NODE_OPTIONS: '', POSTHORN_PORT: '0', POSTHORN_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    const stderr = text(child.stderr);
    const url = await new Promise<string>((resolve) => {
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (part: string) => {
        output += part;
        const [, ready] = readyLine.exec(output) ?? [];
        if (ready !== undefined) resolve(ready);
      });
    });
    stopReading(child.stdout);
    for (let sent = 0; sent < count; sent += 20) {
      const requests = Array.from({ length: 20 }, () => fetch(`${url}/api/v1/health`));
      expect((await Promise.all(requests)).map(({ status }) => status)).toEqual(requests.map(() => 200));
    }
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    expect(await stderr).toMatch(new RegExp(`^Stopping Posthorn …\\n${warning} of the access log were not read\\n$`));
  } finally {
    child.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  }
});

/** Begins a request, and resolves when the server waits for its body. */
async function beginRequest(url: string, token: string) {
  const body = '{"name":"Toys"}';
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': body.length,
    expect: '100-continue',
  };
  const begun = request(`${url}/api/v1/app`, { method: 'POST', headers });
  const answered = once(begun, 'response') as Promise<[IncomingMessage]>;
  begun.flushHeaders();
  await once(begun, 'continue');
  return async () => {
    begun.end(body);
    const [answer] = await answered;
    answer.resume();
    return answer.statusCode;
  };
}

it('does not end requests in progress when `start`, which prints it, is killed', async () => {
  const command = await runStart();
  try {
    const { url } = await whenReady(command);
    const token = await readFile(join(command.dataDir, 'token'), 'utf8');
    const [first, second] = await Promise.all([beginRequest(url, token), beginRequest(url, token)]);
    process.kill(command.pid, 'SIGKILL');
    await command.ended;
    expect(await first()).toBe(201);
    // The line of the first request is written meanwhile, and nobody reads it.
    await wait(100);
    expect(await second()).toBe(201);
    await command.waitUntilGone();
  } finally {
    await command.cleanUp();
  }
});
