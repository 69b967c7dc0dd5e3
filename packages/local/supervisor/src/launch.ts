import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolderAt } from './data-folder.ts';
import type { LocalCloud } from './local-cloud-file.ts';

/** A system that runs as users start it: a process of its own, with a data folder of its own. */
export interface LaunchedSystem {
  readonly url: string;
  readonly token: string;
  readonly dataDir: string;
  /** What `local-cloud.json` says now. */
  cloud(): Promise<LocalCloud>;
  /** Everything that it printed so far. */
  output(): string;
  /** Asks it to stop, and answers its exit code. */
  stop(): Promise<number | null>;
}

const readyLine = /^Posthorn ready at (\S+)\n/m;
const readyTimeoutMs = 120_000;

/**
 * Starts a whole system on a free port, with an empty data folder that goes when it stops. For programs that need one:
 * tests, benchmarks.
 *
 * @param environment - variables beside those of this process, such as `POSTHORN_RETRY_SCHEDULE`
 */
export async function launchSystem(environment: NodeJS.ProcessEnv = {}): Promise<LaunchedSystem> {
  const dataDir = await mkdtemp(join(tmpdir(), 'posthorn-'));
  const env = { ...process.env, NODE_OPTIONS: '', POSTHORN_PORT: '0', POSTHORN_DATA_DIR: dataDir, ...environment };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'cli/start.ts')], {
    env,
    // Through the channel it ends with this process, even if that one is killed.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ready = Promise.withResolvers<string>();
  const fail = (problem: string) => ready.reject(new Error(`The system ${problem}. It said:\n${output}`));
  const timer = setTimeout(() => fail(`was not ready within ${readyTimeoutMs} ms`), readyTimeoutMs);
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const [, url] = readyLine.exec(output) ?? [];
      if (url !== undefined) ready.resolve(url);
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
