import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { type InProcessOptions, type RunningCli, runCli, runCliProcess, startCli } from '../../testing/run-cli.ts';
import { type ServerAnswer, startServer, type TestServer } from '../../testing/start-server.ts';
import { until } from '../../testing/until.ts';
import { type FakePosthorn, startFakePosthorn } from './fixtures/fake-posthorn.ts';

const { jest } = import.meta;
let posthorn: FakePosthorn;
let target: TestServer;
let answer: (order: number) => ServerAnswer;
let home: string;
beforeEach(async () => {
  answer = () => 204;
  posthorn = await startFakePosthorn();
  target = await startServer((_, order) => answer(order));
  home = await mkdtemp(join(tmpdir(), 'posthorn-listen-'));
});
afterEach(async () => {
  await Promise.all([posthorn.stop(), target.stop()]);
  await rm(home, { recursive: true });
});

const args = (...more: readonly string[]) => ['listen', '--app', 'acme', '--forward-to', target.url, ...more];
const lines = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** Starts `listen`, and waits until it has begun. */
async function start(options: readonly string[] = [], more: InProcessOptions = {}): Promise<RunningCli> {
  const { env } = posthorn;
  const listening = startCli(args(...options), { ...more, env: { ...env, ...more.env }, home });
  await until('listen has begun', () => /Forwarding to|"listening"/.test(listening.stderr()));
  return listening;
}

const stopped = async (listening: RunningCli) => {
  listening.stop('interrupted');
  return listening.ended;
};

const sentTo = ({ requests }: TestServer) => requests.map(({ headers }) => headers['webhook-id']);

describe('posthorn listen', () => {
  it('forwards messages that are sent from now on, byte for byte, signed with the secret that it prints', async () => {
    posthorn.send({ id: 'msg_0' });
    const listening = await start(['--exit-after', '3', '--json']);
    const payload = '{ "total": 12345678901234567890, "a":1.0, "é":"\\u00e9" }';
    posthorn.send({ id: 'msg_1', payload }, { id: 'msg_2' }, { id: 'msg_3' });
    const { code, stdout, stderr } = await listening.ended;
    expect(code).toBe(0);
    expect(lines(stdout)).toEqual(
      ['msg_1', 'msg_2', 'msg_3'].map((id) => ({ id, type: 'a', status: 204, ms: expect.any(Number), error: null })),
    );
    expect(sentTo(target)).toEqual(['msg_1', 'msg_2', 'msg_3']);
    const [first] = target.requests;
    expect(first).toMatchObject({ method: 'POST', body: payload });
    expect(first?.headers).toMatchObject({ 'content-type': 'application/json', 'svix-id': 'msg_1' });
    const [{ listening: begin }] = lines(stderr);
    expect(begin).toMatchObject({ app: 'acme', server: posthorn.url, target: `${target.url}/` });
    const headers = first?.headers as Record<string, string>;
    expect(new Webhook(begin.secret).verify(payload, headers)).toMatchObject({ a: 1 });
  });

  it('prints lines for people, without colours if NO_COLOR says so', async () => {
    answer = (order) => (order === 1 ? 204 : 500);
    const terminals = ['stdout', 'stderr'] as const;
    for (const [env, hasColors] of [
      [{ NO_COLOR: '1' }, false],
      [{}, true],
    ] as const) {
      const listening = await start(['--exit-after', '2'], { env, terminals });
      posthorn.send({ id: 'msg_1', eventType: 'order.paid' }, { id: 'msg_2', eventType: 'order.sent' });
      const { stdout, stderr } = await listening.ended;
      expect(stdout.includes('\u001b[')).toBe(hasColors);
      if (hasColors) continue;
      expect(stdout).toMatch(/^\d\d:\d\d:\d\d {2}204 {2}order\.paid {2}msg_1 {2}\d+ ms\n/);
      expect(stdout).toMatch(/\d\d:\d\d:\d\d {2}500 {2}order\.sent {2}msg_2 {2}\d+ ms\n$/);
      expect(stderr).toMatch(/Signing secret: whsec_\S+\n/);
      await target.stop();
      target = await startServer((_, order) => answer(order));
    }
  });
});

