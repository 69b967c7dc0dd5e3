import { runCli, runCliProcess, startCli } from '../../testing/run-cli.ts';
import { apiOfEachTest, page } from '../../testing/start-api.ts';

const serving = apiOfEachTest();

const endpoint = { id: 'ep_1', url: 'http://one', disabled: false, eventTypes: null, channels: null };
const known = { 'GET /app/acme/endpoint/billing': { body: endpoint } };
const running = { id: 'qtask_1', task: 'endpoint.recover', status: 'running', updatedAt: '2026-01-01T00:00:00.000Z' };
const task = (status: string, messagesSent: number, more = {}) => ({
  body: { ...running, status, data: { messagesSent, messagesSkipped: 1, reached: null, ...more } },
});
const filter = ['replay', '--app', 'acme', '--endpoint', 'billing', '--since', '2026-01-01'];

describe('posthorn replay of messages', () => {
  const standings = (...ids: readonly string[]) =>
    page(
      ids.map((id) => ({ id, url: `http://${id}`, disabled: id === 'ep_off', statusText: 'fail', nextAttempt: null })),
    );
  const messages = {
    'GET /app/acme/msg/msg_1/endpoint': standings('ep_1', 'ep_off'),
    'GET /app/acme/msg/msg_2/endpoint': standings('ep_1', 'ep_2'),
  };
  const accepted = { status: 202, body: {} };
  const resends = {
    'POST /app/acme/msg/msg_1/endpoint/ep_1/resend': accepted,
    'POST /app/acme/msg/msg_2/endpoint/ep_1/resend': accepted,
    'POST /app/acme/msg/msg_2/endpoint/ep_2/resend': {
      status: 400,
      body: { code: 'missing_payload', detail: 'No payload' },
    },
  };

  it('sends each to the endpoints that it was sent to, and says which failed', async () => {
    const { env } = await serving({ ...messages, ...resends });
    const ran = await runCli(['replay', '-', '--app', 'acme', '--yes', '--json'], {
      env,
      stdin: 'msg_1\nmsg_2\nmsg_1\n',
    });
    expect(ran.code).toBe(1);
    const { resent, failed, skipped } = JSON.parse(ran.stdout);
    expect(new Set(resent)).toEqual(
      new Set([
        { msgId: 'msg_1', endpointId: 'ep_1' },
        { msgId: 'msg_2', endpointId: 'ep_1' },
      ]),
    );
    expect(failed).toMatchObject([{ msgId: 'msg_2', endpointId: 'ep_2', error: { code: 'missing_payload' } }]);
    expect(skipped).toEqual([{ msgId: 'msg_1', endpointId: 'ep_off' }]);
    expect(JSON.parse(ran.stderr)).toMatchObject({
      error: { code: 'resend_failed', message: '1 of 3 requests failed' },
    });
  });

  it('sends to one endpoint if it is named', async () => {
    const { env, posts } = await serving({ ...known, ...resends });
    const ran = await runCliProcess(['replay', 'msg_1', '--app', 'acme', '--endpoint', 'billing', '--yes'], { env });
    expect(ran).toEqual({ code: 0, stdout: '1 of 1 request accepted\n', stderr: '' });
    expect(posts()[0]?.headers).toMatchObject({ 'idempotency-key': expect.stringMatching(/^cli-/) });
  });

  it('only counts with --dry-run', async () => {
    const { env, posts } = await serving(messages);
    const ran = await runCli(['replay', 'msg_1', 'msg_2', '--app', 'acme', '--dry-run'], { env });
    expect(ran.stdout).toBe('2 messages to 2 endpoints: 3 requests (1 left out: the endpoint is disabled)\n');
    expect(posts()).toEqual([]);
  });

  it('asks a person, and does nothing if the answer is no', async () => {
    const { env, posts } = await serving(messages);
    const started = startCli(['replay', 'msg_1', '--app', 'acme'], { env, terminals: ['stdin', 'stderr'] });
    started.stdin.write('n\r');
    expect(await started.ended).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('1 message to 1 endpoint: 1 request'),
    });
    expect(posts()).toEqual([]);
  });

  const many = Array.from({ length: 20 }, (_, n) => `msg_${n + 1}`);
  const toBilling = ['replay', ...many, '--app', 'acme', '--endpoint', 'billing', '--yes'];
  const resendOf = (id: string) => `POST /app/acme/msg/${id}/endpoint/ep_1/resend`;

  it('prints what was accepted and what was not tried if the server refuses the token', async () => {
    const refused = { status: 403, body: { code: 'forbidden', detail: 'No' } };
    const { env } = await serving({
      ...known,
      ...Object.fromEntries(many.map((id) => [resendOf(id), id === 'msg_1' ? accepted : refused])),
    });
    const ran = await runCli([...toBilling, '--json', '--idempotency-key', 'k1'], { env });
    expect(ran.code).toBe(4);
    const { resent, failed, notTried, idempotencyKey } = JSON.parse(ran.stdout);
    expect(resent).toEqual([{ msgId: 'msg_1', endpointId: 'ep_1' }]);
    expect(failed).toContainEqual({
      ...{ msgId: 'msg_2', endpointId: 'ep_1' },
      error: { code: 'forbidden', message: expect.stringContaining('403') },
    });
    expect(notTried).toContainEqual({ msgId: 'msg_20', endpointId: 'ep_1' });
    expect(resent.length + failed.length + notTried.length).toBe(20);
    expect(idempotencyKey).toBe('k1');
    expect(JSON.parse(ran.stderr).error.remedy).toContain('--idempotency-key k1: what was accepted is not sent again');
  });

  it('uses the same key for a message and an endpoint when it is repeated', async () => {
    const { env, posts } = await serving({ ...messages, ...resends });
    const args = ['replay', 'msg_1', 'msg_2', '--app', 'acme', '--yes', '--idempotency-key', 'k1'];
    const keys = async () => {
      const before = posts().length;
      await runCli(args, { env });
      const made = posts().slice(before);
      return new Map(made.map(({ url, headers }) => [url, headers['idempotency-key']]));
    };
    const first = await keys();
    expect(new Set(first.values()).size).toBe(3);
    expect(await keys()).toEqual(first);
  });

  it('prints the ids that are left when it is interrupted, as replay - takes them', async () => {
    const { env, requests } = await serving({
      ...known,
      ...Object.fromEntries(many.map((id) => [resendOf(id), id === 'msg_1' ? accepted : 'hang'])),
    });
    const started = startCli([...toBilling, '--idempotency-key', 'k1'], { env });
    // The ninth is begun when the first was accepted: eight are under way at a time.
    const isAccepted = () => requests.some(({ url }) => url.includes('/msg_9/'));
    while (!isAccepted()) await new Promise((resolve) => setTimeout(resolve, 10));
    started.stop('interrupted');
    const { code, stdout, stderr } = await started.ended;
    expect(code).toBe(130);
    expect(stdout).toBe(`${many.slice(1).join('\n')}\n`);
    expect(stderr).toContain('posthorn replay - --app acme --endpoint billing --idempotency-key k1');
  });

  it('names a message that does not exist', async () => {
    const { env } = await serving({});
    const ran = await runCli(['replay', 'msg_9', '--app', 'acme', '--yes'], { env });
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('msg_9') });
  });
});

