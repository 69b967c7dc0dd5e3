import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { hasErrorCode } from '../error-code.ts';
import { findFreePort } from './free-port.ts';
import { requireJava } from './java.ts';

export { PortTaken } from './free-port.ts';
export { JavaMissing } from './java.ts';

const startTimeoutMs = 60_000;
const answerPollMs = 50;
const keptOutputCharacters = 2_000;

export interface DynamodbLocalOptions {
  /** Any free port if absent or 0. */
  readonly port?: number;
  /** Only in-memory mode is supported: in tests, DynamoDB Local's data on disk did not survive concurrent writes. */
  readonly inMemory: true;
  /** Is called with each piece of its output. */
  readonly log?: (text: string) => void;
  /** The Java program. Default: `java` from the PATH. */
  readonly java?: string;
}

export interface DynamodbLocal {
  readonly endpoint: string;
  readonly pid: number;
  /** Resolves with the signal or exit code when the process has ended for any reason. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts Amazon's DynamoDB Local with all data in memory. Resolves when it can be used. It never outlives the process
 * that started it, even if that process is killed.
 *
 * @throws JavaMissing without Java 17
 * @throws PortTaken if another program listens on the port
 */
export async function startDynamodbLocal({ port, log, java = 'java' }: DynamodbLocalOptions): Promise<DynamodbLocal> {
  await requireJava(java);
  const chosen = await findFreePort({ program: 'DynamoDB Local', wanted: port });
  const child = spawn(java, javaArguments(chosen), {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    cwd: tmpdir(),
  });
  const output = collectOutput(child, log);
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.once('error', (error) => resolve(error.message));
  });
  if (child.pid === undefined) throw new Error(`DynamoDB Local did not start: ${await exited}`);
  const releaseWatch = killWithThisProcess(child.pid, exited);
  const stop = async () => {
    killGroup(child);
    await exited;
    releaseWatch();
  };
  const endpoint = `http://127.0.0.1:${chosen}`;
  const problem = await Promise.race([waitForAnswer(endpoint), exited.then((how) => `it ended with ${how}`)]);
  if (problem === undefined) return { endpoint, pid: child.pid, exited, stop };
  await stop();
  throw new Error(`DynamoDB Local did not start: ${problem}. Its last output: ${output()}`);
}

function javaArguments(port: number): string[] {
  const folder = join(
    dirname(createRequire(import.meta.url).resolve('amplify-dynamodb-simulator/package.json')),
    'emulator',
  );
  return [
    '-Xms64m',
    '-Xmx512m',
    // For a small machine: the serial collector and the C1 compiler start fastest and need the least memory.
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    `-Djava.library.path=${join(folder, 'DynamoDBLocal_lib')}`,
    '-jar',
    join(folder, 'DynamoDBLocal.jar'),
    '-port',
    String(port),
    '-sharedDb',
    '-inMemory',
    '-disableTelemetry',
  ];
}

function collectOutput({ stdout, stderr }: ChildProcess, log: ((text: string) => void) | undefined): () => string {
  let kept = '';
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      kept = (kept + text).slice(-keptOutputCharacters);
      log?.(text);
    });
  }
  return () => kept.trim();
}

/**
 * Starts a shell that kills the process group when a pipe from this process closes. The pipe also closes if this
 * process is killed.
 */
function killWithThisProcess(pid: number, exited: Promise<string>): () => void {
  const watch = spawn('/bin/sh', ['-c', 'read -r _; kill -9 "-$1"', 'watch', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watch.unref();
  const release = () => {
    watch.kill('SIGKILL');
  };
  exited.then(release);
  return release;
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: the process ended between the check and the signal.
    if (!hasErrorCode(error, 'ESRCH')) throw error;
  }
}

/** Resolves with nothing when it answers a request, or with the problem after the time limit. */
async function waitForAnswer(endpoint: string): Promise<string | undefined> {
  const deadline = performance.now() + startTimeoutMs;
  while (performance.now() < deadline) {
    if (await answers(endpoint)) return undefined;
    await wait(answerPollMs);
  }
  return `no answer within ${startTimeoutMs / 1000} s`;
}

const answers = (endpoint: string): Promise<boolean> =>
  fetch(endpoint).then(
    async (response) => {
      await response.body?.cancel();
      return true;
    },
    () => false,
  );
