import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { Svix } from 'svix';
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
  }, 120_000);
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
}, 120_000);