describe('what listen prints', () => {
  it('has no control characters of others', async () => {
    const endpoint = { id: 'ep_1', url: 'https://example.com/', disabled: false, eventTypes: null, channels: null };
    const path = 'GET /app/acme/endpoint/ep_1';
    posthorn.answers.set(path, { body: endpoint });
    posthorn.answers.set(`${path}/headers`, { body: { headers: {}, sensitive: ['X-\u001b[2J'] } });
    posthorn.answers.set(`${path}/transformation`, { body: { code: null, enabled: false } });
    const env = { POSTHORN_SIGNING_SECRET: `whsec_${Buffer.alloc(24).toString('base64')}` };
    const listening = await start(['--endpoint', 'ep_1', '--exit-after', '1'], { env });
    posthorn.send({ id: 'msg_1', eventType: 'a\u001b]0;title' });
    const { stdout, stderr } = await listening.ended;
    expect(stdout).toContain('a\\x1b]0;title  msg_1');
    expect(stderr).toContain('X-\\x1b[2J');
    expect(stdout + stderr).not.toContain('\u001b');
  });

  it.each([[], ['--json']])('has no secret that the caller gave (%j)', async (...options) => {
    const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    const listening = await start(options, { env: { POSTHORN_SIGNING_SECRET: secret } });
    const { stderr } = await stopped(listening);
    expect(stderr).not.toContain(secret);
    expect(stderr).toMatch(/Signing with POSTHORN_SIGNING_SECRET|"secret":null,"secretOf":"environment"/);
  });

  it('has the target without its user name and password, as the position file', async () => {
    const url = target.url.replace('://', '://me:pass-word@');
    const listening = startCli(['listen', '--app', 'acme', '--forward-to', url, '--json'], { env: posthorn.env, home });
    await until('listen has begun', () => listening.stderr().includes('"listening"'));
    const { stderr } = await stopped(listening);
    const [{ listening: begin }] = lines(stderr);
    expect(begin.target).toBe(`${target.url}/`);
    expect(stderr + (await readFile(begin.positionFile, 'utf8'))).not.toContain('pass-word');
  });
});

describe('the end of a session', () => {
  it('comes when the time is over, also while the target is silent', async () => {
    answer = () => 'hang';
    const listening = await start(['--exit-after', '1', '--timeout', '1s', '--json']);
    posthorn.send({ id: 'msg_1' });
    const { code, stderr } = await listening.ended;
    expect(code).toBe(1);
    expect(lines(stderr).at(-1).error.message).toBe('Only 0 of 1 message came within 1 s');
  });

  it('is 1 if the target did not accept one of the messages, and those behind it were sent', async () => {
    answer = (order) => (order === 1 ? 500 : 200);
    const listening = await start(['--exit-after', '2', '--json']);
    posthorn.send({ id: 'msg_1' }, { id: 'msg_2' });
    const { code, stdout, stderr } = await listening.ended;
    expect(code).toBe(1);
    expect(lines(stdout)).toMatchObject([
      { id: 'msg_1', status: 500, error: 'the target answered 500' },
      { id: 'msg_2', status: 200, error: null },
    ]);
    expect(lines(stderr).at(-1)).toMatchObject({
      error: { code: 'not_accepted', message: 'The target did not accept 1 of 2 messages' },
    });
  });

  it('is 1 if the messages do not come in time', async () => {
    const ran = await runCliProcess(args('--exit-after', '2', '--timeout', '0.2s', '--json'), {
      env: posthorn.env,
      home,
    });
    expect({ ...ran, stderr: lines(ran.stderr).at(-1) }).toEqual({
      code: 1,
      stdout: '',
      stderr: {
        error: expect.objectContaining({ code: 'too_few_messages', message: expect.stringMatching(/0\.2 s$/) }),
      },
    });
  });
});

