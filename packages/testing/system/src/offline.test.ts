import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findProcessesWith, runCommand } from '@posthorn/local-supervisor/testing/run-program';
import { launchModule, whenReady } from './fixtures/start-command.ts';

const root = join(dirname(launchModule), '../../../..');
const run = promisify(execFile);

/** Runs `"$@"` where there is no network but loopback. */
const isolated = ['-rn', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];
const problem = await run('unshare', [...isolated, 'true']).then(
  () => undefined,
  (error: Error) => error.message.replaceAll('\n', ' '),
);
if (problem !== undefined)
  console.warn(`No network namespace here, so a dead proxy takes the network away instead: ${problem}`);

/** Nothing listens on the port of "discard". */
const dead = 'http://127.0.0.1:9';
const deadProxy = Object.fromEntries(
  ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'npm_config_registry'].map((name) => [name, dead]),
);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posthorn-offline-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs a program without the network, and with an empty home, where no package manager has a cache. */
const runOffline = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
  const environment = { ...env, ...(problem === undefined ? {} : deadProxy), HOME: join(folder, 'home') };
  return problem === undefined
    ? runCommand('unshare', [...isolated, command, ...args], environment)
    : runCommand(command, args, environment);
};

/** Returns the status of an address, as a program beside the given one sees it. */
async function statusBeside(pid: number, url: string): Promise<string> {
  const script = 'fetch(process.argv[1]).then(({ status }) => console.log(status))';
  const ask = [process.execPath, '-e', script, url] as const;
  const enter = problem === undefined ? ['nsenter', '-t', String(pid), '-U', '-n', '--preserve-credentials'] : [];
  const [command, ...args] = [...enter, ...ask] as const;
  const { stdout } = await run(command ?? '', args);
  return stdout.trim();
}

describe('without the network', () => {
  it('bin/posthorn start starts the whole system, and stops it', async () => {
    const data = join(folder, 'data');
    const program = runOffline(join(root, 'bin/posthorn'), ['start'], {
      POSTHORN_PORT: '0',
      POSTHORN_DATA_DIR: data,
    });
    try {
      const { url } = await whenReady(program);
      expect(await statusBeside(program.pid, `${url}/api/v1/health`)).toMatch(/^20[04]$/);
      expect(program.stderr()).toBe('');
    } finally {
      process.kill(program.pid, 'SIGTERM');
      expect(await program.ended).toBe(0);
      expect(await findProcessesWith(data)).toEqual([]);
    }
  });

  it('npx pnpm@12 start gets as far as the start, and asks no registry', async () => {
    const script = 'cd "$1" && exec npx pnpm@12 start --help';
    const program = runOffline('sh', ['-c', script, 'sh', root], { npm_config_fetch_retries: '0' });
    const code = await program.ended;
    expect({ code, stdout: program.stdout(), stderr: program.stderr() }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('POSTHORN_DATA_DIR'),
    });
  });
});
