import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningProgram, runProgram } from '@posthorn/local-supervisor/testing/run-program';
import { type ReceivedRequest, type Receiver, startReceiver } from '@posthorn/testing';
import { Webhook } from 'standardwebhooks';
import { Svix } from 'svix';
import { type CuttableProxy, startCuttableProxy } from './fixtures/cuttable-proxy.ts';
import { killIfThere, runStart, type StartCommand, whenReady } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';

const minute = 60_000;
const messageCount = 1_000;
const posthorn = join(createRequire(import.meta.url).resolve('@posthorn/cli'), '../bin.ts');

let system: StartCommand;
let port: string;
let token: string;
let svix: Svix;
let network: CuttableProxy;
let receiver: Receiver;
let home: string;
let listening: RunningProgram | undefined;
beforeAll(async () => {
  system = await runStart();
  ({ port } = await whenReady(system));
  token = (await readFile(join(system.dataDir, 'token'), 'utf8')).trim();
  svix = new Svix(token, { serverUrl: `http://localhost:${port}`, numRetries: 20 });
  [network, receiver] = await Promise.all([startCuttableProxy(Number(port)), startReceiver()]);
  home = await mkdtemp(join(tmpdir(), 'posthorn-listen-'));
}, 3 * minute);
afterEach(async () => {
  if (listening) killIfThere(listening.pid);
  await listening?.ended;
  listening = undefined;
});
afterAll(async () => {
  await Promise.all([system?.cleanUp(), network?.stop(), receiver?.stop(), rm(home, { recursive: true, force: true })]);
}, minute);

/** Starts `posthorn listen --json` on the other side of the network, and waits until it listens. */
async function listen(app: string, path: string, ...options: readonly string[]): Promise<RunningProgram> {
  const target = ['--app', app, '--forward-to', `${receiver.url}${path}`];
  const env = { HOME: home, POSTHORN_URL: `http://127.0.0.1:${network.port}`, POSTHORN_TOKEN: token };
  listening = runProgram(posthorn, ['listen', '--json', ...target, ...options], env);
  await listening.waitFor(/"listening"/);
  return listening;
}

const lines = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** Payloads whose bytes do not survive a parser: white space, forms of numbers, numbers beyond 2^53, names twice. */
const payloadOf = (n: number): string =>
  `{ "n":${n}, "exact" : 12345678901234567890, "n": ${n}.0,\t"é": "\\u00e9 \\/ ${'x'.repeat(n % 300)}" }`;

/** Sends a message with the bytes of its payload. It is repeated until it is accepted, and is one message all the same. */
async function send(app: string, n: number): Promise<string> {
  for (;;) {
    const answer = await fetch(`http://localhost:${port}/api/v1/app/${app}/msg`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'idempotency-key': `${app}-${n}`,
        'content-type': 'application/json',
      },
      body: `{"eventType":"a","payload":${payloadOf(n)}}`,
    }).catch(() => undefined);
    if (answer?.status === 202) return ((await answer.json()) as { readonly id: string }).id;
    await answer?.body?.cancel();
  }
}

async function restartAfterKill(): Promise<void> {
  await system.killAll();
  await system.waitUntilGone();
  system = await runStart({ dataDir: system.dataDir, env: { POSTHORN_PORT: port } });
  await whenReady(system);
}