describe('listen is refused', () => {
  it.each([
    ['http://192.0.2.1/', '192.0.2.1 is not this machine'],
    ['http://0.0.0.0/', '0.0.0.0 is not this machine'],
    ['http://[::]/', ':: is not this machine'],
    ['http://3221225985/', '192.0.2.1 is not this machine'],
    ['http://0xc0.0.2.1/', '192.0.2.1 is not this machine'],
    ['http://[::ffff:192.0.2.1]/', '::ffff:c000:201 is not this machine'],
    ['localhost:3000', '--forward-to is not a valid URL'],
    ['ftp://user:pass@localhost/', '--forward-to is not a valid URL\n'],
  ])('for the target %s', async (url, problem) => {
    const ran = await runCli(['listen', '--app', 'acme', '--forward-to', url], { env: posthorn.env, home });
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(`error: ${problem}`) });
    expect(posthorn.requests).toEqual([]);
  });

  it.each([
    [['--resume', '--since', '1h'], '--resume and --since'],
    [['--timeout', '1'], '--timeout is for --exit-after only'],
    [['--insecure', '--allow-external'], '--insecure is for targets on this machine only'],
    [['--exit-after', 'x'], '--exit-after x: is no whole number'],
    [['--exit-after', '0'], '--exit-after 0: is not at least 1'],
    [['--exit-after', '1', '--timeout', '25d'], '--timeout 25d: is longer than 24 days'],
    [['--exit-after', '1', '--timeout', 'x'], '--timeout x: is not a valid duration'],
    [['--events', ' ,'], '--events names no event type'],
    [['--since', 'x'], '--since x: is no time'],
    [['--since', '99999999d'], '--since 99999999d: is too long'],
  ])('for %j', async (options, problem) => {
    const ran = await runCli(args(...options), { env: posthorn.env, home });
    expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(problem) });
  });

  it.each([
    [401, 4],
    [403, 4],
    [404, 1],
    [503, 3],
    [500, 1],
  ])('if the server answers the first poll with %d', async (status, code) => {
    posthorn.answers.set('GET /app/acme/poller', { status, body: { code: 'word', detail: 'Reason' } });
    const ran = await runCli(args('--json'), { env: posthorn.env, home });
    expect({ ...ran, stderr: JSON.parse(ran.stderr) }).toEqual({
      code,
      stdout: '',
      stderr: { error: expect.objectContaining({ message: expect.stringContaining('Reason') }) },
    });
  });

  it('if the server cannot be reached', async () => {
    const env = { ...posthorn.env, POSTHORN_URL: 'http://localhost:1' };
    expect(await runCliProcess(args(), { env, home })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('nothing listens there'),
    });
  });
});

describe('a session that is started again', () => {
  it('goes on behind the last message that was handed over, in the middle of a page too', async () => {
    const first = await start(['--exit-after', '1', '--json']);
    posthorn.send({ id: 'msg_1' }, { id: 'msg_2' }, { id: 'msg_3' });
    await first.ended;
    const second = await start(['--resume', '--exit-after', '2', '--json']);
    const { stdout, stderr } = await second.ended;
    expect(lines(stdout).map(({ id }) => id)).toEqual(['msg_2', 'msg_3']);
    expect(sentTo(target)).toEqual(['msg_1', 'msg_2', 'msg_3']);
    expect(lines(stderr)[0].listening.secret).toBe(lines(first.stderr())[0].listening.secret);
  });

  it('begins with new messages without --resume, and if there is nothing to resume', async () => {
    const first = await start(['--resume', '--exit-after', '1', '--json']);
    expect(lines(first.stderr())[0]).toMatchObject({ notice: { code: 'nothing_to_resume' } });
    posthorn.send({ id: 'msg_1' });
    await first.ended;
    posthorn.send({ id: 'msg_2' });
    const second = await start(['--exit-after', '1', '--json']);
    posthorn.send({ id: 'msg_3' });
    expect(lines((await second.ended).stdout).map(({ id }) => id)).toEqual(['msg_3']);
  });

  it('hands over again what the target had not answered when it was stopped', async () => {
    answer = (order) => (order === 1 ? 'hang' : 200);
    const first = await start();
    posthorn.send({ id: 'msg_1' }, { id: 'msg_2' });
    await until('the target has the message', () => target.requests.length === 1);
    expect(await stopped(first)).toMatchObject({ code: 130, stdout: '' });
    await (await start(['--resume', '--exit-after', '2'])).ended;
    expect(sentTo(target)).toEqual(['msg_1', 'msg_1', 'msg_2']);
  });

  it('begins with messages from before, by the clock of the server', async () => {
    posthorn.send(
      { id: 'msg_1', timestamp: '2026-01-31T11:59:59Z' },
      { id: 'msg_2', timestamp: '2026-01-31T12:00:10Z' },
    );
    // The server says that it is 12:00:30.
    const listening = await start(['--since', '30s', '--exit-after', '1', '--json']);
    expect(lines((await listening.ended).stdout)).toMatchObject([{ id: 'msg_2' }]);
  });
});

