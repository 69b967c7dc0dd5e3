import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli, runCliProcess, startCli } from '../../testing/run-cli.ts';
import { apiOfEachTest, page } from '../../testing/start-api.ts';

const serving = apiOfEachTest();

const message = {
  id: 'msg_1',
  eventId: null,
  eventType: 'order.paid',
  channels: null,
  tags: null,
  timestamp: '2026-01-01T00:00:00.000Z',
  deliverAt: null,
};
const sent = { status: 202, body: { ...message, payload: {} } };
const endpoints = (...ids: readonly string[]) => ({
  'GET /app/acme/endpoint': page(
    ids.map((id) => ({ id, url: `http://${id}`, disabled: false, eventTypes: null, channels: null })),
  ),
  'GET /app/acme/destination': page([]),
  ...Object.fromEntries(
    ids.map((id) => [`GET /app/acme/endpoint/${id}`, { body: { id, url: `http://${id}`, disabled: false } }]),
  ),
});
const standing = (id: string, statusText: string, nextAttempt: string | null = null) => ({
  id,
  url: `http://${id}`,
  disabled: false,
  statusText,
  nextAttempt,
});
const attempt = (endpointId: string, responseStatusCode: number, response = '') => ({
  endpointId,
  responseStatusCode,
  response,
});

describe('posthorn send', () => {
  it('sends the bytes of the payload, and prints the id', async () => {
    const { env, posts } = await serving({ 'POST /app/acme/msg': sent });
    const payload = '{ "n" : 12345678901234567890, "n": 1.0,\n "é": "\\u00e9" }';
    const ran = await runCliProcess(['send', 'order.paid', '-', '--app', 'acme'], { env, stdin: payload });
    expect(ran).toEqual({ code: 0, stdout: 'msg_1\n', stderr: '' });
    expect(posts()).toHaveLength(1);
    expect(posts()[0]?.body).toBe(`{"payload":${payload},"eventType":"order.paid"}`);
  });

  it('sends a file, and all options', async () => {
    const { env, posts } = await serving({ 'POST /app/a%2Fb/msg': sent });
    const home = await mkdtemp(join(tmpdir(), 'posthorn-send-'));
    await writeFile(join(home, 'order.json'), '{"a":1}\n');
    const options = ['--event-id', 'e1', '--channel', 'x', '--channel', 'y', '--tag', 't', '--idempotency-key', 'k1'];
    const time = ['--deliver-at', '2026-02-01T00:00:00Z'];
    const args = ['send', 'order.paid', '@order.json', '--app', 'a/b', ...options, ...time, '--json'];
    const ran = await runCli(args, { env, home });
    await rm(home, { recursive: true });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ran.stdout)).toEqual(message);
    expect(posts()[0]?.headers).toMatchObject({ 'idempotency-key': 'k1' });
    expect(JSON.parse(posts()[0]?.body ?? '')).toEqual({
      payload: { a: 1 },
      eventType: 'order.paid',
      eventId: 'e1',
      channels: ['x', 'y'],
      tags: ['t'],
      deliverAt: '2026-02-01T00:00:00.000Z',
    });
  });

  it('sends any text as it is, with its media type', async () => {
    const { env, posts } = await serving({ 'POST /app/acme/msg': sent });
    const args = ['send', 'note', '-', '--app', 'acme', '--content-type', 'text/plain'];
    await runCli(args, { env, stdin: 'no JSON\n' });
    expect(JSON.parse(posts()[0]?.body ?? '').transformationsParams).toEqual({
      rawPayload: 'no JSON\n',
      headers: { 'content-type': 'text/plain' },
    });
  });

  it('sends an empty object without a payload', async () => {
    const { env, posts } = await serving({ 'POST /app/acme/msg': sent });
    await runCli(['send', 'a', '--app', 'acme'], { env });
    expect(JSON.parse(posts()[0]?.body ?? '').payload).toEqual({});
  });

  it.each([
    ['{"a":1,}', 'payload_not_json', 'The payload is no JSON: line 1, column 8: unexpected "}"'],
    ['{"a":\n1', 'payload_not_json', 'The payload is no JSON: line 2, column 2: it ends too early'],
    ['[1]', 'payload_not_object', 'The payload is no JSON object'],
    ['@missing', 'usage', 'Cannot read'],
  ])('refuses the payload %j before anything is sent', async (payload, code, problem) => {
    const { env, posts } = await serving({});
    const ran = await runCli(['send', 'a', payload, '--app', 'acme', '--json'], { env });
    expect(ran).toMatchObject({ code: 2, stdout: '' });
    expect(JSON.parse(ran.stderr)).toMatchObject({ error: { code, message: expect.stringContaining(problem) } });
    expect(posts()).toEqual([]);
  });

  it('refuses a payload that is not UTF-8', async () => {
    const { env } = await serving({});
    const ran = await runCli(['send', 'a', '-', '--app', 'acme'], { env, stdin: Buffer.from([0x7b, 0xff, 0x7d]) });
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining('Standard input is not UTF-8') });
  });

  it.each([
    [['send', 'a'], "required option '--app <app>' not specified"],
    [['send', 'a', '--app', 'acme', '--timeout', '3s'], '--timeout is for --wait'],
    [['send', 'a', '--app', 'acme', '--wait', '--timeout', '3'], '--timeout 3: is not a valid duration'],
    [['send', 'a', '--app', 'acme', '--wait', '--deliver-at', '2m'], '--deliver-at 2m: is after the end of the wait'],
    [['send', 'a', '--app', 'acme', '--deliver-at', 'soon'], '--deliver-at soon: is no time'],
    [['send', 'a', '--app', 'acme', '--deliver-at', '99999999d'], '--deliver-at 99999999d: is too long'],
  ])('refuses %j', async (args, problem) => {
    const { env } = await serving({});
    expect(await runCli(args, { env })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(problem),
    });
  });

  it('shows the places of a payload that does not fit the schema', async () => {
    const detail = [{ loc: ['body', 'payload', 'total'], msg: 'must be at least 0', type: 'value_error' }];
    const { env } = await serving({ 'POST /app/acme/msg': { status: 422, body: { detail } } });
    const ran = await runCli(['send', 'a', '--app', 'acme'], { env });
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('body.payload.total must be at least 0') });
  });

  it('repeats a request whose answer was lost under its key, so that it makes one message', async () => {
    const { env, posts } = await serving({ 'POST /app/acme/msg': (order) => (order === 1 ? 'close' : sent) });
    const ran = await runCli(['send', 'a', '--app', 'acme'], { env });
    expect(ran).toMatchObject({ code: 0, stdout: 'msg_1\n' });
    const keys = posts().map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual([expect.stringMatching(/^cli-/), keys[0]]);
  });
});

