import { type RunOptions, runCliProcess } from '@posthorn/cli/testing/run-cli';
import { createSigningKeyPair } from '@posthorn/core/signing/secret';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { Webhook } from 'standardwebhooks';
import { Svix } from 'svix';
import { until } from './fixtures/until.ts';

const minute = 60_000;

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
beforeAll(async () => {
  [system, receiver] = await Promise.all([launchSystem({ POSTHORN_RETRY_SCHEDULE: '0,0' }), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url });
}, 3 * minute);
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
}, minute);

/** Runs a command with `--json` as a process, and returns what it printed. */
async function posthorn(args: readonly string[], options: RunOptions = {}) {
  const env = { POSTHORN_URL: system.url, POSTHORN_TOKEN: system.token, ...options.env };
  const { code, stdout, stderr } = await runCliProcess([...args, '--json'], { ...options, env });
  const read = (text: string) => (text === '' ? undefined : JSON.parse(text));
  return { code, stdout: read(stdout), stderr: read(stderr) };
}

/** An application with an endpoint for each path. */
async function anApplication(...paths: readonly string[]) {
  const { id: app } = await svix.application.create({ name: 'Shop' });
  const create = (path: string) => svix.endpoint.create(app, { url: `${receiver.url}${path}` });
  return { app, endpoints: await Promise.all(paths.map(create)) };
}

describe('posthorn send --wait', () => {
  it(
    'delivers the bytes, and fails because one of two endpoints did not accept them',
    async () => {
      const { app, endpoints } = await anApplication('/good', '/bad');
      const [good, bad] = endpoints;
      receiver.respond('/bad', () => ({ status: 500 }));
      const payload = '{ "n": 12345678901234567890,\n  "n": 1.0 }';
      const args = ['send', 'order.paid', '-', '--app', app, '--event-id', 'e-1', '--wait', '--timeout', '2m'];
      const { code, stdout, stderr } = await posthorn(args, { stdin: payload });
      expect(code).toBe(1);
      expect(stderr).toMatchObject({ error: { code: 'not_delivered' } });
      expect(new Map(stdout.endpoints.map((one: { endpointId: string }) => [one.endpointId, one]))).toEqual(
        new Map([
          [good?.id, expect.objectContaining({ outcome: 'delivered', attempts: 1, lastStatus: 200 })],
          [bad?.id, expect.objectContaining({ outcome: 'failed', attempts: 3, lastStatus: 500 })],
        ]),
      );
      expect(receiver.requestsTo('/good').map(({ body }) => body)).toEqual([payload]);
      expect(await svix.message.get(app, 'e-1')).toMatchObject({ id: stdout.id, eventType: 'order.paid' });
    },
    3 * minute,
  );

  it(
    'ends when the message blocks its group at a destination',
    async () => {
      const { app } = await anApplication();
      receiver.respond('/fifo', () => ({ status: 500 }));
      await svix.destination.create(app, { type: 'fifoEndpoint', config: { url: `${receiver.url}/fifo` } });
      const { code, stdout } = await posthorn(['send', 'a', '{}', '--app', app, '--wait', '--timeout', '2m']);
      expect([code, stdout.endpoints]).toMatchObject([1, [{ outcome: 'blocked', lastStatus: 500 }]]);
    },
    3 * minute,
  );
});

describe('posthorn trigger', () => {
  it(
    'sends an example that fits the enforced schema, where send is refused',
    async () => {
      const { app, endpoints } = await anApplication('/triggered', '/only');
      const [first, second] = endpoints;
      const total = { type: 'integer', minimum: 7 };
      const schemas = { '1': { type: 'object', required: ['total'], properties: { total } } };
      await svix.eventType.create({ name: 'total.changed', description: 'Total', schemas });
      await posthorn(['api', 'PUT', '/event-type/total.changed/enforcement', '--body', '{"enabled":true}']);
      // A change of the enforcement takes some seconds.
      await until('a payload that does not fit is refused', async () => {
        const { code, stderr } = await posthorn(['send', 'total.changed', '{"total":1}', '--app', app]);
        return code === 1 && stderr.error.message.includes('body.payload.total');
      });
      const { code, stdout } = await posthorn(['trigger', 'total.changed', '--app', app, '--wait']);
      expect([code, stdout.endpoints.length]).toEqual([0, 2]);
      expect(receiver.requestsTo('/triggered').map(({ body }) => body)).toContain('{"total":7}');

      const other = JSON.stringify({ description: 'Total', schemas: { '1': { example: { total: 8 } } } });
      await posthorn(['api', 'PUT', '/event-type/total.changed', '--body', other]);
      const one = await posthorn(['trigger', 'total.changed', '--app', app, '--endpoint', second?.id ?? '', '--wait']);
      expect(one).toMatchObject({ code: 0, stdout: { endpoints: [{ endpointId: second?.id, outcome: 'delivered' }] } });
      expect(receiver.requestsTo('/only').map(({ body }) => body)).toContain('{"total":8}');
      expect(first?.id).not.toBe(second?.id);
      expect(receiver.requestsTo('/triggered').map(({ body }) => body)).not.toContain('{"total":8}');
    },
    5 * minute,
  );
});

const failures = 6;

