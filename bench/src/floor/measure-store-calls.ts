import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createInProcessClient, type InProcessClient, openEmbeddedDynamodb } from '@posthorn/local-dynamodb';
import { createTables } from '@posthorn/models/tables';
import { repeat } from '../repeat.ts';
import { type Command, type MessageRequests, recordRequests } from '../stores/message-requests.ts';
import { readStreams } from '../stores/read-streams.ts';
import { type Cpu, cpuNow, cpuSince } from './cpu.ts';

const atOnce = 20;
/** Messages between a put and the get of the same row, about as in a busy system. Few requests are in memory at a time. */
const roundOf = 500;
const warmUpRounds = 6;

export interface StoreCallsOptions {
  /** In multiples of 500. */
  readonly messages: number;
  readonly durability: 'process' | 'machine';
}

/** CPU time of the calls that a message makes, each by itself, and of a stream record that is read. */
export type StoreCalls = Readonly<Record<keyof MessageRequests | 'streamRecord', Cpu>>;

/**
 * Calls the embedded store in this process, with its data in a folder. It sends the requests that packages/models makes
 * for a message: three conditional puts of about 1 KB, two of them with a stream record, and gets.
 */
export async function measureStoreCalls({ messages, durability }: StoreCallsOptions): Promise<StoreCalls> {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-bench-'));
  const dynamodb = await openEmbeddedDynamodb({ folder, durability });
  try {
    const client = createInProcessClient(dynamodb);
    // It takes the place of the SDK's client.
    const inPlaceOfSdk = client as unknown as DynamoDBClient;
    await createTables(inPlaceOfSdk, 'bench');
    const round = async () => measureRound(client, await recordRequests(roundOf, inPlaceOfSdk));
    for (let count = 0; count < warmUpRounds; count += 1) await round();
    await readStreams(client);
    const rounds: Round[] = [];
    for (let count = 0; count < messages / roundOf; count += 1) rounds.push(await round());
    const start = cpuNow();
    return { ...average(rounds), streamRecord: cpuSince(start, await readStreams(client)) };
  } finally {
    await dynamodb.close();
    await rm(folder, { recursive: true });
  }
}

type Round = Readonly<Record<keyof MessageRequests, Cpu>>;

async function measureRound(client: InProcessClient, requests: MessageRequests): Promise<Round> {
  const figures: Partial<Record<keyof Round, Cpu>> = {};
  for (const name of namesOf(requests)) {
    const start = cpuNow();
    await send(client, requests[name]);
    figures[name] = cpuSince(start, roundOf);
  }
  // Each name has its figure now.
  return figures as Round;
}

/** The names of the requests are those of the figures. */
const namesOf = (requests: MessageRequests) => Object.keys(requests) as (keyof MessageRequests)[];

const send = (client: InProcessClient, commands: readonly Command[]): Promise<void> =>
  repeat(commands.length, atOnce, async (number) => {
    const command = commands[number];
    if (command) await client.send(command);
  });

function average(rounds: readonly Round[]): Round {
  const of = (name: keyof Round): Cpu => {
    const { all, main } = addCpu(rounds.map((round) => round[name]));
    return { all: all / rounds.length, main: main / rounds.length };
  };
  return {
    insertMessage: of('insertMessage'),
    claimKey: of('claimKey'),
    recordAttempt: of('recordAttempt'),
    getMessage: of('getMessage'),
    getEndpoint: of('getEndpoint'),
    findAttempt: of('findAttempt'),
  };
}

export const addCpu = (values: readonly Cpu[]): Cpu =>
  values.reduce((sum, { all, main }) => ({ all: sum.all + all, main: sum.main + main }), { all: 0, main: 0 });