describe('--since', () => {
  it('finds messages from before the first poll, in order and byte for byte, and goes on with the log', async () => {
    const payload = '{ "total": 12345678901234567890, "a":1.0, "é":"\\u00e9" }';
    posthorn.sendBeforePolls(
      { id: 'msg_0', timestamp: '2026-01-31T11:00:00Z' },
      ...[1, 2, 3, 4, 5].map((n) => ({ id: `msg_${n}`, payload })),
    );
    const listening = await start(['--since', '10m', '--exit-after', '7', '--json']);
    posthorn.send({ id: 'msg_6' }, { id: 'msg_7' });
    expect((await listening.ended).code).toBe(0);
    expect(sentTo(target)).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => `msg_${n}`));
    expect(target.requests.slice(0, 5).map(({ body }) => body)).toEqual(Array(5).fill(payload));
  });

  it('sends once what comes while the list is read', async () => {
    posthorn.sendBeforePolls({ id: 'msg_1' }, { id: 'msg_2' }, { id: 'msg_3' });
    answer = (order) => {
      if (order === 1) posthorn.send({ id: 'msg_4' }, { id: 'msg_5' });
      return 204;
    };
    const listening = await start(['--since', '10m', '--exit-after', '6', '--json']);
    await until('all are sent', () => target.requests.length === 5);
    posthorn.send({ id: 'msg_6' });
    await listening.ended;
    expect(sentTo(target)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `msg_${n}`));
    expect(posthorn.requests.filter(({ url }) => url.includes('/msg?')).length).toBe(3);
  });

  it('goes on in the list in a later session', async () => {
    posthorn.sendBeforePolls(...[1, 2, 3, 4, 5].map((n) => ({ id: `msg_${n}` })));
    await (await start(['--since', '10m', '--exit-after', '3'])).ended;
    posthorn.send({ id: 'msg_6' });
    await (await start(['--resume', '--exit-after', '3'])).ended;
    expect(sentTo(target)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `msg_${n}`));
  });

  it('takes payloads that the list does not show from the log, and leaves out those that it cannot read', async () => {
    const [hidden, expired] = ['{}', '{"expired":true}'];
    posthorn.sendBeforePolls({ id: 'msg_1', payload: hidden }, { id: 'msg_2', payload: expired });
    posthorn.sendBeforePolls({ id: 'msg_3', payload: expired });
    posthorn.send({ id: 'msg_4', payload: '"a text"', listed: hidden }, { id: 'msg_5', payload: expired });
    const listening = await start(['--since', '10m', '--exit-after', '3', '--json']);
    await until('the older ones are sent', () => target.requests.length === 2);
    await until('the count is told', () => listening.stderr().includes('payloads_not_shown'));
    posthorn.send({ id: 'msg_6', payload: expired });
    const { stderr } = await listening.ended;
    expect(target.requests.map(({ body }) => body)).toEqual(['a text', expired, expired]);
    const notices = lines(stderr).flatMap(({ notice }) => notice ?? []);
    expect(notices.filter(({ code }) => code === 'payloads_not_shown')).toEqual([
      {
        code: 'payloads_not_shown',
        message: '3 older messages left out: the server does not show the payload (it is expired, or no JSON object)',
      },
    ]);
  });

  it('does not repeat in a later session what both the list and the log have', async () => {
    posthorn.sendBeforePolls({ id: 'msg_1' }, { id: 'msg_2' }, { id: 'msg_3' });
    answer = (order) => {
      if (order === 1) posthorn.send({ id: 'msg_4' }, { id: 'msg_5' });
      return 204;
    };
    await (await start(['--since', '10m', '--exit-after', '5'])).ended;
    const second = await start(['--resume', '--exit-after', '1']);
    posthorn.send({ id: 'msg_6' });
    await second.ended;
    expect(sentTo(target)).toEqual([1, 2, 3, 4, 5, 6].map((n) => `msg_${n}`));
  });
});

describe('a second session with the same names', () => {
  it('is refused while the first one runs', async () => {
    const first = await start();
    const second = await runCli(args('--json'), { env: posthorn.env, home });
    expect({ ...second, stderr: JSON.parse(second.stderr) }).toMatchObject({
      code: 1,
      stderr: { error: { code: 'already_listening' } },
    });
    await stopped(first);
    await stopped(await start());
  });
});

