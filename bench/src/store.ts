import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createInProcessClient, type InProcessClient, openEmbeddedDynamodb } from '@posthorn/local-dynamodb';
import { createTables } from '@posthorn/models/tables';
import { printTable } from './print-table.ts';
import { repeat } from './repeat.ts';
import { type Command, type MessageRequests, recordRequests } from './stores/message-requests.ts';
import { readStreams } from './stores/read-streams.ts';

const help = `Measures the CPU time of the embedded store, called in this process, with its data in a folder.

  npx pnpm@12 run bench:store [--messages 10000] [--durability process|machine]

It sends the requests that packages/models makes for a message: three conditional puts of about 1 KB (two of them with a
stream record), and gets. The CPU time is that of the whole process, with LevelDB's threads.`;

const atOnce = 20;
const warmUp = 2_000;

const cpuMicroseconds = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** CPU time of one call, in microseconds. */
async function cpuOf(count: number, work: () => Promise<unknown>): Promise<number> {
  const before = cpuMicroseconds();
  await work();
  return (cpuMicroseconds() - before) / count;
}

const send = (client: InProcessClient, commands: readonly Command[]): Promise<void> =>
  repeat(commands.length, atOnce, async (number) => {
    const command = commands[number];
    if (command) await client.send(command);
  });

async function main(): Promise<void> {
  const options = {
    messages: { type: 'string', default: '10000' },
    durability: { type: 'string', default: 'process' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) return console.log(help);
  const messages = Number(values.messages);
  if (!Number.isInteger(messages) || messages < 1 || messages > 200_000)
    throw new Error('--messages must be from 1 to 200000');
  const { durability } = values;
  if (durability !== 'process' && durability !== 'machine') throw new Error('--durability must be process or machine');
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-bench-'));
  const dynamodb = await openEmbeddedDynamodb({ folder, durability });
  try {
    const client = createInProcessClient(dynamodb);
    // It takes the place of the SDK's client.
    const inPlaceOfSdk = client as unknown as DynamoDBClient;
    await createTables(inPlaceOfSdk, 'bench');
    await measure(client, await recordRequests(warmUp, inPlaceOfSdk));
    report(await measure(client, await recordRequests(messages, inPlaceOfSdk)));
  } finally {
    await dynamodb.close();
    await rm(folder, { recursive: true });
  }
}

type Figures = Readonly<Record<keyof MessageRequests | 'readRecord', number>>;

async function measure(client: InProcessClient, requests: MessageRequests): Promise<Figures> {
  const figures: Partial<Record<keyof Figures, number>> = {};
  // The types of the requests are the names of the figures.
  for (const name of Object.keys(requests) as (keyof MessageRequests)[]) {
    const commands = requests[name];
    figures[name] = await cpuOf(commands.length, () => send(client, commands));
  }
  let records = 0;
  const stream = await cpuOf(1, async () => {
    records = await readStreams(client);
  });
  return { ...figures, readRecord: stream / records } as Figures;
}

function report(figures: Figures): void {
  const { insertMessage, claimKey, recordAttempt, getMessage, getEndpoint, findAttempt, readRecord } = figures;
  const perMessage = insertMessage + claimKey + recordAttempt + getMessage + 2 * getEndpoint + findAttempt;
  const rows: [string, number][] = [
    ['put: message of 1 KB, with stream record and expiry', insertMessage],
    ['put: claim of an idempotency key, with expiry', claimKey],
    ['put: attempt, with stream record, index row and expiry', recordAttempt],
    ['get: message of 1 KB', getMessage],
    ['get: endpoint', getEndpoint],
    ['get: attempt', findAttempt],
    ['stream: one record, read in pages of 1,000', readRecord],
    ['three puts and four gets', perMessage],
  ];
  printTable(
    ['call in process', 'CPU µs'],
    rows.map(([name, microseconds]) => [name, microseconds.toFixed(1)]),
  );
}

await main();
