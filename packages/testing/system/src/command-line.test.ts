import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runProgram } from '@posthorn/local-supervisor/testing/run-program';
import { startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { runStart, type StartCommand, tokenScript, whenReady } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';

let command: StartCommand;
let url: string;
beforeAll(async () => {
  command = await runStart();
  ({ url } = await whenReady(command));
});
afterAll(async () => {
  process.kill(command.pid, 'SIGTERM');
  await command.ended;
  await command.cleanUp();
});

const read = (file: string) => readFile(join(command.dataDir, file), 'utf8');
const client = async (token?: string) => new Svix(token ?? (await read('token')), { serverUrl: url });

const askFor = async (token: string, path: string) => {
  const answer = await fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, body: await answer.json() };
};

describe('a started system', () => {
  it('describes itself in its data folder, in files that only their owner can read', async () => {
    const token = expect.stringMatching(/^http:\/\/(localhost|127\.0\.0\.1):\d+$/);
    expect(JSON.parse(await read('local-cloud.json'))).toEqual({
      url,
      stage: 'local',
      region: 'us-east-1',
      accessKeyId: 'program',
      secretAccessKey: await read('program-key'),
      system: { accessKeyId: 'posthorn', secretAccessKey: await read('access-key') },
      dynamodb: token,
      sqs: token,
      control: token,
      environment: expect.objectContaining({
        POSTHORN_MASTER_KEY_FILE: join(command.dataDir, 'master-key'),
        POSTHORN_FORBIDDEN_PORTS: expect.stringContaining(new URL(url).port),
      }),
      runs: ['posthorn-api', 'posthorn-db-triggers', 'posthorn-queue-workers'],
      processes: {
        supervisor: command.pid,
        host: expect.any(Number),
      },
    });
    for (const file of ['token', 'jwt-secret', 'master-key', 'access-key', 'program-key', 'local-cloud.json'])
      expect([file, (await stat(join(command.dataDir, file))).mode & 0o777]).toEqual([file, 0o600]);
  });

  it('has printed only that it is ready and what to do next', () => {
    expect(command.stdout()).toMatch(/^Starting Posthorn: .*\nPosthorn ready at http:\/\/localhost:\d+\n/);
    expect(command.stderr()).toBe('');
  });

  it('takes the first event just as the welcome prints it', async () => {
    const { port } = new URL((await freeReceiver()).url);
    const [receiver = '', ...lines] = command
      .stdout()
      .split('\n')
      .filter((line) => line.startsWith('  '))
      .map((line) => line.trim().replaceAll('9000', port));
    const [, source = ''] = /^node -e '(.*)'$/.exec(receiver) ?? [];
    const receiving = runProgram('-e', [source]);
    await promisify(execFile)('sh', ['-c', lines.join('\n')]).then(({ stdout, stderr }) => {
      expect(stderr).toBe('');
      expect(
        stdout
          .trimEnd()
          .split('\n')
          .map((line) => Object.keys(JSON.parse(line)).includes('detail')),
      ).toEqual([false, false, false, false]);
    });
    try {
      await receiving.waitFor(/'webhook-signature': 'v1,.*\{"orderId":7\}/s);
    } finally {
      process.kill(receiving.pid, 'SIGKILL');
      await receiving.ended;
    }
  });

  it('starts the host again at once when it is killed, says so, and serves as before', async () => {
    const before = await command.processes();
    process.kill(before.host ?? 0, 'SIGKILL');
    await command.waitFor(/^host died \(SIGKILL\); it is started again$/m);
    await until('another one runs', async () => (await command.processes()).host !== before.host);
    expect(await command.processes()).toEqual({ ...before, host: expect.any(Number) });
    await deliverOne();
  });
});

/** The address of a stopped receiver. */
async function freeReceiver() {
  const receiver = await startReceiver();
  await receiver.stop();
  return receiver;
}

/**
 * Sends messages, as soon as the API answers, until one arrives. The local SQS may give the first to the poll of a dead
 * worker. Such a message comes back only after its visibility timeout.
 */
async function deliverOne(): Promise<void> {
  const receiver = await startReceiver();
  try {
    const svix = await client();
    const isUp = () => svix.application.list().then(Boolean, () => false);
    await until('the API answers', isUp);
    const application = await svix.application.create({ name: 'Again' });
    await svix.endpoint.create(application.id, { url: `${receiver.url}/again` });
    await until('a message arrives', async () => {
      await svix.message.create(application.id, { eventType: 'a', payload: { a: 1 } });
      return receiver
        .waitFor((requests) => requests.length > 0, 2_000)
        .then(
          () => true,
          () => false,
        );
    });
    await svix.application.delete(application.id);
  } finally {
    await receiver.stop();
  }
}

describe('tokens of a started system', () => {
  const token = async (...args: readonly string[]) => {
    const program = runProgram(tokenScript, args, { POSTHORN_DATA_DIR: command.dataDir });
    expect(await program.ended).toBe(0);
    return program.stdout().trim();
  };

  it('speak for the organisation that keeps the first event', async () => {
    const svix = await client(await token());
    const { id } = await svix.application.create({ name: 'Ours' });
    expect((await (await client()).application.get(id)).id).toBe(id);
  });

  it('show another organisation nothing of it', async () => {
    const { id } = await (await client()).application.create({ name: 'Ours' });
    const other = await token('--org', 'org_Other');
    expect(await askFor(other, '/app')).toMatchObject({ status: 200, body: { data: [], done: true } });
    expect(await askFor(other, `/app/${id}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('of an application are good for that one only', async () => {
    const svix = await client();
    const [own, other] = [await svix.application.create({ name: 'A' }), await svix.application.create({ name: 'B' })];
    const limited = await token('--app', own.id, '--expires', '1h');
    expect(await askFor(limited, `/app/${own.id}`)).toMatchObject({ status: 200, body: { id: own.id } });
    expect(await askFor(limited, `/app/${other.id}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await askFor(limited, '/app')).toMatchObject({ status: 403, body: { code: 'insufficient access' } });
  });

  it('are refused when they have expired, or were signed with another secret', async () => {
    const valid = await token();
    expect(await askFor(valid, '/app')).toMatchObject({ status: 200 });
    const secret = await read('jwt-secret');
    const past = { iat: 1_600_000_000, exp: 1_600_003_600 };
    for (const forged of ['', sign(valid, past, secret), sign(valid, {}, `${secret}x`)])
      expect(await askFor(forged, '/app')).toMatchObject({ status: 401, body: { code: 'authentication_failed' } });
    expect(await askFor(sign(valid, {}, secret), '/app')).toMatchObject({ status: 200 });
  });
});

/** The token with other claims, signed (HS256) with the given secret. */
function sign(token: string, claims: object, secret: string): string {
  const [header = '', payload = ''] = token.split('.');
  const changed = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), ...claims };
  const text = `${header}.${Buffer.from(JSON.stringify(changed)).toString('base64url')}`;
  return `${text}.${createHmac('sha256', secret.trim()).update(text).digest('base64url')}`;
}
