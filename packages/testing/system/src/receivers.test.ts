import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import fc from 'fast-check';
import { Svix } from 'svix';
import { killIfThere } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';
import { type Kill, maxFailures } from './receivers/killed-receiver.ts';
import { balancesAfter, eventType, listAccepted, postPayments } from './receivers/payments.ts';
import { lambdaTables, type ProgramName, programs } from './receivers/programs.ts';
import { startTrial, type Trial } from './receivers/trial.ts';

const minute = 60_000;
const firstMessages = 200;
const moreMessages = 40;
const maxMessages = 480;
const seed = Number(process.env.KILLS_SEED ?? 13);
const names = Object.keys(programs) as readonly ProgramName[];

/** Six kills of a receiver: two after each step, each when the step was done some times since the last kill. */
const planOf = (name: ProgramName): readonly Kill[] =>
  fc
    .sample(fc.integer({ min: 1, max: 12 }), { numRuns: 6, seed: seed + names.indexOf(name) })
    .map((count, index) => ({ after: (['claim', 'effect', 'completion'] as const)[index % 3] ?? 'claim', count }));

let system: LaunchedSystem;
let svix: Svix;
let client: DynamoDBClient;
let applicationId: string;
/** The ids of the messages. */
let posted: readonly string[] = [];
const trials = new Map<ProgramName, Trial>();

const trialOf = (name: ProgramName): Trial => {
  const trial = trials.get(name);
  if (!trial) throw new Error(`${name} was not started`);
  return trial;
};

// The trial itself: messages are sent to all receivers while these and the system's host are killed.
beforeAll(async () => {
  // More short waits than there are kills.
  system = await launchSystem({ POSTHORN_RETRY_SCHEDULE: [1, 1, 1, ...Array.from({ length: 25 }, () => 3)].join(',') });
  svix = new Svix(system.token, { serverUrl: system.url });
  const cloud = await system.cloud();
  const { dynamodb: endpoint, region, accessKeyId, secretAccessKey } = cloud;
  client = new DynamoDBClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  await createLambdaTables();
  await svix.eventType.create({ name: eventType, description: 'An account got money' });
  applicationId = (await svix.application.create({ name: 'Payments' })).id;
  for (const name of names)
    trials.set(name, await startTrial(name, { svix, applicationId, cloud, plan: planOf(name) }));
  await post(firstMessages);
  // How many writes a kill interrupts depends on the machine: there are messages until each kill has happened.
  while (posted.length < maxMessages && !names.every(wasKilledAsPlanned)) await post(moreMessages);
}, 10 * minute);

afterAll(async () => {
  await Promise.all([...trials.values()].map(({ stop }) => stop()));
  await system?.stop();
}, minute);

/** Its template would create them. */
async function createLambdaTables(): Promise<void> {
  for (const [TableName, AttributeName] of [
    [lambdaTables.webhooks, 'id'],
    [lambdaTables.payments, 'messageId'],
  ])
    await client.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName, AttributeType: 'S' }],
        KeySchema: [{ AttributeName, KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
}

/** Posts more messages, and waits until all receivers have accepted them. */
async function post(count: number): Promise<void> {
  const from = posted.length;
  const ids = await postPayments(svix, applicationId, { from, count, onPosted: killHostInTheMiddle });
  posted = [...posted, ...ids];
  for (const name of names) await untilAllAreAccepted(name);
}

const wasKilledAsPlanned = (name: ProgramName): boolean => trialOf(name).receiver.kills.length === planOf(name).length;

/** The host is started again by itself. */
async function killHostInTheMiddle(message: number): Promise<void> {
  if (message === firstMessages / 2) killIfThere((await system.cloud()).processes.host ?? Number.NaN);
}

const untilAllAreAccepted = (name: ProgramName): Promise<void> => {
  const { endpointId, receiver } = trialOf(name);
  return until(`${name} has accepted all messages`, async () => {
    if (receiver.failures.length > maxFailures) throw new Error(receiver.failures.join('\n'));
    return (await listAccepted(svix, applicationId, endpointId)).size === posted.length;
  });
};

const readBalances = async (name: ProgramName): Promise<unknown> =>
  (await fetch(new URL('/balances', trialOf(name).url))).json();

/** Account => sum of the payments that the Lambda function has saved. */
async function addLambdaPayments(): Promise<Readonly<Record<string, number>>> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: lambdaTables.payments }));
  const balances: Record<string, number> = {};
  for (const { account, amount } of Items)
    balances[account?.S ?? ''] = (balances[account?.S ?? ''] ?? 0) + Number(amount?.N);
  return balances;
}

const balancesOf = {
  express: () => readBalances('express'),
  fastify: () => readBalances('fastify'),
  lambda: addLambdaPayments,
} as const;
const exact = Object.keys(balancesOf) as readonly (keyof typeof balancesOf)[];

it.each(names)('kills %s twice after each step', (name) => {
  expect(trialOf(name).receiver.kills).toEqual(planOf(name));
});

it.each(exact)('has made the effect of every message exactly once: %s', async (name) => {
  expect(await balancesOf[name]()).toEqual(balancesAfter(posted.length));
});

it.each(exact)(
  'does nothing for messages that are sent again: %s',
  async (name) => {
    const { endpointId } = trialOf(name);
    const again = posted.slice(0, 5);
    for (const id of again) await svix.messageAttempt.resend(applicationId, id, endpointId);
    for (const id of again)
      await until('the second answer is recorded', async () => {
        const { data } = await svix.messageAttempt.listByMsg(applicationId, id, { endpointId, status: 0 });
        // 204 when it was done, 200 when it had been done before.
        return data.some(({ responseStatusCode, triggerType }) => responseStatusCode === 200 && triggerType === 1);
      });
    expect(await balancesOf[name]()).toEqual(balancesAfter(posted.length));
  },
  5 * minute,
);

it.each(exact)('refuses what was not signed with its secret: %s', async (name) => {
  const headers = {
    'content-type': 'application/json',
    'webhook-id': 'msg_forged',
    'webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
    'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}`,
  };
  const body = JSON.stringify({ account: 'account-0', amount: 1 });
  const answer = await fetch(trialOf(name).url, { method: 'POST', headers, body });
  expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'signature_mismatch' }]);
  expect(await balancesOf[name]()).toEqual(balancesAfter(posted.length));
});

it('makes an effect again that is in no transaction only if the process died before it was noted', async () => {
  const lines = (await readFile(join(trialOf('plain').folder, 'effects'), 'utf8')).trimEnd().split('\n');
  const runs = lines.map((line) => line.split(' '));
  expect(new Set(runs.map(([id]) => id))).toEqual(new Set(posted));
  // The second part of a line is the process. None of them has made an effect twice.
  expect(new Set(lines).size).toBe(lines.length);
  // Two of the kills came after an effect and before its note.
  expect(lines.length).toBeGreaterThanOrEqual(posted.length + 2);
  process.stdout.write(
    `Without a transaction, ${lines.length - posted.length} of ${posted.length} effects were made twice.\n`,
  );
});