describe('posthorn replay by filters', () => {
  const rows = (count: number, more = {}) => Array.from({ length: count }, (_, n) => ({ id: `msg_${n}`, ...more }));

  it('counts what failed, and follows the task to its end', async () => {
    const { env, posts, requests } = await serving({
      ...known,
      'GET /app/acme/endpoint/ep_1/delivery': (_, { url }) => page(rows(url.includes('state=failed') ? 3 : 2)),
      'POST /app/acme/endpoint/ep_1/recover': { status: 202, body: running },
      'GET /background-task/qtask_1': (order) => (order < 3 ? task('running', order) : task('finished', 5)),
    });
    const ran = await runCliProcess([...filter, '--failed', '--yes'], { env });
    expect(ran).toEqual({
      code: 0,
      stdout: 'finished: 5 messages sent, 1 skipped\n',
      stderr: ['The task qtask_1 was begun', '1 message sent, 1 skipped', '2 messages sent, 1 skipped', ''].join('\n'),
    });
    expect(posts().map(({ body }) => JSON.parse(body))).toEqual([{ since: '2026-01-01T00:00:00.000Z' }]);
    expect(requests.some(({ url }) => url.includes('after=2026-01-01T00%3A00%3A00.000Z'))).toBe(true);
    const shown = await runCli([...filter, '--failed', '--dry-run'], { env });
    expect(shown.stdout).toBe('5 messages, failed or canceled at ep_1 (http://one)\n');
  });

  it('counts what was sent without what has a planned attempt, and passes all filters on', async () => {
    const { env, posts, requests } = await serving({
      ...known,
      'GET /app/acme/endpoint/ep_1/msg': page([
        ...rows(4, { statusText: 'success' }),
        ...rows(2, { statusText: 'sending' }),
      ]),
      'POST /app/acme/endpoint/ep_1/bulk-replay': { status: 202, body: running },
    });
    const filters = ['--type', 'a', '--type', 'b', '--channel', 'c', '--tag', 't', '--status-class', '5xx'];
    const args = [...filter, ...filters, '--until', '2026-01-02', '--json'];
    const shown = await runCli([...args, '--dry-run'], { env });
    expect(JSON.parse(shown.stdout)).toEqual({
      dryRun: true,
      operation: 'bulk-replay',
      endpointId: 'ep_1',
      since: '2026-01-01T00:00:00.000Z',
      until: '2026-01-02T00:00:00.000Z',
      eventTypes: ['a', 'b'],
      channel: 'c',
      tag: 't',
      statusCodeClass: 500,
      messages: 4,
      accuracy: 'at-most',
    });
    const ran = await runCli([...args, '--yes', '--no-wait', '--idempotency-key', 'k1'], { env });
    expect(JSON.parse(ran.stdout)).toMatchObject({ messages: 4, task: 'qtask_1' });
    expect(JSON.parse(posts()[0]?.body ?? '')).toEqual({
      since: '2026-01-01T00:00:00.000Z',
      until: '2026-01-02T00:00:00.000Z',
      eventTypes: ['a', 'b'],
      channel: 'c',
      tag: 't',
      statusCodeClass: 500,
    });
    expect(posts()[0]?.headers).toMatchObject({ 'idempotency-key': 'k1' });
    const query = new URL(`http://x${requests.find(({ url }) => url.includes('/ep_1/msg'))?.url}`).searchParams;
    expect(query.getAll('event_types')).toEqual(['a', 'b']);
  });

  it('counts what was never sent, by the filters of the endpoint', async () => {
    const { env } = await serving({
      'GET /app/acme/endpoint/billing': { body: { ...endpoint, eventTypes: ['a'] } },
      'GET /app/acme/endpoint/ep_1/msg': page(rows(2, { statusText: 'success' })),
      'GET /app/acme/msg': page([
        ...rows(5, { eventType: 'a', channels: null }),
        { id: 'msg_x', eventType: 'b', channels: null },
      ]),
    });
    const ran = await runCli([...filter, '--missing', '--dry-run', '--json'], { env });
    expect(JSON.parse(ran.stdout)).toMatchObject({ operation: 'replay-missing', messages: 3, accuracy: 'about' });
  });

  it('stops counting at ten thousand', async () => {
    const { env } = await serving({
      ...known,
      'GET /app/acme/endpoint/ep_1/msg': (order) => ({
        body: { data: rows(250, { statusText: 'success' }), iterator: `i${order}`, done: false },
      }),
    });
    const ran = await runCli([...filter, '--status', 'success', '--dry-run'], { env });
    expect(ran.stdout).toBe('at least 10000 messages, already sent to ep_1 (http://one)\n');
  });

  const lists = (list: string, pages: number, row: (order: number) => object) => ({
    [list]: (order: number) => ({
      body: {
        data: rows(250, {}).map((one) => ({ ...one, ...row(order) })),
        iterator: `i${order}`,
        done: order >= pages,
      },
    }),
  });
  const begun = (operation: string) => ({
    [`POST /app/acme/endpoint/ep_1/${operation}`]: { status: 202, body: running },
  });

  it('begins a task if only messages behind the first ten thousand may be missing', async () => {
    const { env, posts } = await serving({
      'GET /app/acme/endpoint/billing': { body: { ...endpoint, eventTypes: ['a'] } },
      'GET /app/acme/endpoint/ep_1/msg': page([]),
      ...lists('GET /app/acme/msg', 42, (order) => ({ eventType: order <= 40 ? 'b' : 'a', channels: null })),
      ...begun('replay-missing'),
    });
    const ran = await runCli([...filter, '--missing', '--yes', '--no-wait', '--json'], { env });
    expect(JSON.parse(ran.stdout)).toMatchObject({ messages: 0, accuracy: 'at-least', task: 'qtask_1' });
    expect(posts()).toHaveLength(1);
  });

  it('does not say how many are missing if more than ten thousand were sent', async () => {
    const { env } = await serving({
      ...known,
      ...lists('GET /app/acme/endpoint/ep_1/msg', 41, () => ({ statusText: 'success' })),
      'GET /app/acme/msg': page(rows(10, { eventType: 'a', channels: null })),
    });
    const shown = await runCli([...filter, '--missing', '--dry-run'], { env });
    expect(shown.stdout).toBe('an unknown number of messages (too many to count), never sent to ep_1 (http://one)\n');
  });

  it('begins a task if the first ten thousand have a planned attempt', async () => {
    const { env, posts } = await serving({
      ...known,
      ...lists('GET /app/acme/endpoint/ep_1/msg', 41, (order) => ({ statusText: order <= 40 ? 'pending' : 'fail' })),
      ...begun('bulk-replay'),
    });
    await runCli([...filter, '--yes', '--no-wait'], { env });
    expect(posts()).toHaveLength(1);
  });

  it('begins no task for nothing', async () => {
    const { env, posts } = await serving({ ...known, 'GET /app/acme/endpoint/ep_1/delivery': page([]) });
    const ran = await runCli([...filter, '--failed'], { env });
    expect(ran).toEqual({ code: 0, stdout: '0 messages, failed or canceled at ep_1 (http://one)\n', stderr: '' });
    expect(posts()).toEqual([]);
  });

  it('asks before it begins, and refuses to begin without a terminal', async () => {
    const { env, posts } = await serving({ ...known, 'GET /app/acme/endpoint/ep_1/delivery': page(rows(2)) });
    const ran = await runCli([...filter, '--failed'], { env });
    expect(ran).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('4 messages, failed or canceled'),
    });
    expect(ran.stderr).toContain('Add --yes');
    expect(posts()).toEqual([]);
  });

  it('fails with the task, and shows it', async () => {
    const failed = task('failed', 3, { error: 'the endpoint was disabled' });
    const { env } = await serving({ 'GET /background-task/qtask_1': failed });
    const ran = await runCli(['replay', '--task', 'qtask_1', '--json'], { env });
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.stdout)).toEqual(failed.body);
    expect(JSON.parse(ran.stderr)).toMatchObject({
      error: { code: 'task_failed', message: expect.stringContaining('the endpoint was disabled') },
    });
  });

  it('says that the task goes on when it is interrupted, and how to follow it', async () => {
    const { env, requests } = await serving({ 'GET /background-task/qtask_1': task('running', 1) });
    const started = startCli(['replay', '--task', 'qtask_1', '--json'], { env });
    while (requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    started.stop('interrupted');
    const { code, stderr } = await started.ended;
    expect(code).toBe(130);
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'interrupted',
        message: 'The task qtask_1 goes on at the server',
        remedy: 'Follow it: posthorn replay --task qtask_1',
      },
    });
  });

  it('refuses a disabled endpoint', async () => {
    const { env } = await serving({ 'GET /app/acme/endpoint/billing': { body: { ...endpoint, disabled: true } } });
    expect(await runCli([...filter, '--failed'], { env })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('The endpoint ep_1 is disabled'),
    });
  });

  it.each([
    [['replay'], '--app is missing'],
    [['replay', '--app', 'acme'], '--endpoint is missing'],
    [['replay', '--app', 'acme', '--endpoint', 'e'], '--since is missing'],
    [[...filter, '--since', 'x'], '--since x: is no time'],
    [[...filter, '--until', '100000d'], 'is not after --since'],
    [[...filter, '--status', 'good'], "'good' is invalid"],
    [[...filter, '--failed', '--missing'], 'cannot be used with option'],
    [[...filter, '--failed', '--status-class', '5xx'], '--status-class is neither for --failed nor for --missing'],
    [['replay', 'msg_1', '--app', 'acme', '--failed'], '--failed is for a replay without messages'],
    [['replay', 'msg_1', '--app', 'acme', '--no-wait'], '--no-wait is for a replay without messages'],
    [['replay', '--task', 'qtask_1', '--dry-run'], '--dry-run is not for --task'],
    [['replay', '--task', 'qtask_1', '--yes'], '--yes is not for --task'],
    [['replay', '--task', 'qtask_1', '--no-wait'], '--no-wait is not for --task'],
    [['replay', '--task', 'qtask_1', '--status-class', '5xx'], '--status-class is not for --task'],
    [['replay', 'msg_1', '--task', 'qtask_1'], 'Messages are not for --task'],
    [['replay', '-', '--app', 'acme'], 'There is no id of a message on stdin'],
  ])('refuses %j', async (args, problem) => {
    const { env } = await serving({});
    expect(await runCli(args, { env })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(problem),
    });
  });
});
