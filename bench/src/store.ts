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
import { realisticBody } from './stores/realistic-body.ts';

const help = `Measures the CPU time of the embedded store, called in this process, with its data in a folder.

  npx pnpm@12 run bench:store [--messages 10000] [--durability process|machine]

It sends the requests that packages/models makes for a message: three conditional puts of about 1 KB (two of them with a
stream record), and gets. The CPU time is that of the whole process, with LevelDB's threads.`;

const atOnce = 20;
/** Messages between a put and the get of the same row, about as in a busy system. Few requests are in memory at a time. */
const roundOf = 500;
const warmUpRounds = 6;

/** CPU time in microseconds: of the whole process, and of the thread that runs JavaScript. */
interface Cpu {
  readonly all: number;
  readonly main: number;
}

function cpuNow(): Cpu {
  const [all, main] = [process.cpuUsage(), process.threadCpuUsage()];
  return { all: all.user + all.system, main: main.user + main.system };
}

/** The CPU time since `start`, per call. */
function cpuSince(start: Cpu, calls: number): Cpu {
  const now = cpuNow();
  return { all: (now.all - start.all) / calls, main: (now.main - start.main) / calls };
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
    const round = async () => measure(client, await recordRequests(roundOf, inPlaceOfSdk));
    for (let count = 0; count < warmUpRounds; count += 1) await round();
    await readStreams(client);
    const rounds: Figures[] = [];
    for (let count = 0; count < messages / roundOf; count += 1) rounds.push(await round());
    report(rounds, await measureStreams(client), measureJson());
  } finally {
    await dynamodb.close();
    await rm(folder, { recursive: true });
  }
}

type Figures = Readonly<Record<keyof MessageRequests, Cpu>>;

/** CPU time of one request of each kind. */
async function measure(client: InProcessClient, requests: MessageRequests): Promise<Figures> {
  const figures: Partial<Record<keyof Figures, Cpu>> = {};
  // The names of the requests are those of the figures.
  for (const name of Object.keys(requests) as (keyof MessageRequests)[]) {
    const start = cpuNow();
    await send(client, requests[name]);
    figures[name] = cpuSince(start, roundOf);
  }
  return figures as Figures;
}

/** CPU time of one stream record that is read from its beginning. */
async function measureStreams(client: InProcessClient): Promise<Cpu> {
  const start = cpuNow();
  const records = await readStreams(client);
  return cpuSince(start, records);
}

/** CPU time of writing and parsing 1 KB of JSON. It shows how fast the machine is at the moment. */
function measureJson(): Cpu {
  const times = 100_000;
  let body: unknown = JSON.parse(realisticBody(1));
  const start = cpuNow();
  for (let count = 0; count < times; count += 1) body = JSON.parse(JSON.stringify(body));
  return cpuSince(start, times);
}

const add = (values: readonly Cpu[]): Cpu =>
  values.reduce((sum, { all, main }) => ({ all: sum.all + all, main: sum.main + main }), { all: 0, main: 0 });

function report(rounds: readonly Figures[], readRecord: Cpu, json: Cpu): void {
  const of = (name: keyof Figures): Cpu => {
    const { all, main } = add(rounds.map((round) => round[name]));
    return { all: all / rounds.length, main: main / rounds.length };
  };
  const puts = [of('insertMessage'), of('claimKey'), of('recordAttempt')];
  const gets = [of('getMessage'), of('getEndpoint'), of('getEndpoint'), of('findAttempt')];
  const rows: [string, Cpu][] = [
    ['put: message of 1 KB, with stream record and expiry', of('insertMessage')],
    ['put: claim of an idempotency key, with expiry', of('claimKey')],
    ['put: attempt, with stream record, index row and expiry', of('recordAttempt')],
    ['get: message of 1 KB', of('getMessage')],
    ['get: endpoint', of('getEndpoint')],
    ['get: attempt', of('findAttempt')],
    ['stream: one record from the beginning, in pages of 1,000', readRecord],
    ['three puts and four gets', add([...puts, ...gets])],
    ['for comparison: 1 KB of JSON, written and parsed', json],
  ];
  printTable(
    ['call in process', 'CPU µs', 'of it main thread'],
    rows.map(([name, { all, main }]) => [name, all.toFixed(1), main.toFixed(1)]),
  );
}

await main();
