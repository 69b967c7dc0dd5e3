import { setTimeout as wait } from 'node:timers/promises';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import type { Svix } from 'svix';
import { until, untilPasses } from './fixtures/until.ts';
import { checkDeliveries, followDeliveries } from './load/check-deliveries.ts';
import { countWithoutReceipt } from './load/count-without-receipt.ts';
import { createRestartTimes } from './load/describe-restarts.ts';
import { describeDuplicates, explainDuplicates } from './load/explain-duplicates.ts';
import { findDuplicates } from './load/find-duplicates.ts';
import { createClient, postMessages, prepareTenants } from './load/order-traffic.ts';

/** The processes that are killed in turn. Kills of the host under `start` are in the fault suite. */
const victims = ['db-triggers', 'api', 'queue-workers', 'host'];
const kills = victims.length;
/** Under `serverless offline` a message takes ten times as long as under `start`. */
const messages = 120;
const lookEveryMs = 20;
/** The status of a successful attempt in the API. */
const succeeded = 0;
const restarts = createRestartTimes();

let system: LaunchedSystem;
let receiver: Receiver;
let hasEnded = false;
const isOver = () => hasEnded;
beforeAll(async () => {
  [system, receiver] = await Promise.all([launchSystem({ POSTHORN_RETRY_SCHEDULE: '1,1,2' }, 'dev'), startReceiver()]);
});
afterAll(async () => {
  hasEnded = true;
  await Promise.all([system?.stop(), receiver?.stop()]);
});

/**
 * Kills a process with SIGKILL. Resolves when its successor runs.
 *
 * @returns when everything that was sent before the kill had arrived, and nothing that was sent because of it
 */
async function kill(name: string): Promise<Date> {
  const pidOf = async (): Promise<number | undefined> => (await system.cloud()).processes[name];
  const pid = await pidOf();
  if (pid === undefined) throw new Error(`${name} is not running`);
  process.kill(pid, 'SIGKILL');
  // Requests that it sent may arrive after its death. Its successor needs longer to load.
  await wait(100);
  const killedAt = new Date();
  for (let next: number | undefined = pid; next === pid || next === undefined; next = await pidOf())
    await wait(lookEveryMs);
  // Without the store, workers finish their requests but cannot record them.
  return name === 'host' ? new Date() : killedAt;
}

/** Kills a process each time that a part of the requests has been sent since the last kill. */
async function killByPlan(): Promise<readonly Date[]> {
  const times: Date[] = [];
  const part = Math.floor((messages * 3) / (kills + 1));
  for (let done = 0; done < kills; done += 1) {
    const seen = receiver.requests.length;
    await receiver.waitFor((requests) => requests.length >= seen + part * 0.6);
    times.push(await restarts.measure(() => kill(victims[done % victims.length] ?? '')));
  }
  return times;
}

it(`loses nothing in ${kills} kills of ${victims.join(', ')} at work, and repeats only what was running`, async () => {
  const svix = createClient(system.url, system.token);
  const tenants = await prepareTenants(svix, receiver);
  const [posted, times] = await Promise.all([postMessages(svix, tenants, messages, { isOver }), killByPlan()]);
  await receiver.waitFor(followDeliveries(posted).areAllDone);
  await until('each delivery has its receipt', async () => (await countWithoutReceipt(svix, tenants, posted)) === 0);

  const { duplicates: count, ...report } = checkDeliveries(receiver, posted, tenants);
  expect(report).toEqual({ missing: 0, badSignatures: 0, wrongBodies: 0, outOfOrder: 0, toPrivate: 0 });
  expect(new Set(posted.map(({ messageId }) => messageId)).size).toBe(messages);

  const duplicates = findDuplicates(receiver.requests, posted);
  expect(duplicates).toHaveLength(count);
  const explained = explainDuplicates(duplicates, times);
  process.stdout.write(`${describeDuplicates(receiver.requests.length, explained)}\n${restarts.describe()}\n`);
  expect(explained.unexplained).toEqual([]);
});

it('counts every recorded attempt once, although batches were run again after the kills', async () => {
  const svix = createClient(system.url, system.token);
  for (const { id } of (await svix.application.list()).data)
    for (const endpoint of (await svix.endpoint.list(id)).data)
      await untilPasses(async () => {
        const recorded = await countRecorded(svix, id, endpoint.id);
        expect(recorded.success + recorded.fail).toBeGreaterThan(0);
        expect(await svix.endpoint.getStats(id, endpoint.id)).toMatchObject(recorded);
      });
});

/** Counts the attempts of an endpoint in the list of them. */
async function countRecorded(svix: Svix, applicationId: string, endpointId: string) {
  const counts = { success: 0, fail: 0 };
  let iterator: string | undefined;
  for (;;) {
    const page = await svix.messageAttempt.listByEndpoint(applicationId, endpointId, {
      limit: 250,
      ...(iterator !== undefined && { iterator }),
    });
    for (const { status } of page.data) counts[status === succeeded ? 'success' : 'fail'] += 1;
    if (page.done || page.iterator === null) return counts;
    iterator = page.iterator;
  }
}
