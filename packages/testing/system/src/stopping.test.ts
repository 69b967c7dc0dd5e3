import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { whereJavaIs } from '@posthorn/local-cloud/testing/where-java-is';
import {
  launchModule,
  readyLine,
  runStart,
  type StartCommand,
  type StartOptions,
  startScript,
} from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';

const parts = ['host', 'supervisor'];

let command: StartCommand;
afterEach(() => command?.cleanUp());

/** Runs `start`, and resolves when everything is running. */
async function startAll(options: StartOptions = {}, expected: readonly string[] = parts): Promise<number> {
  command = await runStart(options);
  const [, , port] = await command.waitFor(readyLine);
  const processes = await command.processes();
  expect(Object.keys(processes).sort()).toEqual(expected);
  expect(await command.findAll()).toEqual(expect.arrayContaining(Object.values(processes)));
  return Number(port);
}

/** Fails if a process still listens on the port. */
async function listenOn(port: number): Promise<void> {
  const server = createServer().listen(port, 'localhost');
  await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
  await new Promise((resolve) => server.close(resolve));
}

describe('start', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('stops everything before it ends on %s', async (signal) => {
    const port = await startAll();
    process.kill(command.pid, signal);
    expect(await command.ended).toBe(0);
    expect(await command.findAll()).toEqual([]);
    expect(command.stderr()).toBe('Stopping Posthorn …\n');
    await listenOn(port);
  });

  it('stops what it has started so far when it is stopped before it is ready', async () => {
    command = await runStart();
    await command.waitFor(/^Starting Posthorn/);
    await until('the host runs', async () => (await command.findAll()).length >= 2);
    process.kill(command.pid, 'SIGTERM');
    expect(await command.ended).toBe(0);
    await command.waitUntilGone();
    expect(command.stdout()).not.toMatch(readyLine);
  });

  it('leaves nothing running when it is killed with SIGKILL', async () => {
    await startAll();
    process.kill(command.pid, 'SIGKILL');
    expect(await command.ended).toBe('SIGKILL');
    await command.waitUntilGone();
  });

  it('ends when the program that launched it is killed', async () => {
    // The launched system's folder is created inside this one.
    const source = `import { launchSystem } from ${JSON.stringify(launchModule)};
        process.env.TMPDIR = process.env.POSTHORN_DATA_DIR;
        const { url } = await launchSystem();
        console.log('Posthorn ready at ' + url);`;
    command = await runStart({ script: '--input-type=module', args: ['-e', source] });
    await command.waitFor(readyLine);
    expect((await command.findAll()).length).toBeGreaterThan(parts.length);
    process.kill(command.pid, 'SIGKILL');
    await command.waitUntilGone();
  });

  it('ends when the package runner that started it is killed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'posthorn-runner-'));
    // A program with this name that runs another one and does not forward signals.
    const runner = join(folder, 'npx');
    await writeFile(
      runner,
      'require("child_process").spawn(process.execPath, process.argv.slice(2), { stdio: "inherit" })',
    );
    try {
      await startAll({ script: runner, args: [startScript] });
      process.kill(command.pid, 'SIGTERM');
      await command.waitUntilGone();
      expect(await command.ended).toBe('SIGTERM');
      expect(command.stderr()).toBe('Stopping Posthorn …\n');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

await whereJavaIs('a system on DynamoDB Local', () =>
  it('ends when DynamoDB Local dies, because its memory is lost, and says so', async () => {
    await startAll({ env: { POSTHORN_DYNAMODB: 'local' } }, ['dynamodb', ...parts]);
    process.kill((await command.processes()).dynamodb ?? 0, 'SIGKILL');
    expect(await command.ended).toBe(1);
    expect(await command.findAll()).toEqual([]);
    expect(command.stderr()).toContain('Posthorn cannot continue. DynamoDB Local ended (SIGKILL)');
  }),
);
