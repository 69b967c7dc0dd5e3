import { runCli, runCliProcess } from '../testing/run-cli.ts';
import { apiOfEachTest, type RouteAnswer, startApi } from '../testing/start-api.ts';

const serving = apiOfEachTest();

const sent = { status: 202, body: { id: 'msg_1' } };
const unavailable = { status: 503, body: { code: 'unavailable', detail: 'Later' } };
const send = async (answer: RouteAnswer) => {
  const api = await serving({ 'POST /app/acme/msg': answer });
  const ran = await runCli(['send', 'a', '--app', 'acme', '--json'], { env: api.env });
  const keys = api.posts().map(({ headers }) => headers['idempotency-key']);
  return { ...ran, keys, error: ran.stderr === '' ? undefined : JSON.parse(ran.stderr).error };
};

describe('a request that must take effect once', () => {
  it.each([
    ['a lost answer', 'close'],
    ['a server that is not available', unavailable],
    ['a fault of the server', { status: 500, body: { code: 'internal_error', detail: 'Fault' } }],
    ['a rate limit', { status: 429, body: { code: 'rate_limited', detail: 'Too many' } }],
    ['a rate limit of a proxy', { status: 429, body: 'Slow down' }],
  ] as const)('is repeated under its key after %s', async (_, failure) => {
    const { code, keys } = await send((order) => (order === 1 ? failure : sent));
    expect([code, keys.length, new Set(keys).size]).toEqual([0, 2, 1]);
  });

  it('names its key when its effect stays unknown', async () => {
    const { code, keys, error } = await send(unavailable);
    expect([code, keys.length, new Set(keys).size]).toEqual([3, 4, 1]);
    expect(error).toMatchObject({ code: 'outcome_unknown', remedy: expect.stringContaining(String(keys[0])) });
  }, 20_000);

  it('shows the refusal of a repetition as it is', async () => {
    const conflict = { status: 409, body: { code: 'conflict', detail: 'In progress' } };
    const { code, error } = await send((order) => (order === 1 ? 'close' : conflict));
    expect([code, error.code]).toEqual([1, 'conflict']);
  });

  it('waits as long as the server asks', async () => {
    const times: number[] = [];
    const limited = { status: 429, headers: { 'retry-after': '2' } };
    const { code } = await send((order) => {
      times.push(performance.now());
      return order === 1 ? limited : sent;
    });
    expect(code).toBe(0);
    const [first = 0, second = 0] = times;
    // Timers can be a little early.
    expect(second - first).toBeGreaterThan(1_900);
  });

  it('is not repeated after a refusal', async () => {
    const { code, keys } = await send({ status: 422, body: { detail: [] } });
    expect([code, keys.length]).toEqual([1, 1]);
  });

  it('fails at once if nothing listens', async () => {
    const { env, stop } = await startApi({});
    await stop();
    const ran = await runCliProcess(['send', 'a', '--app', 'acme', '--json', '--verbose'], { env });
    const { length: tries } = ran.stderr.match(/^POST /gm) ?? [];
    expect(tries).toBe(1);
    expect(ran).toMatchObject({ code: 3, stderr: expect.stringContaining('"code":"connection_refused"') });
  });
});
