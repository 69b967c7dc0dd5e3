import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startReceiver } from '@posthorn/testing';
import { copyRepository, type RepositoryCopy } from './fixtures/copy-repository.ts';
import { commandScript, runStart, type StartCommand, whenReady } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';
import { clientOf } from './load/order-traffic.ts';

const dev = { script: commandScript('dev') };

const services = ['api', 'db-triggers', 'queue-workers'];
/** Every service uses it. */
const sharedFile = 'packages/core/src/errors.ts';
const secondsSince = (at: number): string => ((performance.now() - at) / 1_000).toFixed(1);

let command: StartCommand | undefined;
afterEach(async () => {
  await command?.cleanUp();
  command = undefined;
});

/** Runs a command until its system is ready. */
async function run(options: Parameters<typeof runStart>[0]): Promise<{ readonly url: string; readonly port: string }> {
  command = await runStart(options);
  return whenReady(command);
}

const svixAt = (url: string) => clientOf(dataDir(), url);
const dataDir = () => command?.dataDir ?? '';

async function stop(): Promise<void> {
  process.kill(command?.pid ?? 0, 'SIGINT');
  expect(await command?.ended).toBe(0);
  await command?.waitUntilGone();
}

describe('dev', () => {
  let copy: RepositoryCopy;
  beforeAll(async () => {
    copy = await copyRepository();
  });
  afterAll(() => copy.remove());

  it('answers with changed code, says what is wrong with broken code, and goes on when it is mended', async () => {
    const script = join(copy.folder, 'packages/local/supervisor/src/cli/dev.ts');
    const { url } = await run({ script, args: ['--services', 'api'] });
    const { api: before } = (await command?.processes()) ?? {};
    const file = join(copy.folder, 'services/api/src/http/refusals.ts');
    const code = await readFile(file, 'utf8');
    const statuses = new Set<number>();
    const ask = async () => {
      const answer = await fetch(`${url}/api/v1/nothing`);
      statuses.add(answer.status);
      return answer.text();
    };
    expect(await ask()).toContain('There is nothing at this path');

    const changedAt = performance.now();
    await writeFile(file, code.replace('There is nothing at this path', 'Changed'));
    await until('the change is answered', async () => (await ask()).includes('Changed'));
    // Printed, not asserted: a busy machine takes longer.
    process.stdout.write(`A changed handler was answered after ${secondsSince(changedAt)} s\n`);
    expect(command?.stdout()).toContain('[dev] api starts again: services/api/src/http/refusals.ts changed');
    expect([...statuses]).toEqual([404]);

    await writeFile(file, `${code}\nconst = broken`);
    await until('requests are refused', async () => (await ask()).includes('The service api does not run'));
    expect([...statuses]).toEqual([404, 503]);
    await command?.waitFor(/\[api\] .*Expected identifier but found "="/);

    await writeFile(file, code);
    await until('the old code is back', async () => (await ask()).includes('There is nothing'));
    const { api: after } = (await command?.processes()) ?? {};
    expect([after, after === before]).toEqual([expect.any(Number), false]);
    await stop();
  });

  it('starts each service again for a change of a package that all use, and delivers as before', async () => {
    const receiver = await startReceiver();
    try {
      const script = join(copy.folder, 'packages/local/supervisor/src/cli/dev.ts');
      const { url } = await run({ script });
      const svix = await svixAt(url);
      const { id } = await svix.application.create({ name: 'Changed' });
      await svix.endpoint.create(id, { url: `${receiver.url}/changed` });
      const before = await command?.processes();
      const file = join(copy.folder, sharedFile);
      const changedAt = performance.now();
      await writeFile(file, `${await readFile(file, 'utf8')}\n// Changed.\n`);
      for (const name of services) {
        await command?.waitFor(new RegExp(`^\\[dev\\] ${name} starts again: ${sharedFile} changed$`, 'm'));
        await command?.waitFor(new RegExp(`^\\[dev\\] ${name} is ready again`, 'm'));
      }
      process.stdout.write(`All services were ready again after ${secondsSince(changedAt)} s\n`);
      await svix.message.create(id, { eventType: 'a', payload: {} });
      await receiver.waitFor((requests) => requests.length === 1);
      const after = await command?.processes();
      expect(after).toEqual({ ...before, ...Object.fromEntries(services.map((name) => [name, expect.any(Number)])) });
      expect(services.filter((name) => after?.[name] === before?.[name])).toEqual([]);
      await stop();
    } finally {
      await receiver.stop();
    }
  });

  it('and start continue from each other, without handling what was handled', async () => {
    const receiver = await startReceiver();
    try {
      const { url, port } = await run({});
      const svix = await svixAt(url);
      const { id } = await svix.application.create({ name: 'Kept' });
      await svix.endpoint.create(id, { url: `${receiver.url}/kept` });
      const post = async (payload: object) => (await svix.message.create(id, { eventType: 'a', payload })).id;
      const sent = [await post({ under: 'start' })];
      await receiver.waitFor((requests) => requests.length === 1);
      const folder = dataDir();
      for (const options of [dev, {}]) {
        await stop();
        await run({ ...options, dataDir: folder, env: { POSTHORN_PORT: port } });
        sent.push(await post({ under: options === dev ? 'dev' : 'start again' }));
        await receiver.waitFor((requests) => requests.length === sent.length);
      }
      expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toEqual(sent);
      await stop();
    } finally {
      await receiver.stop();
    }
  });

  it('keeps the checkpoints of streams where start keeps them', async () => {
    const { url } = await run({});
    const svix = await svixAt(url);
    const { id } = await svix.application.create({ name: 'Counted' });
    await svix.message.create(id, { eventType: 'a', payload: {} });
    const folder = dataDir();
    await stop();
    command = await runStart({ ...dev, dataDir: folder, args: ['--services', 'none'] });
    await command.waitFor(/The local cloud is ready/);
    const { checkpoints } = JSON.parse(await readFile(join(folder, 'local-cloud.json'), 'utf8'));
    const answer = await fetch(`${checkpoints.url}/onMessageInserted.posthorn-local-messages`, {
      headers: { authorization: `Bearer ${checkpoints.token}` },
    });
    expect(await answer.json()).toEqual({ streamArn: expect.any(String), shards: expect.any(Object) });
    await stop();
  });
});
