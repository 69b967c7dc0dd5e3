import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { findFreePort } from '@posthorn/local-cloud/stores/free-port';
import { type RunningProgram, runCommand } from '@posthorn/local-supervisor/testing/run-program';
import { startReceiver } from '@posthorn/testing';
import { commandScript, killIfThere, runStart, type StartCommand, whenReady } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';
import { clientOf } from './load/order-traffic.ts';

const root = join(import.meta.dirname, '../../../..');
const dev = { script: commandScript('dev') };

let command: StartCommand | undefined;
let joined: RunningProgram | undefined;
afterEach(async () => {
  if (joined) killIfThere(joined.pid, 'SIGTERM');
  await joined?.ended;
  await command?.cleanUp();
  command = undefined;
  joined = undefined;
});

/** Runs a command until its system is ready. */
async function run(options: Parameters<typeof runStart>[0]): Promise<{ readonly url: string; readonly port: string }> {
  command = await runStart(options);
  return whenReady(command);
}

const svixAt = (url: string) => clientOf(dataDir(), url);
const dataDir = () => command?.dataDir ?? '';

/** Runs `serverless offline` in the folder of a service, as a developer does. */
async function runService(service: string, env: NodeJS.ProcessEnv = {}) {
  const serverless = createRequire(join(root, 'package.json')).resolve('serverless/bin/serverless.js');
  const find = () => findFreePort({ program: 'the service' });
  const [httpPort, lambdaPort] = await Promise.all([find(), find()]);
  const args = [serverless, 'offline', '--httpPort', String(httpPort), '--lambdaPort', String(lambdaPort)];
  joined = runCommand(
    process.execPath,
    args,
    { POSTHORN_DATA_DIR: dataDir(), SLS_NOTIFICATIONS_MODE: 'off', ...env },
    join(root, 'services', service),
  );
  return { program: joined, url: `http://localhost:${httpPort}`, lambdaPort };
}

describe('a service by itself under serverless offline', () => {
  it('serves HTTP beside a system that runs', async () => {
    const system = await run({});
    const { program, url } = await runService('api');
    await program.waitFor(/Server ready/);
    const { id } = await (await svixAt(url)).application.create({ name: 'Through the service' });
    expect((await (await svixAt(system.url)).application.get(id)).name).toBe('Through the service');
  });

  it('is refused if the system runs its queues, and is told what to do', async () => {
    await run({});
    const { program } = await runService('queue-workers');
    expect(await program.ended).toBe(1);
    expect(program.stdout() + program.stderr()).toContain(
      'The queues, streams and schedules of posthorn-queue-workers are served already.',
    );
  });

  it('takes the jobs of a cloud that runs without it', async () => {
    const receiver = await startReceiver();
    try {
      const { url } = await run({ ...dev, args: ['--services', 'api,db-triggers'] });
      const { program } = await runService('queue-workers');
      await program.waitFor(/Event sources: deliverStandard/);
      const svix = await svixAt(url);
      const { id } = await svix.application.create({ name: 'Joined' });
      await svix.endpoint.create(id, { url: `${receiver.url}/joined` });
      await svix.message.create(id, { eventType: 'a', payload: {} });
      await receiver.waitFor((requests) => requests.length === 1);
    } finally {
      await receiver.stop();
    }
  });

  it('calls no port of the cloud, none of its own, and none that its caller forbids', async () => {
    const { url } = await run({ ...dev, args: ['--services', 'api,db-triggers'] });
    const { program, lambdaPort } = await runService('queue-workers', { POSTHORN_FORBIDDEN_PORTS: '9' });
    await program.waitFor(/Event sources: deliverStandard/);
    const { dynamodb } = JSON.parse(await readFile(join(dataDir(), 'local-cloud.json'), 'utf8'));
    const svix = await svixAt(url);
    const { id } = await svix.application.create({ name: 'Own ports' });
    const urls = [dynamodb, `http://localhost:${lambdaPort}`, 'http://localhost:9'];
    for (const own of urls) await svix.endpoint.create(id, { url: own });
    const { id: messageId } = await svix.message.create(id, { eventType: 'a', payload: {} });
    const list = async () => (await svix.messageAttempt.listByMsg(id, messageId, { withContent: true })).data;
    await until('every endpoint has an attempt', async () => (await list()).length === urls.length);
    for (const { response } of await list()) expect(response).toContain('port of the service that sends the webhooks');
  });

  it('says in one line how to start a cloud if none runs', async () => {
    command = await runStart({ args: ['--help'] });
    await command.ended;
    const { program } = await runService('api');
    expect(await program.ended).toBe(1);
    expect(program.stdout() + program.stderr()).toMatch(/^No local cloud runs .*Start one: npx pnpm@12 dev$/m);
  });
});
