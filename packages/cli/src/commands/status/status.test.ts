import { runCli } from '../../testing/run-cli.ts';
import { apiOfEachTest, page } from '../../testing/start-api.ts';

const serving = apiOfEachTest();

const since = '2026-01-01T00:00:00.000Z';
const delivery = (msgId: string, endpointId: string, reason: string, nextAttemptAt: string | null = since) => ({
  ...{ msgId, endpointId, reason, since, nextAttemptAt },
});
const inState =
  (rows: Readonly<Record<string, readonly unknown[]>>) =>
  (_order: number, { url }: { readonly url: string }) =>
    page(rows[new URL(url, 'http://x').searchParams.get('state') ?? ''] ?? []);

const answers = {
  'GET /health': 204,
  'GET /app': page([{ id: 'app_1' }]),
  'GET /app/app_1/endpoint': page([
    { id: 'ep_1', url: 'https://one.example.com', disabled: false },
    { id: 'ep_2', url: 'https://two.example.com', disabled: true },
    { id: 'ep_3', url: 'https://three.example.com', disabled: false },
  ]),
  'GET /app/app_1/failing-endpoint': page([{ id: 'ep_1' }]),
  'GET /app/app_1/destination': page([{ id: 'ep_4', status: 'enabled', config: { url: 'https://four.example.com' } }]),
  'GET /app/app_1/endpoint/ep_1/delivery': inState({
    planned: [delivery('msg_2', 'ep_1', 'retry')],
    failed: [delivery('msg_0', 'ep_1', 'exhausted'), delivery('msg_00', 'ep_1', 'gone')],
  }),
  'GET /app/app_1/endpoint/ep_2/delivery': inState({}),
  'GET /app/app_1/endpoint/ep_3/delivery': inState({ planned: [delivery('msg_3', 'ep_3', 'scheduled')] }),
  'GET /app/app_1/endpoint/ep_4/delivery': inState({ parked: [delivery('msg_1', 'ep_4', 'blocked', null)] }),
} as const;

describe('posthorn status', () => {
  it('says what fails and what waits, for people', async () => {
    const api = await serving(answers);
    expect(await runCli(['status'], { env: api.env })).toEqual({
      code: 0,
      stderr: '',
      stdout: `${api.url} accepts messages.
4 endpoints: 2 failing, 1 disabled, 2 dead letters
Oldest that waits: msg_1 for ep_4 (blocked), since ${since}, no attempt is planned
  app_1  ep_1  failing, 2 dead letters  https://one.example.com
  app_1  ep_2  disabled  https://two.example.com
  app_1  ep_4  failing  https://four.example.com
`,
    });
  });

  it('says the same as JSON, and reads one application if it is named', async () => {
    const api = await serving(answers);
    const { stdout } = await runCli(['status', '--app', 'app_1', '--json'], { env: api.env });
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ server: api.url, healthy: true, endpoints: 4, failing: 2, disabled: 1, deadLetters: 2, complete: true },
      oldestWaiting: { msgId: 'msg_1' },
      troubled: [{ endpointId: 'ep_1' }, { endpointId: 'ep_2' }, { endpointId: 'ep_4' }],
    });
    expect(api.requests.filter(({ url }) => /\/app(\?|$)/.test(url))).toEqual([]);
  });

  it('finds what fails and what is due behind a message for next month', async () => {
    const later = '2999-01-01T00:00:00.000Z';
    const planned = [
      ...[delivery('msg_1', 'ep_1', 'scheduled', later), delivery('msg_2', 'ep_1', 'retry', later)],
      delivery('msg_3', 'ep_1', 'scheduled'),
    ];
    const api = await serving({
      'GET /health': 204,
      'GET /app/app_1/endpoint': page([{ id: 'ep_1', url: 'https://one.example.com', disabled: false }]),
      'GET /app/app_1/destination': page([]),
      'GET /app/app_1/failing-endpoint': page([{ id: 'ep_1' }]),
      'GET /app/app_1/endpoint/ep_1/delivery': (_order, { url }) => {
        const { searchParams } = new URL(url, 'http://x');
        if (searchParams.get('state') !== 'planned') return page([]);
        const [from, rows] = [Number(searchParams.get('iterator') ?? 0), Number(searchParams.get('limit'))];
        const data = planned.slice(from, from + Math.min(rows, 2));
        return { body: { data, iterator: String(from + data.length), done: from + data.length >= planned.length } };
      },
    });
    const { stdout } = await runCli(['status', '--app', 'app_1', '--json'], { env: api.env });
    expect(JSON.parse(stdout)).toMatchObject({ failing: 1, oldestWaiting: { msgId: 'msg_3' } });
  });

  it('says that there are more dead letters than it has counted', async () => {
    const failed = Array.from({ length: 100 }, (_, n) => delivery(`msg_${n}`, 'ep_1', 'exhausted', null));
    const api = await serving({
      'GET /health': 204,
      'GET /app/app_1/endpoint': page([{ id: 'ep_1', url: 'https://one.example.com', disabled: false }]),
      'GET /app/app_1/destination': page([]),
      'GET /app/app_1/failing-endpoint': page([]),
      'GET /app/app_1/endpoint/ep_1/delivery': (_order, { url }) =>
        url.includes('state=failed') ? { body: { data: failed, iterator: 'msg_99', done: false } } : page([]),
    });
    const args = ['status', '--app', 'app_1'];
    expect((await runCli(args, { env: api.env })).stdout).toContain('app_1  ep_1  100+ dead letters  https://one');
    const { stdout } = await runCli([...args, '--json'], { env: api.env });
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ deadLetters: 100, moreDeadLetters: true },
      troubled: [{ deadLetters: 100, moreDeadLetters: true }],
    });
  });

  it('says that there is more than it has looked at', async () => {
    const first = { body: { data: [], iterator: 'app_1', done: false } };
    const api = await serving({ 'GET /health': 204, 'GET /app': first });
    const { stdout } = await runCli(['status'], { env: api.env });
    expect(stdout).toContain('Nothing is overdue.\nThere is more than was looked at');
  });

  it('ends with 3 if the server accepts no messages, with its reason', async () => {
    const body = { code: 'unavailable', detail: 'The store is read-only' };
    const api = await serving({ 'GET /health': { status: 503, body } });
    const ran = await runCli(['status', '--json'], { env: api.env });
    expect(ran).toMatchObject({ code: 3, stderr: expect.stringContaining('"code":"unhealthy"') });
    expect(JSON.parse(ran.stdout)).toEqual({ server: api.url, healthy: false, reason: 'The store is read-only' });
  });

  it('ends with 1 for an application that is not there', async () => {
    const api = await serving({ 'GET /health': 204 });
    expect(await runCli(['status', '--app', 'app_9'], { env: api.env })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('404: Not found'),
    });
  });
});