describe('posthorn send --wait', () => {
  // A wait that does not end by itself fails the test.
  const wait = ['send', 'order.paid', '--app', 'acme', '--wait', '--timeout', '1h', '--json'];

  it('ends when each endpoint has an outcome, and fails if one did not accept', async () => {
    const next = '2026-01-01T00:00:05.000Z';
    const { env } = await serving({
      ...endpoints('ep_1', 'ep_2'),
      'POST /app/acme/msg': sent,
      'GET /app/acme/msg/msg_1/endpoint': (order) => {
        if (order === 1) return page([]);
        if (order === 2) return page([standing('ep_1', 'success'), standing('ep_2', 'sending', next)]);
        return page([standing('ep_1', 'success'), standing('ep_2', 'fail')]);
      },
      'GET /app/acme/attempt/msg/msg_1': (order) =>
        page([
          ...(order > 1 ? [attempt('ep_2', 0, 'connection refused')] : []),
          attempt('ep_2', 500),
          attempt('ep_1', 204),
        ]),
    });
    const ran = await runCli(wait, { env });
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.stdout)).toEqual({
      ...message,
      endpoints: [
        {
          endpointId: 'ep_1',
          url: 'http://ep_1',
          outcome: 'delivered',
          attempts: 1,
          lastStatus: 204,
          nextAttempt: null,
        },
        {
          endpointId: 'ep_2',
          url: 'http://ep_2',
          outcome: 'failed',
          attempts: 2,
          lastStatus: 0,
          reason: 'connection refused',
          nextAttempt: null,
        },
      ],
    });
    expect(JSON.parse(ran.stderr)).toMatchObject({ error: { code: 'not_delivered' } });
  });

  it('tells a person each change on stderr, and the outcome on stdout', async () => {
    const { env } = await serving({
      ...endpoints('ep_1'),
      'POST /app/acme/msg': sent,
      'GET /app/acme/msg/msg_1/endpoint': (order) =>
        page([order === 1 ? standing('ep_1', 'sending', '2026-01-01T00:00:05.000Z') : standing('ep_1', 'success')]),
      'GET /app/acme/attempt/msg/msg_1': (order) =>
        page([...(order > 1 ? [attempt('ep_1', 200)] : []), attempt('ep_1', 503)]),
    });
    const ran = await runCliProcess(wait.slice(0, -1), { env });
    expect(ran).toEqual({
      code: 0,
      stdout: 'msg_1\nep_1  delivered after 2 attempts, last answer 200  http://ep_1\n',
      stderr: [
        'msg_1 was accepted. Waiting for 1 endpoint',
        'ep_1  waiting after 1 attempt, last answer 503, next attempt at 2026-01-01T00:00:05.000Z  http://ep_1',
        'ep_1  delivered after 2 attempts, last answer 200  http://ep_1',
        '',
      ].join('\n'),
    });
  });

  it('ends with the last reading when the time is over', async () => {
    const { env } = await serving({
      ...endpoints('ep_1'),
      'POST /app/acme/msg': sent,
      'GET /app/acme/msg/msg_1/endpoint': page([]),
    });
    const ran = await runCli([...wait, '--timeout', '10ms'], { env });
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.stdout).endpoints).toMatchObject([{ endpointId: 'ep_1', outcome: 'waiting' }]);
    expect(JSON.parse(ran.stderr)).toMatchObject({ error: { code: 'wait_timed_out' } });
  });

  it('ends for endpoints that were deleted or disabled before it was sent to them', async () => {
    const { env } = await serving({
      ...endpoints('ep_1', 'ep_2'),
      'GET /app/acme/endpoint/ep_1': 404,
      'GET /app/acme/endpoint/ep_2': { body: { id: 'ep_2', url: 'http://ep_2', disabled: true } },
      'POST /app/acme/msg': sent,
      'GET /app/acme/msg/msg_1/endpoint': page([]),
    });
    const ran = await runCli(wait, { env });
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.stdout).endpoints).toMatchObject([
      { endpointId: 'ep_1', outcome: 'gone' },
      { endpointId: 'ep_2', outcome: 'disabled' },
    ]);
  });

  it('waits for nothing if no endpoint gets the event type', async () => {
    const none = { id: 'ep_9', url: 'http://x', disabled: false, channels: null };
    const { env } = await serving({
      'GET /app/acme/endpoint': page([
        { ...none, eventTypes: ['other'] },
        { ...none, eventTypes: null, disabled: true },
        { ...none, eventTypes: null, channels: ['eu'] },
      ]),
      'GET /app/acme/destination': page([{ id: 'ep_8', config: { url: 'http://y' }, status: 'disabled' }]),
      'POST /app/acme/msg': sent,
    });
    const ran = await runCli(wait, { env });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ran.stdout)).toEqual({ ...message, endpoints: [] });
    const told = await runCli(wait.slice(0, -1), { env });
    expect(told.stderr).toContain('No endpoint of acme gets order.paid now');
  });

  it('says that a message blocks its group, and that an endpoint was disabled', async () => {
    const { env } = await serving({
      ...endpoints('ep_1'),
      'GET /app/acme/destination': page([{ id: 'ep_2', config: { url: 'http://ep_2' }, status: 'enabled' }]),
      'POST /app/acme/msg': sent,
      'GET /app/acme/msg/msg_1/endpoint': page([
        { ...standing('ep_1', 'sending', '2026-01-01T10:00:00.000Z'), disabled: true },
        standing('ep_2', 'sending'),
      ]),
      'GET /app/acme/attempt/msg/msg_1': page([attempt('ep_1', 410), attempt('ep_2', 500)]),
      'GET /app/acme/endpoint/ep_2/delivery': page([
        { msgId: 'msg_0', reason: 'behind' },
        { msgId: 'msg_1', reason: 'blocked' },
      ]),
    });
    const ran = await runCli(wait, { env });
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.stdout).endpoints).toMatchObject([{ outcome: 'disabled' }, { outcome: 'blocked' }]);
  });

  it('says that the message goes on when it is interrupted', async () => {
    const { env, requests } = await serving({
      ...endpoints('ep_1'),
      'POST /app/acme/msg': sent,
      'GET /app/acme/msg/msg_1/endpoint': (order) => (order > 1 ? 'hang' : page([])),
    });
    const started = startCli(wait.slice(0, -1), { env });
    const isAsked = () => requests.some(({ url }) => url.includes('/msg/msg_1/endpoint'));
    while (!isAsked()) await new Promise((resolve) => setTimeout(resolve, 10));
    started.stop('interrupted');
    const { code, stderr } = await started.ended;
    expect(code).toBe(130);
    expect(stderr).toContain('No longer waiting for msg_1: it was accepted');
  });
});
