import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolderAt } from './data-folder.ts';
import type { LocalCloud } from './local-cloud-file.ts';

/** A system in its own process with its own data folder, started as a user starts it. */
export interface LaunchedSystem {
  readonly url: string;
  readonly token: string;
  readonly dataDir: string;
  /** The current content of `local-cloud.json`. */
  cloud(): Promise<LocalCloud>;
  /** What the system has printed so far: the last 16 to 32 million characters of it. */
  output(): string;
  /** Stops the system and returns its exit code. */
  stop(): Promise<number | null>;
}

const programs = { start: 'cli/start.mjs', dev: 'cli/dev.ts' } as const;

/** The command that starts a system. */
export type LaunchCommand = keyof typeof programs;

const readyLine = /^Posthorn ready at (\S+)\n/m;
/** Ends a start that hangs, also on a slow machine. */
const readyTimeoutMs = 600_000;
/** Each request adds a line to the output of a system that may run for hours. */
const keptOutput = 16_000_000;

/**
 * Starts a whole system on a free port with an empty data folder. The folder is deleted when the system stops. It is
 * for tests and benchmarks.
 *
 * @param environment - more variables for the system, such as `POSTHORN_RETRY_SCHEDULE`
 * @param command - `start`, or `dev` for the services under serverless offline
 */
export async function launchSystem(
  environment: NodeJS.ProcessEnv = {},
  command: LaunchCommand = 'start',
): Promise<LaunchedSystem> {
  const dataDir = await mkdtemp(join(tmpdir(), 'posthorn-'));
  const env = { ...process.env, NODE_OPTIONS: '', POSTHORN_PORT: '0', POSTHORN_DATA_DIR: dataDir, ...environment };
  const child = spawn(process.execPath, [join(import.meta.dirname, programs[command])], {
    env,
    // The system ends when the IPC channel closes, so it also ends if this process is killed.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  let isReady = false;
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ready = Promise.withResolvers<string>();
  const fail = (problem: string) => ready.reject(new Error(`The system ${problem}. Its output:\n${output}`));
  const timer = setTimeout(() => fail(`was not ready within ${readyTimeoutMs} ms`), readyTimeoutMs);
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.length > 2 * keptOutput) output = output.slice(-keptOutput);
      // Later, each request adds a line.
      if (isReady) return;
      const [, url] = readyLine.exec(output) ?? [];
      if (url === undefined) return;
      isReady = true;
      ready.resolve(url);
    });
  ended.then((code) => fail(`ended with exit code ${code}`));
  const stop = async () => {
    child.kill('SIGTERM');
    const code = await ended;
    await rm(dataDir, { recursive: true, force: true });
    return code;
  };
  const url = await ready.promise
    .catch(async (error) => {
      await stop();
      throw error;
    })
    .finally(() => clearTimeout(timer));
  const folder = dataFolderAt(dataDir);
  return {
    url,
    dataDir,
    token: await readFile(folder.tokenFile, 'utf8'),
    cloud: async () => JSON.parse(await readFile(folder.cloudFile, 'utf8')) as LocalCloud,
    output: () => output,
    stop,
  };
}