describe('a target that is down', () => {
  it('gets all messages in order once it is up, and nothing is printed for each try', async () => {
    const listening = await start(['--exit-after', '2', '--json']);
    const { port } = target;
    await target.stop();
    posthorn.send({ id: 'msg_1' }, { id: 'msg_2' });
    await until('it says that the target is down', () => listening.stderr().includes('target_waits'));
    target = await startServer(() => 200, undefined, port);
    const { code, stdout, stderr } = await listening.ended;
    expect(code).toBe(0);
    expect(lines(stdout)).toMatchObject([{ id: 'msg_1', tries: expect.any(Number) }, { id: 'msg_2' }]);
    expect(lines(stderr).map(({ notice }) => notice?.code)).toEqual([
      undefined,
      'target_waits',
      'target_back',
      'stopped',
    ]);
  });

  it('gets a message until it accepts it with --retry, and the others afterwards', async () => {
    answer = (order) => [500, 'close', 301, 200, 200][order - 1] as ServerAnswer;
    const listening = await start(['--retry', '--exit-after', '2', '--json']);
    posthorn.send({ id: 'msg_1' }, { id: 'msg_2' });
    const { code, stdout } = await listening.ended;
    expect(code).toBe(0);
    expect(lines(stdout)).toMatchObject([{ id: 'msg_1', tries: 4, status: 200 }, { id: 'msg_2' }]);
    expect(sentTo(target)).toEqual([...Array(4).fill('msg_1'), 'msg_2']);
  });

  it('may redirect, and nobody follows', async () => {
    answer = () => ({ status: 307, headers: { location: `${posthorn.url}/elsewhere` } });
    const listening = await start(['--exit-after', '1', '--json']);
    posthorn.send({ id: 'msg_1' });
    expect(await listening.ended).toMatchObject({ code: 1, stdout: expect.stringContaining('answered 307') });
    expect(posthorn.requests.filter(({ url }) => url.includes('elsewhere'))).toEqual([]);
  });
});

describe('a server that is lost', () => {
  it('is asked until it answers again, which is said once, and nothing is lost', async () => {
    const listening = await start(['--exit-after', '1', '--json']);
    let polls = 0;
    posthorn.answers.set('GET /app/acme/poller', () => {
      polls += 1;
      const failures: readonly ServerAnswer[] = ['close', 503, 500, { status: 429, headers: { 'retry-after': '1' } }];
      return failures[polls - 1];
    });
    posthorn.send({ id: 'msg_1' });
    const { code, stderr } = await listening.ended;
    expect(code).toBe(0);
    expect(sentTo(target)).toEqual(['msg_1']);
    expect(lines(stderr).map(({ notice }) => notice?.code)).toEqual([
      undefined,
      'server_lost',
      'server_back',
      'stopped',
    ]);
  });

  it.each([
    [401, 4],
    [422, 1],
  ])('ends the session if it refuses with %d', async (status, code) => {
    const listening = await start();
    posthorn.answers.set('GET /app/acme/poller', { status, body: { code: 'word', detail: 'Reason' } });
    expect(await listening.ended).toMatchObject({ code, stderr: expect.stringContaining('Reason') });
  });
});

describe('filters', () => {
  it('leave out other event types', async () => {
    const listening = await start(['--events', 'order.paid, order.sent', '--exit-after', '2', '--json']);
    posthorn.send(
      { id: 'msg_1', eventType: 'order.paid' },
      { id: 'msg_2', eventType: 'order.lost' },
      { id: 'msg_3', eventType: 'order.sent' },
    );
    expect(lines((await listening.ended).stdout).map(({ id }) => id)).toEqual(['msg_1', 'msg_3']);
  });

  it('are applied by the server if there is one type', async () => {
    const listening = await start(['--events', 'order.paid']);
    await stopped(listening);
    const polls = posthorn.requests.filter(({ url }) => url.includes('/poller/'));
    expect(polls.every(({ url }) => url.includes('event_type=order.paid'))).toBe(true);
  });
});

