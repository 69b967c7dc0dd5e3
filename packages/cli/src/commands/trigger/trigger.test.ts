import { runCli, runCliProcess } from '../../testing/run-cli.ts';
import { apiOfEachTest, page } from '../../testing/start-api.ts';

const serving = apiOfEachTest();

const sent = {
  status: 202,
  body: { id: 'msg_1', eventType: 'order.paid', timestamp: '2026-01-01T00:00:00.000Z', payload: {} },
};
const eventType = (schemas: unknown) => ({ body: { name: 'order.paid', schemas } });
const trigger = ['trigger', 'order.paid', '--app', 'acme'];

describe('posthorn trigger', () => {
  it('sends an example of the newest schema', async () => {
    const schemas = { '1': { example: { v: 1 } }, '2': { examples: [{ v: 2 }, { v: 3 }] } };
    const { env, posts } = await serving({
      'GET /event-type/order.paid': eventType(schemas),
      'POST /app/acme/msg': sent,
    });
    const ran = await runCliProcess([...trigger, '--tag', 't'], { env });
    expect(ran).toEqual({ code: 0, stdout: 'msg_1\n', stderr: '' });
    await runCli([...trigger, '--example', '1'], { env });
    expect(posts().map(({ body }) => JSON.parse(body))).toEqual([
      { eventType: 'order.paid', payload: { v: 2 }, tags: ['t'] },
      { eventType: 'order.paid', payload: { v: 3 } },
    ]);
  });

  it('makes an example of a schema without one, and says so', async () => {
    const schemas = { '1': { required: ['total'], properties: { total: { type: 'integer', minimum: 3 } } } };
    const { env, posts } = await serving({
      'GET /event-type/order.paid': eventType(schemas),
      'POST /app/acme/msg': sent,
    });
    const ran = await runCli(trigger, { env });
    expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining('The schema of order.paid has no examples') });
    expect(JSON.parse(posts()[0]?.body ?? '').payload).toEqual({ total: 3 });
  });

  it('prints the payload with --dry-run, and sends nothing', async () => {
    const { env, posts } = await serving({ 'GET /event-type/order.paid': eventType({ '1': { example: { a: [1] } } }) });
    const ran = await runCli([...trigger, '--dry-run', '--json'], { env });
    expect(ran).toEqual({ code: 0, stdout: '{"a":[1]}\n', stderr: '' });
    const shown = await runCli([...trigger, '--dry-run'], { env });
    expect(shown.stdout).toBe('{\n  "a": [\n    1\n  ]\n}\n');
    expect(posts()).toEqual([]);
  });

  it('lets the server send its example to one endpoint, and waits for that one', async () => {
    const endpoint = { id: 'ep_1', url: 'http://one', disabled: false, eventTypes: ['other'], channels: null };
    const { env, posts } = await serving({
      'GET /app/acme/endpoint/billing': { body: endpoint },
      'POST /app/acme/endpoint/ep_1/send-example': sent,
      'GET /app/acme/msg/msg_1/endpoint': page([{ ...endpoint, statusText: 'success', nextAttempt: null }]),
      'GET /app/acme/attempt/msg/msg_1': page([{ endpointId: 'ep_1', responseStatusCode: 200 }]),
    });
    const ran = await runCli([...trigger, '--endpoint', 'billing', '--example', '2', '--wait', '--json'], { env });
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ran.stdout).endpoints).toMatchObject([{ endpointId: 'ep_1', outcome: 'delivered' }]);
    expect(posts().map(({ body }) => JSON.parse(body))).toEqual([{ eventType: 'order.paid', exampleIndex: 2 }]);
  });

  it.each([
    [{}, [], 'no_event_type', 'There is no event type order.paid'],
    [{ 'GET /event-type/order.paid': eventType(null) }, [], 'no_schema', 'has no schema'],
    [
      { 'GET /event-type/order.paid': eventType({ '1': { type: 'string' } }) },
      [],
      'payload_not_object',
      'is no JSON object',
    ],
    [
      { 'GET /event-type/order.paid': eventType({ '1': { example: {} } }) },
      ['--example', '1'],
      'no_example',
      '1 is too high',
    ],
    [{}, ['--endpoint', 'ep_9'], 'not_found', 'The application acme has no endpoint ep_9'],
  ])('fails with %j and %j', async (answers, options, code, problem) => {
    const { env } = await serving(answers);
    const ran = await runCli([...trigger, ...options, '--json'], { env });
    expect(ran).toMatchObject({ code: 1, stdout: '' });
    const { error } = JSON.parse(ran.stderr);
    expect(error).toMatchObject({ code, message: expect.stringContaining(problem), remedy: expect.any(String) });
  });

  it.each([
    [[...trigger, '--example', 'x'], '--example x: is no whole number'],
    [[...trigger, '--endpoint', 'ep_1', '--dry-run'], "cannot be used with option '--dry-run'"],
    [['trigger', 'order.paid'], "required option '--app <app>' not specified"],
  ])('refuses %j', async (args, problem) => {
    const { env } = await serving({});
    expect(await runCli(args, { env })).toMatchObject({ code: 2, stderr: expect.stringContaining(problem) });
  });
});
