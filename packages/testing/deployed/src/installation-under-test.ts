import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueUrlCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { jwtSecretName, type Queue, queueName, type Table, tableName } from '@posthorn/contracts';
import { marshalledOutboxItem, type OutboxEvent } from '@posthorn/outbox';
import { type Emulator, emulatorAccount, emulatorRegion } from './emulator/emulator.ts';
import { type GatewayRequest, type GatewayResponse, matchRoute, toEvent } from './gateway/gateway.ts';
import { type Guard, startGuard } from './iam/guard.ts';
import type { Statement, Statements } from './iam/policy.ts';
import { FunctionFailed, type FunctionProcess, startFunction } from './lambda/function-process.ts';
import { pollQueue } from './sources/poll-queue.ts';
import { createStreamPoll } from './sources/poll-stream.ts';
import { deploy } from './stacks/deploy.ts';
import {
  type Account,
  type DeployedFunction,
  type DeployedMapping,
  type Installation,
  readInstallation,
} from './stacks/read-installation.ts';

export const stage = 'test';
export const jwtSecret = 'a secret for tests that is long enough to sign tokens with';

/** A deployed installation whose functions run here, each with the rights of its own role. */
export interface InstallationUnderTest {
  readonly guard: Guard;
  readonly installation: Installation;
  /** Invocations by event sources that failed as a whole. The source tries them again. */
  readonly failures: readonly FunctionFailed[];
  /** Routes that were called. */
  readonly calledRoutes: ReadonlySet<string>;
  /** Sends a request to the function that serves its route. */
  request(request: GatewayRequest): Promise<GatewayResponse>;
  /** Invokes a function. Its clock is ahead by `aheadMs` if that is given. */
  invoke(functionName: string, event: object, aheadMs?: number): Promise<unknown>;
  /** Runs the event source mappings until the condition holds. */
  runUntil(condition: () => boolean | Promise<boolean>): Promise<void>;
  /** Puts an item into the outbox, as a program of the user does. */
  putInOutbox(event: Omit<OutboxEvent, 'stage'>): Promise<void>;
  /** Counts the items of a table as the operator. */
  countItems(table: Table): Promise<number | undefined>;
  /** Sends a message as the operator, not as a function. */
  sendToQueue(queue: Queue, body: string): Promise<void>;
  /** Receives up to ten messages as the operator and returns their bodies. The messages stay on the queue. */
  receive(queue: Queue): Promise<readonly string[]>;
  /** Takes statements from a function’s role while something runs. */
  without<T>(functionName: string, isTaken: (statement: Statement) => boolean, run: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

/** Limit for a condition that never holds. It is long enough for a slow machine. */
const neverMs = 600_000;

/** Deploys everything from nothing to an empty emulator. */
export async function deployFromNothing(
  emulator: Emulator,
  settings: Readonly<Record<string, string>>,
): Promise<InstallationUnderTest> {
  await deploy({ stage, endpointUrl: emulator.url, region: emulatorRegion, settings });
  const account = accountAt(emulator.url, 'operator');
  await createJwtSecret(account);
  const folder = await mkdtemp(join(tmpdir(), 'deployed-'));
  const installation = await readInstallation(account, stage, folder);
  const policies = new Map([...installation.functions.values()].map(({ name, statements }) => [name, statements]));
  const guard = await startGuard({
    emulatorUrl: emulator.url,
    account: emulatorAccount,
    policyOf: (caller) => policies.get(caller),
  });
  const functions = createFunctions(installation, guard);
  const calledRoutes = new Set<string>();
  const failures: FunctionFailed[] = [];
  const keepFailure = (error: unknown): number => {
    if (!(error instanceof FunctionFailed)) throw error;
    failures.push(error);
    return 0;
  };
  const polls = installation.mappings.map((mapping) =>
    createPoll({ mapping, guard, account, invokeFunction: functions.invoke }),
  );
  return {
    guard,
    installation,
    failures,
    calledRoutes,
    invoke: functions.invoke,
    request: async (request) => {
      const { pathname } = new URL(request.path, 'https://api.example.com');
      const route = matchRoute(Object.keys(installation.routes), request.method, pathname);
      calledRoutes.add(route.routeKey);
      return readResponse(await functions.invoke(installation.routes[route.routeKey] ?? '', toEvent(request, route)));
    },
    runUntil: async (condition) => {
      const givesUpAt = performance.now() + neverMs;
      while (!(await condition())) {
        if (performance.now() > givesUpAt) throw new Error('the condition was never met');
        const handled = await Promise.all(polls.map((poll) => poll().catch(keepFailure)));
        if (handled.every((count) => count === 0)) await sleep(50);
      }
    },
    ...operatorsTables(new DynamoDBClient(account)),
    ...operatorsQueues(new SQSClient(account)),
    without: (functionName, isTaken, run) => withoutStatements(policies, functionName, isTaken, run),
    stop: async () => {
      await functions.stop();
      await guard.stop();
      await rm(folder, { recursive: true });
    },
  };
}

export const accountAt = (endpoint: string, accessKeyId: string): Account => ({
  endpoint,
  region: emulatorRegion,
  credentials: { accessKeyId, secretAccessKey: 'secret' },
});

/** The emulator’s CloudFormation has no secrets. */
const createJwtSecret = (account: Account) =>
  new SecretsManagerClient(account).send(
    new CreateSecretCommand({ Name: jwtSecretName(stage), SecretString: jwtSecret }),
  );

const operatorsTables = (client: DynamoDBClient): Pick<InstallationUnderTest, 'putInOutbox' | 'countItems'> => ({
  putInOutbox: async (event) => {
    await client.send(new PutItemCommand(marshalledOutboxItem({ ...event, stage }).Put));
  },
  countItems: async (table) => (await client.send(new ScanCommand({ TableName: tableName(stage, table) }))).Count,
});

function operatorsQueues(sqs: SQSClient): Pick<InstallationUnderTest, 'sendToQueue' | 'receive'> {
  const urlOf = async (queue: Queue) =>
    (await sqs.send(new GetQueueUrlCommand({ QueueName: queueName(stage, queue) }))).QueueUrl;
  return {
    sendToQueue: async (queue, MessageBody) => {
      const fifo = queue.endsWith('.fifo') ? { MessageGroupId: 'test', MessageDeduplicationId: MessageBody } : {};
      await sqs.send(new SendMessageCommand({ QueueUrl: await urlOf(queue), MessageBody, ...fifo }));
    },
    receive: async (queue) => {
      const QueueUrl = await urlOf(queue);
      const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 });
      const { Messages = [] } = await sqs.send(receive);
      return Messages.map(({ Body = '' }) => Body);
    },
  };
}

