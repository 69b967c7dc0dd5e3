import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createRandom } from '@posthorn/local-dynamodb/random';
import { createLedger, type Findings, receiveUntilGone, sendUntilGone, untilGone } from './testing/ledger.ts';
import { startMortalServer } from './testing/mortal-server.ts';

const seed = Number(process.env.DURABILITY_SEED ?? 20_261_127);
const kills = Number(process.env.DURABILITY_KILLS ?? 10);
const names = ['jobs', 'jobs.fifo'];
const queues = [
  { name: 'jobs', deadLetters: { name: 'dead', maxReceiveCount: 1_000 } },
  { name: 'jobs.fifo', fifo: true },
  { name: 'dead' },
];
const groupsPerQueue = 8;
/** The server is killed after up to this many messages more than there are groups. */
const mostMessages = 500;

it(`keeps every acknowledged send and delete, and the order of groups, over ${kills} kills at full speed`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'local-queues-'));
  const random = createRandom(seed);
  const findings: Findings = { outOfOrder: 0, cameBack: 0, deletes: 0 };
  const byQueue = names.map((name) => ({
    name,
    ledgers: new Map(
      Array.from({ length: groupsPerQueue }, (_, number) => `${name}-${number}`).map((group) => [
        group,
        createLedger(group),
      ]),
    ),
  }));
  const all = byQueue.flatMap(({ ledgers }) => [...ledgers.values()]);
  const countSent = () => all.reduce((sum, { sent }) => sum + sent, 0);
  for (let kill = 0; kill <= kills; kill += 1) {
    const server = await startMortalServer({ folder, queues });
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const sqs = new SQSClient({ region: 'us-east-1', credentials, endpoint: server.endpoint, maxAttempts: 1 });
    if (kill === kills) {
      for (const { name, ledgers } of byQueue)
        await receiveUntilGone(sqs, name, {
          ledgers,
          findings,
          random: () => 1,
          isDone: ({ length }) => length === 0,
        });
    } else {
      const work = byQueue.flatMap(({ name, ledgers }) => [
        ...[...ledgers.values()].map((ledger) => sendUntilGone(sqs, name, ledger, random)),
        ...Array.from({ length: 3 }, () => receiveUntilGone(sqs, name, { ledgers, findings, random })),
      ]);
      // By count and not by time, so that a busy machine sends as many.
      const enough = countSent() + all.length + Math.floor(random() * mostMessages);
      while (countSent() < enough) await wait(1);
      await server.kill();
      await Promise.all(work.map(untilGone));
    }
    sqs.destroy();
    await server.kill();
  }
  await rm(folder, { recursive: true });
  const lost = all.flatMap(({ group, sent, perhapsDeleted }) =>
    Array.from({ length: sent }, (_, index) => index + 1)
      .filter((number) => !perhapsDeleted.has(number))
      .map((number) => `${group}:${number}`),
  );
  const sent = countSent();
  process.stdout.write(`seed ${seed}: ${kills} kills, ${sent} messages, ${findings.deletes} deletes\n`);
  expect({ lost, cameBack: findings.cameBack, outOfOrder: findings.outOfOrder }).toEqual({
    lost: [],
    cameBack: 0,
    outOfOrder: 0,
  });
});
