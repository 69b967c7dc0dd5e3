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
  /** Any free one when absent or 0. */
  readonly port?: number;
  /** The only way that is offered: what DynamoDB Local keeps on disk did not survive concurrent writes in tests. */
  readonly inMemory: true;
  /** Gets each piece of its output. */
  readonly log?: (text: string) => void;
  /** The program to run; `java` from the PATH when absent. */
  readonly java?: string;
}

export interface DynamodbLocal {
  readonly endpoint: string;
  readonly pid: number;
  /** Resolves when the process is gone, wanted or not, with its signal or exit code. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts Amazon's DynamoDB Local (with streams and transactions, all data in memory) and answers when it can be used.
 * It never outlives the process that started it, however that one ends.
 *
 * @throws JavaMissing without Java 17
 * @throws PortTaken when something else listens on the port
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
    // One small machine runs all of it: the serial collector and the first compiler start fastest and need least.
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
 * A shell that holds the other end of a pipe from this process, and kills the group when the pipe closes: that also
 * happens when this process is killed outright.
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
    // ESRCH: it ended between the check and the signal, which is what was wanted.
    if (!hasErrorCode(error, 'ESRCH')) throw error;
  }
}

/** Resolves with nothing once it answers a request, or with the problem. */
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