describe('posthorn replay', () => {
  it(
    'counts what failed, sends it again, and then what was never sent to a new endpoint',
    async () => {
      const { app, endpoints } = await anApplication('/down');
      const id = endpoints[0]?.id ?? '';
      let isDown = true;
      receiver.respond('/down', () => ({ status: isDown ? 500 : 204 }));
      for (let n = 0; n < failures; n += 1) {
        // Without a success, ten failures in a row would open the breaker.
        if (n % 2 === 0) {
          isDown = false;
          await posthorn(['send', 'well', '--app', app, '--wait']);
          isDown = true;
        }
        const { code } = await posthorn([
          'send',
          'order.paid',
          `{"n":${n}}`,
          '--app',
          app,
          '--wait',
          '--timeout',
          '2m',
        ]);
        expect(code).toBe(1);
      }
      isDown = false;
      const filter = ['replay', '--app', app, '--endpoint', id, '--since', '1h'];
      expect(await posthorn([...filter, '--failed', '--dry-run'])).toMatchObject({
        code: 0,
        stdout: { operation: 'recover', messages: failures },
      });
      const bulk = [...filter, '--type', 'order.paid', '--type', 'other', '--status', 'fail', '--dry-run'];
      expect((await posthorn(bulk)).stdout).toMatchObject({ messages: failures });
      const before = receiver.requestsTo('/down').length;
      const recovered = await posthorn([...filter, '--failed', '--yes']);
      expect(recovered).toMatchObject({ code: 0, stdout: { status: 'finished', data: { messagesSent: failures } } });
      await receiver.waitFor(() => receiver.requestsTo('/down').length === before + failures);
      expect(await svix.backgroundTask.get(recovered.stdout.id)).toMatchObject({ status: 'finished' });

      const late = await svix.endpoint.create(app, { url: `${receiver.url}/late` });
      const missing = ['replay', '--app', app, '--endpoint', late.id, '--missing', '--since', '1h'];
      const all = failures + failures / 2;
      expect((await posthorn([...missing, '--dry-run'])).stdout).toMatchObject({ messages: all });
      expect(await posthorn([...missing, '--yes'])).toMatchObject({ code: 0, stdout: { data: { messagesSent: all } } });
      await receiver.waitFor(() => receiver.requestsTo('/late').length === all);

      const { data } = await svix.message.list(app, { limit: 1 });
      const resent = await posthorn(['replay', data[0]?.id ?? '', '--app', app, '--yes']);
      expect(resent).toMatchObject({ code: 0, stdout: { resent: [{}, {}], failed: [] } });
      await receiver.waitFor(() => receiver.requestsTo('/late').length === all + 1);
    },
    5 * minute,
  );
});

describe('posthorn tokens', () => {
  it(
    'creates a token that works until it is revoked',
    async () => {
      const { app } = await anApplication('/x');
      const { stdout: created } = await posthorn(['tokens', 'create', '--app', app, '--expires', '1h']);
      const asCustomer = { env: { POSTHORN_TOKEN: created.token } };
      const listEndpoints = () => posthorn(['api', 'GET', `/app/${app}/endpoint`], asCustomer);
      expect(await listEndpoints()).toMatchObject({ code: 0, stdout: { data: [{}] } });
      expect(await posthorn(['tokens', 'list', '--app', app], asCustomer)).toMatchObject({ code: 4 });
      const listed = await posthorn(['tokens', 'list', '--app', app]);
      expect(listed.stdout).toEqual([expect.objectContaining({ id: created.id, revoked: false })]);
      expect(await posthorn(['tokens', 'revoke', created.id, '--app', app])).toMatchObject({ code: 0 });
      expect(await listEndpoints()).toMatchObject({ code: 4 });
    },
    2 * minute,
  );
});

describe('posthorn verify and sign', () => {
  it(
    'agree with what the system sends, with both kinds of keys, and with another verifier',
    async () => {
      const { app } = await anApplication();
      for (const secret of [undefined, createSigningKeyPair(Buffer.alloc(32, 7))]) {
        const path = `/signed-${secret === undefined ? 'v1' : 'v1a'}`;
        const { id } = await svix.endpoint.create(app, { url: `${receiver.url}${path}`, ...(secret && { secret }) });
        expect(await posthorn(['send', 'a.b', '{ "n": 1.0 }', '--app', app, '--wait'])).toMatchObject({ code: 0 });
        const [request] = receiver.requestsTo(path);
        const { key } = await svix.endpoint.getSecret(app, id);
        const headers = Object.entries(request?.headers ?? {}).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
        const verify = (body = '') =>
          posthorn(['verify', '-', ...headers], { env: { POSTHORN_SECRET: key }, stdin: body });
        expect(await verify(request?.body)).toMatchObject({ code: 0, stdout: { id: request?.headers['webhook-id'] } });
        expect(await verify('{"n":1.0}')).toMatchObject({ code: 1, stderr: { error: { code: 'signature_mismatch' } } });
        expect(await verify(`${request?.body}\n`)).toMatchObject({ stderr: { error: { code: 'body_changed' } } });
        const { stdout: signed } = await posthorn(['sign'], {
          env: { POSTHORN_SECRET: secret ?? key },
          stdin: '{"é":1}',
        });
        if (secret === undefined) expect(new Webhook(key).verify('{"é":1}', signed)).toEqual({ é: 1 });
      }
    },
    2 * minute,
  );
});
