import { runCli, startCli } from '../../testing/run-cli.ts';
import { type ReceivedRequest, type ServerAnswer, startServer, type TestServer } from '../../testing/start-server.ts';
import { until } from '../../testing/until.ts';

const date = 'Sat, 31 Jan 2026 12:00:30 GMT';
const attempt = (id: string, more: object = {}) => ({
  ...{
    id,
    endpointId: 'ep_1',
    msgId: `msg_${id}`,
    url: 'https://example.com/',
    response: '{}',
    responseStatusCode: 200,
  },
  ...{ responseDurationMs: 12, status: 0, statusText: 'success', triggerType: 0, msg: { eventType: 'order.paid' } },
  ...{ timestamp: '2026-01-31T12:00:31.000Z', ...more },
});

let answers: Record<string, ServerAnswer | (() => ServerAnswer)>;
let server: TestServer;
let env: Record<string, string>;
beforeEach(async () => {
  const list = (...ids: readonly string[]) => ({
    body: { data: ids.map((id) => ({ id })), iterator: null, done: true },
  });
  answers = {
    '/app/acme': { body: {}, headers: { date } },
    '/app/acme/endpoint': list('ep_1'),
    '/app/acme/destination': list(),
  };
  server = await startServer(({ url }: ReceivedRequest) => {
    const { pathname } = new URL(url, 'http://localhost');
    const answer = answers[pathname.replace('/api/v1', '')] ?? {
      status: 404,
      body: { code: 'not_found', detail: 'No' },
    };
    return typeof answer === 'function' ? answer() : answer;
  });
  env = { POSTHORN_URL: server.url, POSTHORN_TOKEN: 'token-of-a-test', NO_COLOR: '1' };
});
afterEach(() => server.stop());

const page = (...rows: readonly object[]): ServerAnswer => ({
  body: { data: rows, iterator: null, done: true },
  headers: { date },
});
const attemptsPath = '/app/acme/attempt/endpoint/ep_1';

/** Runs until so many lines are printed. */
async function tailUntil(count: number, ...options: readonly string[]) {
  const tailing = startCli(['tail', '--app', 'acme', ...options], { env });
  const printed = () => tailing.stdout().split('\n').slice(0, -1);
  await until('the lines are printed', () => printed().length >= count);
  tailing.stop('interrupted');
  expect((await tailing.ended).code).toBe(130);
  return { lines: printed(), stderr: tailing.stderr() };
}

describe('posthorn tail', () => {
  it('prints each attempt once, with --json a line for each', async () => {
    let reads = 0;
    const failed = attempt('2', { statusText: 'fail', responseStatusCode: 0, triggerType: 1, msg: null });
    answers[attemptsPath] = () => {
      reads += 1;
      return reads === 1 ? page(attempt('1')) : page(attempt('1'), failed);
    };
    const { lines, stderr } = await tailUntil(2, '--json');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        ...{ timestamp: '2026-01-31T12:00:31.000Z', id: '1', endpointId: 'ep_1', msgId: 'msg_1', type: 'order.paid' },
        ...{ status: 'success', code: 200, ms: 12, trigger: 'scheduled', url: 'https://example.com/' },
      },
      expect.objectContaining({ id: '2', type: null, status: 'fail', code: 0, trigger: 'manual' }),
    ]);
    expect(JSON.parse(stderr)).toMatchObject({ notice: { code: 'tailing' } });
    const asked = server.requests.find(({ url }) => url.includes(attemptsPath))?.url;
    expect(asked).toContain('after=2026-01-31T12%3A00%3A30.000Z');
  });

  it('prints lines for people', async () => {
    answers[attemptsPath] = page(attempt('1'));
    const { lines } = await tailUntil(1);
    expect(lines[0]).toMatch(
      /^\d\d:\d\d:\d\d {2}200 {2}order\.paid {2}msg_1 {2}ep_1 {2}12 ms {2}https:\/\/example\.com\/$/,
    );
  });

  it('never lets others act on the terminal', async () => {
    answers[attemptsPath] = page(attempt('1', { url: 'https://example.com/\u001b[2J', msg: { eventType: 'a\u0007' } }));
    const { lines } = await tailUntil(1);
    expect(lines[0]).toMatch(/a\\x07 .*example\.com\/\\x1b\[2J$/);
  });

  it('asks for what the filters say', async () => {
    answers['/app/acme/endpoint/uid-1'] = { body: { id: 'ep_1', eventTypes: null, channels: null } };
    answers[attemptsPath] = page(attempt('1'));
    await tailUntil(1, '--endpoint', 'uid-1', '--status', 'fail', '--code', '5xx', '--events', 'a,b', '--since', '30s');
    const query = new URL(server.requests.find(({ url }) => url.includes(attemptsPath))?.url ?? '', server.url)
      .searchParams;
    expect([query.get('status'), query.get('status_code_class'), query.getAll('event_types')]).toEqual([
      '2',
      '500',
      ['a', 'b'],
    ]);
    expect(query.get('after')).toBe('2026-01-31T12:00:00.000Z');
  });

  it('says once that the server is lost, and goes on', async () => {
    let reads = 0;
    answers[attemptsPath] = () => {
      reads += 1;
      return reads <= 2 ? 503 : page(attempt('1'));
    };
    const { stderr } = await tailUntil(1, '--json');
    const codes = stderr
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).notice.code);
    expect(codes.slice(0, 2)).toEqual(['tailing', 'server_lost']);
    expect(codes.filter((code) => code === 'server_lost')).toHaveLength(1);
  });

  it.each([
    [['--status', 'lost'], 2, '--status lost: is not known'],
    [['--code', '700'], 2, '--code 700: is not known'],
    [['--since', 'x'], 2, '--since x: is no time'],
    [['--endpoint', 'ep_2'], 1, 'ep_2'],
  ])('refuses %j with %d', async (options, code, problem) => {
    const ran = await runCli(['tail', '--app', 'acme', ...options], { env });
    expect(ran).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(problem) });
  });

  it.each([
    [401, 4],
    [503, 3],
  ])('ends if the server answers %d at the start', async (status, code) => {
    answers['/app/acme'] = { status };
    expect(await runCli(['tail', '--app', 'acme', '--json'], { env })).toMatchObject({ code, stdout: '' });
  });
});