describe('posthorn listen', () => {
  it(
    'forwards 1,000 messages once, in order and byte for byte, while the network and the server fail',
    async () => {
      const { id: app } = await svix.application.create({ name: 'Listened' });
      await svix.destination.create(app, { type: 'fifoEndpoint', config: { url: `${receiver.url}/pushed` } });
      const program = await listen(app, '/listened', '--exit-after', String(messageCount));
      const forwarded = () => receiver.requestsTo('/listened');
      const sent: string[] = [];
      const sending = (async () => {
        for (let n = 0; n < messageCount; n += 1) sent.push(await send(app, n));
      })();
      const reached = (count: number) => until(`${count} messages are forwarded`, () => forwarded().length >= count);
      const lost = (times: number) =>
        until('it notices that the server is lost', () => program.stderr().split('"server_lost"').length > times);

      await reached(150);
      network.cut();
      await lost(1);
      network.mend();
      await reached(300);
      network.cutInAnswer(700);
      await until('the network is cut in an answer', network.isCut);
      await lost(2);
      network.mend();
      await reached(450);
      network.freeze();
      const before = sent.length;
      await until('messages are sent meanwhile', () => sent.length >= Math.min(before + 50, messageCount));
      network.cut();
      await lost(3);
      network.mend();
      await reached(600);
      await restartAfterKill();

      await sending;
      expect(await program.ended).toBe(0);
      expect(forwarded().map(({ headers }) => headers['webhook-id'])).toEqual(sent);
      expect(forwarded().map(({ body }) => body)).toEqual(sent.map((_, n) => payloadOf(n)));
      const [{ listening: start }, ...notices] = lines(program.stderr());
      const webhook = new Webhook(start.secret);
      for (const { body, headers } of forwarded()) webhook.verify(body, headers as Record<string, string>);
      const printed = lines(program.stdout()).map(({ id, status, error }) => ({ id, status, error }));
      expect(printed).toEqual(sent.map((id) => ({ id, status: 200, error: null })));
      // One line for each loss, and not for each try.
      expect(notices.length).toBeLessThanOrEqual(2 * 5 + 1);

      // What is pushed is not affected, but for what the kill repeats.
      const pushed = () => [...new Set(receiver.requestsTo('/pushed').map(({ headers }) => headers['webhook-id']))];
      await until('the destination has all messages', () => pushed().length === messageCount);
      expect(pushed()).toEqual(sent);
    },
    15 * minute,
  );

  it(
    'goes on in another session where it was killed, and says what the target did not accept',
    async () => {
      const { id: app } = await svix.application.create({ name: 'Resumed' });
      receiver.respond('/resumed', ({ body }) => ({ status: body === payloadOf(30) ? 500 : 200 }));
      const first = await listen(app, '/resumed');
      const sent: string[] = [];
      for (let n = 0; n < 40; n += 1) sent.push(await send(app, n));
      await until('some are forwarded', () => receiver.requestsTo('/resumed').length >= 10);
      process.kill(first.pid, 'SIGKILL');
      await first.ended;
      const forwarded = receiver.requestsTo('/resumed').length;
      const second = await listen(app, '/resumed', '--resume');
      const distinct = () => new Set(receiver.requestsTo('/resumed').map(({ headers }) => headers['webhook-id']));
      await until('all are forwarded', () => distinct().size === sent.length);
      await until('the last one is noted', () => second.stdout().includes(sent.at(-1) ?? ''));
      process.kill(second.pid, 'SIGTERM');
      expect(await second.ended).toBe(143);
      const ids = receiver.requestsTo('/resumed').map(({ headers }) => headers['webhook-id']);
      // What the target had answered when it was killed can be missing in the position: only the last one.
      expect([...new Set(ids)]).toEqual(sent);
      expect(ids.length).toBeLessThanOrEqual(sent.length + 1);
      expect(ids.slice(0, forwarded)).toEqual(sent.slice(0, forwarded));
      const failed = [...lines(first.stdout()), ...lines(second.stdout())].filter(({ error }) => error !== null);
      expect(failed).toEqual([expect.objectContaining({ id: sent[30], status: 500 })]);
    },
    5 * minute,
  );

  it(
    'begins with messages from before the first poll of the application',
    async () => {
      const { id: app } = await svix.application.create({ name: 'Never polled' });
      const sent: string[] = [];
      for (let n = 0; n < 5; n += 1) sent.push(await send(app, n));
      await listen(app, '/since', '--since', '10m', '--exit-after', '7');
      for (let n = 5; n < 7; n += 1) sent.push(await send(app, n));
      expect(await listening?.ended).toBe(0);
      const forwarded = receiver.requestsTo('/since');
      expect(forwarded.map(({ headers }) => headers['webhook-id'])).toEqual(sent);
      expect(forwarded.map(({ body }) => body)).toEqual(sent.map((_, n) => payloadOf(n)));
    },
    5 * minute,
  );

  it(
    'sends what an endpoint gets: filters, headers, transformation and secret',
    async () => {
      const { id: app } = await svix.application.create({ name: 'Compared' });
      const endpoint = await svix.endpoint.create(app, {
        url: `${receiver.url}/delivered`,
        headers: { 'X-Own': 'a' },
        channels: ['eu'],
      });
      const code = `function handler(webhook) {
        if (webhook.payload.skip) webhook.cancel = true;
        if (webhook.payload.change) webhook.payload.by = variables.name;
        webhook.headers['X-Type'] = webhook.eventType;
        return webhook;
      }`;
      await svix.endpoint.transformation.patch(app, endpoint.id, { code, variables: { name: 'v' }, enabled: true });
      await listen(app, '/as-endpoint', '--endpoint', endpoint.id, '--exit-after', '2');
      const channels = ['eu'];
      for (const payload of [{ skip: true }, { same: 1 }, { change: 1 }])
        await svix.message.create(app, { eventType: 'b', payload, channels });
      await svix.message.create(app, { eventType: 'b', payload: { other: 1 }, channels: ['us'] });
      expect(await listening?.ended).toBe(0);
      const byBody = (path: string) =>
        receiver
          .requestsTo(path)
          .map(comparable)
          .toSorted((one, other) => one.body.localeCompare(other.body));
      await until('the endpoint has them', () => receiver.requestsTo('/delivered').length === 2);
      expect(byBody('/as-endpoint')).toEqual(byBody('/delivered'));
      const { key } = await svix.endpoint.getSecret(app, endpoint.id);
      for (const { body, headers } of receiver.requestsTo('/as-endpoint'))
        new Webhook(key).verify(body, headers as Record<string, string>);
    },
    5 * minute,
  );
});

/** What is the same in a delivery and in what is forwarded: all but the time, and how the connection is used. */
function comparable({ method, body, headers }: ReceivedRequest) {
  const different = /^(?:(?:webhook|svix)-(?:timestamp|signature)|connection|host)$/;
  return {
    method,
    body,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !different.test(name))),
  };
}
