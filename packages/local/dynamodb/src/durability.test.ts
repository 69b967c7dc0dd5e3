import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createRandom } from './faults/random.ts';
import { createChangeLog } from './testing/change-log.ts';
import { createClients } from './testing/clients.ts';
import { chooseWrite, createLedger, indexName, type LedgerWrite, readAll } from './testing/ledger.ts';
import { startMortalServer } from './testing/mortal-server.ts';
import type { Item } from './values.ts';

const seed = Number(process.env.DURABILITY_SEED ?? 20_261_125);
const kills = Number(process.env.DURABILITY_KILLS ?? 10);
const writers = 20;
const accountsPerWriter = 3;

/** The server is killed after up to this many writes more than there are writers. */
const mostWrites = 300;

interface Writer {
  readonly accounts: readonly string[];
  /** The last acknowledged state of each account. */
  readonly state: Map<string, Item | undefined>;
  version: number;
  acknowledged: number;
  /** A write without a response before the kill. It may have been applied or not. */
  inFlight?: LedgerWrite;
}

const createWriter = (_: unknown, number: number): Writer => ({
  accounts: Array.from({ length: accountsPerWriter }, (_account, index) => `account-${number}-${index}`),
  state: new Map(),
  version: 0,
  acknowledged: 0,
});

const countAcknowledged = (all: readonly Writer[]): number =>
  all.reduce((sum, { acknowledged }) => sum + acknowledged, 0);

/** Sends one write after the other until the server is killed. */
async function writeUntilGone(client: DynamoDBClient, writer: Writer, random: () => number): Promise<void> {
  for (;;) {
    writer.version += 1;
    const write = chooseWrite(writer.accounts, writer.version, writer.state, random);
    writer.inFlight = write;
    try {
      await write.send(client);
    } catch (error) {
      // An error response from the server has `$fault` and `$response`. A closed connection has no response.
      if (error instanceof Error && '$fault' in error && '$response' in error && error.$response !== undefined)
        throw error;
      return;
    }
    for (const [account, item] of write.after) writer.state.set(account, item);
    writer.acknowledged += 1;
    delete writer.inFlight;
  }
}

/** Compares the table with a writer's state, and accepts its write in flight if it was applied. Returns the errors. */
function settle(writer: Writer, found: ReadonlyMap<string, Item>): { lost: number; halfDone: number } {
  const isAs = (expected: ReadonlyMap<string, Item | undefined>, account: string) =>
    isDeepStrictEqual(found.get(account), expected.get(account));
  const { inFlight } = writer;
  delete writer.inFlight;
  const touched = inFlight ? [...inFlight.after.keys()] : [];
  const lost = writer.accounts.filter((account) => !touched.includes(account) && !isAs(writer.state, account)).length;
  if (!inFlight || touched.every((account) => isAs(writer.state, account))) return { lost, halfDone: 0 };
  if (!touched.every((account) => isAs(inFlight.after, account))) return { lost, halfDone: 1 };
  for (const [account, item] of inFlight.after) writer.state.set(account, item);
  return { lost, halfDone: 0 };
}

it(`keeps every acknowledged write whole and in its stream, over ${kills} kills at full speed`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dynamodb-embedded-'));
  const random = createRandom(seed);
  const all = Array.from({ length: writers }, createWriter);
  const log = createChangeLog();
  const wrong = { lost: 0, halfDone: 0, wrongIndexes: 0, wrongStreams: 0 };
  for (let kill = 0; kill <= kills; kill += 1) {
    const server = await startMortalServer({ folder, shardsPerStream: 4 });
    const { dynamodb, streams, destroy } = createClients(server.endpoint);
    if (kill === 0) await createLedger(dynamodb);
    const [table, index] = await Promise.all([readAll(dynamodb), readAll(dynamodb, indexName)]);
    await log.follow(streams);
    for (const writer of all) {
      const { lost, halfDone } = settle(writer, table);
      wrong.lost += lost;
      wrong.halfDone += halfDone;
    }
    if (!isDeepStrictEqual(index, table)) wrong.wrongIndexes += 1;
    if (!isDeepStrictEqual(new Map([...log.items].sort()), new Map([...table].sort()))) wrong.wrongStreams += 1;
    const writing = kill < kills ? all.map((writer) => writeUntilGone(dynamodb, writer, random)) : [];
    // By count and not by time, so that a busy machine makes as many writes.
    const enough = countAcknowledged(all) + writers + Math.floor(random() * mostWrites);
    while (kill < kills && countAcknowledged(all) < enough) await wait(1);
    await server.kill();
    await Promise.all(writing);
    destroy();
  }
  await rm(folder, { recursive: true });
  const acknowledged = countAcknowledged(all);
  process.stdout.write(
    `seed ${seed}: ${kills} kills, ${acknowledged} acknowledged writes, ${log.records()} stream records\n`,
  );
  expect({ ...wrong, gaps: log.gaps(), repeats: log.repeats() }).toEqual({
    lost: 0,
    halfDone: 0,
    wrongIndexes: 0,
    wrongStreams: 0,
    gaps: 0,
    repeats: 0,
  });
});