type Invoke = InstallationUnderTest['invoke'];

/** Starts an instance of each function when it is first needed, and keeps it. */
function createFunctions({ functions }: Installation, guard: Guard): { invoke: Invoke; stop(): Promise<void> } {
  const instances = new Map<string, Promise<FunctionProcess>>();
  const find = (name: string): DeployedFunction => {
    const deployed = functions.get(name);
    if (!deployed) throw new Error(`there is no function ${name}`);
    return deployed;
  };
  return {
    invoke: async (name, event, aheadMs = 0) => {
      const key = `${name} ${aheadMs}`;
      const place = { endpointUrl: guard.url, region: emulatorRegion, aheadMs };
      const instance = instances.get(key) ?? startFunction(find(name), place);
      instances.set(key, instance);
      return (await instance).invoke(event);
    },
    stop: async () => {
      for (const instance of instances.values()) await (await instance).stop();
    },
  };
}

interface Polled {
  readonly mapping: DeployedMapping;
  readonly guard: Guard;
  /** The operator's, past the guard. */
  readonly account: Account;
  readonly invokeFunction: Invoke;
}

/** Creates a poll with the identity of the mapping’s function. */
function createPoll({ mapping, guard, account, invokeFunction }: Polled): () => Promise<number> {
  const identity = accountAt(guard.url, mapping.functionName);
  const invoke = (event: object) => invokeFunction(mapping.functionName, event);
  if (mapping.sourceArn.split(':')[2] === 'sqs') {
    const [sqs, operator] = [new SQSClient(identity), new SQSClient(account)];
    return () => pollQueue({ mapping, sqs, operator, region: emulatorRegion, invoke });
  }
  return createStreamPoll({ mapping, streams: new DynamoDBStreamsClient(identity), region: emulatorRegion, invoke });
}

/** API Gateway responds with 200 if a function returns something without a status. Here that is an error. */
function readResponse(result: unknown): GatewayResponse {
  const response = result as GatewayResponse | null;
  if (typeof response?.statusCode !== 'number') throw new Error(`no answer to a request: ${JSON.stringify(result)}`);
  return response;
}

async function withoutStatements<T>(
  policies: Map<string, Statements>,
  functionName: string,
  isTaken: (statement: Statement) => boolean,
  run: () => Promise<T>,
): Promise<T> {
  const all = policies.get(functionName) ?? [];
  const kept = all.filter((statement) => !isTaken(statement));
  if (kept.length === all.length) throw new Error(`${functionName} has no such statement`);
  policies.set(functionName, kept);
  try {
    return await run();
  } finally {
    policies.set(functionName, all);
  }
}
