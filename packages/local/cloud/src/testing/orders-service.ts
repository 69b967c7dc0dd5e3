import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { findFreePort } from '../stores/free-port.ts';

const fixture = join(import.meta.dirname, '../../fixtures/orders');
const serverless = createRequire(join(import.meta.dirname, '../../../../../package.json')).resolve(
  'serverless/bin/serverless.js',
);

export interface OrdersServiceOptions {
  readonly sqs: string;
  readonly dynamodb: string;
  /** Folder for the journal, checkpoints and bundles of the service. */
  readonly folder: string;
  readonly faults?: object;
}

/** The fixture service under `serverless offline`, in another process. */
export interface OrdersService {
  readonly httpPort: number;
  readonly output: () => string;
  readonly exited: Promise<string>;
  kill(signal: NodeJS.Signals): Promise<string>;
}

/** Starts the service and waits until it is ready. With faults, it may also end. */
export async function startOrdersService(options: OrdersServiceOptions): Promise<OrdersService> {
  const [httpPort, lambdaPort] = [await findFreePort({ program: 'HTTP' }), await findFreePort({ program: 'Lambda' })];
  const args = [serverless, 'offline', '--httpPort', String(httpPort), '--lambdaPort', String(lambdaPort)];
  const child = spawn(process.execPath, args, {
    cwd: fixture,
    env: toEnvironment(options),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  const ready = new Promise<'ready'>((resolve) => child.on('message', () => resolve('ready')));
  const first = await Promise.race([ready, exited]);
  if (first !== 'ready' && options.faults === undefined) throw new Error(`the service ended with ${first}: ${output}`);
  return { httpPort, output: () => output, exited, kill: (signal) => killGroup(child, signal, exited) };
}

function killGroup(
  { pid, exitCode, signalCode }: ChildProcess,
  signal: NodeJS.Signals,
  exited: Promise<string>,
): Promise<string> {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, signal);
  return exited;
}

const toEnvironment = ({ sqs, dynamodb, folder, faults }: OrdersServiceOptions): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: folder,
  SLS_NOTIFICATIONS_MODE: 'off',
  SLS_TELEMETRY_DISABLED: '1',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_ENDPOINT_URL_SQS: sqs,
  AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
  EVENT_SOURCE_CHECKPOINTS: join(folder, 'checkpoints'),
  FIXTURE_JOURNAL: journalFile(folder),
  FIXTURE_EMPTY: 'passed',
  FIXTURE_BUILD_FOLDER: relative(fixture, join(folder, 'build')),
  ...(faults === undefined ? {} : { EVENT_SOURCE_FAULTS: JSON.stringify(faults) }),
});

export interface JournalLine {
  readonly function: string;
  readonly id: string;
  readonly group?: string;
  readonly received?: number;
  readonly handled: boolean;
}

/** Returns the file to which the functions of the service write what they did. */
export const journalFile = (folder: string): string => join(folder, 'journal.ndjson');

/** Returns the lines of the journal, oldest first. */
export function readJournal(folder: string): readonly JournalLine[] {
  if (!existsSync(journalFile(folder))) return [];
  const lines = readFileSync(journalFile(folder), 'utf8').split('\n');
  // Only the fixture writes this file.
  return lines.filter(Boolean).map((line) => JSON.parse(line) as JournalLine);
}