describe('in a terminal', () => {
  const terminals = ['stdin', 'stdout', 'stderr'] as const;
  const env = { NO_COLOR: '1' };

  it('r sends the last message again, p pauses, and q ends', async () => {
    const listening = await start([], { terminals, env });
    const { stdin, stdout, stderr } = listening;
    expect(stderr()).toContain('r resend last   p pause   q quit');
    stdin.write('r');
    await until('it says that there is nothing', () => stderr().includes('No message was sent yet'));
    posthorn.send({ id: 'msg_1' });
    await until('the message is sent', () => stdout().includes('msg_1'));
    stdin.write('r');
    await until('it is sent again', () => stdout().includes('sent again'));
    stdin.write('p');
    await until('it is paused', () => stderr().includes('Paused'));
    const polled = posthorn.requests.length;
    posthorn.send({ id: 'msg_2' });
    stdin.write('r');
    await until('a pause does not keep from sending again', () => target.requests.length === 3);
    expect(posthorn.requests.length - polled).toBeLessThanOrEqual(1);
    stdin.write('p');
    await until('it goes on', () => stdout().includes('msg_2'));
    stdin.write('q');
    expect((await listening.ended).code).toBe(0);
    expect(sentTo(target)).toEqual(['msg_1', 'msg_1', 'msg_1', 'msg_2']);
  });

  it('q before all messages came says that it was stopped', async () => {
    const listening = await start(['--exit-after', '2', '--timeout', '1h'], { terminals, env });
    listening.stdin.write('q');
    const { code, stderr } = await listening.ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining('Only 0 of 2 messages came before it was stopped')]);
  });

  it('q waits for the answer of the target, and a second one does not', async () => {
    answer = () => 'hang';
    const listening = await start([], { terminals, env });
    posthorn.send({ id: 'msg_1' });
    await until('the target has the message', () => target.requests.length === 1);
    listening.stdin.write('q\u0003');
    expect(await listening.ended).toMatchObject({ code: 130, stdout: '' });
  });

  it.each([
    ['\u0003', 130],
    ['\u0004', 0],
    ['q', 0],
  ])('%j ends with %d, after the message that is being sent', async (key, code) => {
    const listening = await start(['--json'], { terminals });
    answer = () => {
      listening.stdin.write(key);
      return 204;
    };
    posthorn.send({ id: 'msg_1' }, { id: 'msg_2' });
    const ran = await listening.ended;
    expect(ran.code).toBe(code);
    expect(lines(ran.stdout)).toMatchObject([{ id: 'msg_1' }]);
    expect(lines(ran.stderr).at(-1)).toMatchObject({ notice: { code: 'stopped' } });
  });

  it.each(['qq', '\u0003\u0003', 'q\u0003', '\u0004q'])('%j ends at once while stdout is not read', async (keys) => {
    const listening = await start(['--json'], { terminals, isUnread: true });
    posthorn.send({ id: 'msg_1' });
    await until('the message is sent', () => target.requests.length === 1);
    for (const key of keys) {
      listening.stdin.write(key);
      await new Promise(setImmediate);
    }
    expect(await listening.ended).toMatchObject({ code: 130, stdout: '' });
  });

  it('ends at once while the settings of the endpoint are read', async () => {
    const secret = `whsec_${Buffer.alloc(24).toString('base64')}`;
    const ofEndpoint = { id: 'ep_1', url: 'https://example.com/', disabled: false, eventTypes: null, channels: null };
    const path = 'GET /app/acme/endpoint/ep_1';
    posthorn.answers.set(path, { body: ofEndpoint });
    posthorn.answers.set(`${path}/headers`, { body: { headers: {}, sensitive: [] } });
    posthorn.answers.set(`${path}/transformation`, { body: { code: null, enabled: false } });
    const now = jest.spyOn(Date, 'now');
    try {
      const listening = await start(['--endpoint', 'ep_1'], { terminals, env: { POSTHORN_SIGNING_SECRET: secret } });
      posthorn.answers.set(path, 'hang');
      const asked = () => posthorn.requests.filter(({ url }) => url.endsWith('/ep_1')).length;
      // The settings are old. For the notice of sleep, no time has passed: it would end the read.
      const { timeOrigin } = performance;
      now.mockImplementation(() => {
        const isOfSettings = new Error('who asks').stack?.includes('current-settings');
        return Math.round(timeOrigin + performance.now()) + (isOfSettings ? 60_000 : 0);
      });
      posthorn.send({ id: 'msg_1' });
      await until('the settings are read again', () => asked() === 2);
      listening.stdin.write('\u0003');
      expect((await listening.ended).code).toBe(130);
    } finally {
      now.mockRestore();
    }
  });
});
