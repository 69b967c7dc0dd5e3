import { setTimeout as wait } from 'node:timers/promises';
import { findFreePort } from '@posthorn/local-supervisor/ports';
import { type Receiver, startReceiver } from '@posthorn/testing';
import type { Svix } from 'svix';
import { readyLine, runStart, type StartCommand, whenReady } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';
import { checkDeliveries, followDeliveries } from './load/check-deliveries.ts';
import { countWithoutReceipt } from './load/count-without-receipt.ts';
import { createRestartTimes } from './load/describe-restarts.ts';
import { describeDuplicates, explainDuplicates } from './load/explain-duplicates.ts';
import { findDuplicates } from './load/find-duplicates.ts';
import { clientOf, postMessages, prepareTenants, type Tenant } from './load/order-traffic.ts';

const isFull = process.env.TEST_SIZE === 'full';
const messages = isFull ? 1_200 : 240;
const minute = 60_000;
const untilTakenMs = 2_000;
const restarts = createRestartTimes();
/** Everything is killed after this many requests. */
const plan = isFull ? Array.from({ length: 20 }, (_, kill) => 150 + 200 * kill) : [150, 500];

let system: StartCommand;
let receiver: Receiver;
let url: string;
let hasEnded = false;
const isOver = () => hasEnded;
beforeAll(async () => {
  receiver = await startReceiver();
  const port = String(await findFreePort());
  system = await runStart({ env: { POSTHORN_RETRY_SCHEDULE: '1,1,2', POSTHORN_PORT: port } });
  ({ url } = await whenReady(system));
});
afterAll(async () => {
  hasEnded = true;
  await system?.cleanUp();
  await receiver?.stop();
});

/** Kills the supervisor and the host at once, and starts again with the same folder. */
async function killEverything(): Promise<Date> {
  const { dataDir } = system;
  await system.killAll();
  // Requests that they sent may arrive after their death, and wait for this process to take them.
  await system.waitUntilGone();
  await wait(untilTakenMs);
  const killedAt = new Date();
  await restarts.measure(async () => {
    system = await runStart({
      dataDir,
      env: { POSTHORN_RETRY_SCHEDULE: '1,1,2', POSTHORN_PORT: new URL(url).port },
    });
    await system.waitFor(readyLine);
  });
  return killedAt;
}

async function killByPlan(): Promise<readonly Date[]> {
  const kills: Date[] = [];
  for (const after of plan) {
    await receiver.waitFor((requests) => requests.length >= after);
    kills.push(await killEverything());
  }
  return kills;
}

/** Every message of an application in the system. */
async function listMessages(svix: Svix, { applicationId }: Tenant): Promise<readonly string[]> {
  const listed: string[] = [];
  for (let iterator: string | null = null, done = false; !done; ) {
    const page = await svix.message.list(applicationId, { limit: 100, ...(iterator === null ? {} : { iterator }) });
    listed.push(...page.data.map(({ id }) => id));
    iterator = page.iterator ?? null;
    done = page.done || iterator === null;
  }
  return listed;
}

it(
  `loses nothing and keeps the order when everything is killed ${plan.length} times during work and started again`,
  async () => {
    const svix = await clientOf(system.dataDir, url);
    const tenants = await prepareTenants(svix, receiver);
    const [posted, kills] = await Promise.all([postMessages(svix, tenants, messages, { isOver }), killByPlan()]);
    await receiver.waitFor(followDeliveries(posted).areAllDone);
    await until('each delivery has its receipt', async () => (await countWithoutReceipt(svix, tenants, posted)) === 0);

    const { duplicates: count, ...report } = checkDeliveries(receiver, posted, tenants);
    expect(report).toEqual({ missing: 0, badSignatures: 0, wrongBodies: 0, outOfOrder: 0, toPrivate: 0 });
    const listed = await Promise.all(tenants.map((tenant) => listMessages(svix, tenant)));
    expect(listed.flat().toSorted()).toEqual(posted.map(({ messageId }) => messageId).toSorted());

    const duplicates = findDuplicates(receiver.requests, posted);
    expect(duplicates).toHaveLength(count);
    const explained = explainDuplicates(duplicates, kills);
    process.stdout.write(`${describeDuplicates(receiver.requests.length, explained)}\n${restarts.describe()}\n`);
    expect(explained.unexplained).toEqual([]);
  },
  (isFull ? 120 : 30) * minute,
);
