import { setTimeout as wait } from 'node:timers/promises';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { checkDeliveries, followDeliveries } from './load/check-deliveries.ts';
import { createRestartTimes } from './load/describe-restarts.ts';
import { describeDuplicates, explainDuplicates } from './load/explain-duplicates.ts';
import { findDuplicates } from './load/find-duplicates.ts';
import { createClient, postMessages, prepareTenants } from './load/order-traffic.ts';

const isFull = process.env.TEST_SIZE === 'full';
const kills = isFull ? 50 : 5;
const messages = isFull ? 3_000 : 600;
const minute = 60_000;
const lookEveryMs = 20;
const restarts = createRestartTimes();

let system: LaunchedSystem;
let receiver: Receiver;
beforeAll(async () => {
  [system, receiver] = await Promise.all([launchSystem({ POSTHORN_RETRY_SCHEDULE: '1,1,2' }), startReceiver()]);
}, 3 * minute);
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
}, minute);

const hostPid = async (): Promise<number | undefined> => (await system.cloud()).processes.host;

/**
 * Kills the host with SIGKILL. Resolves when its successor is ready.
 *
 * @returns when everything that the killed host sent had arrived, and its successor had sent nothing yet
 */
async function killHost(): Promise<Date> {
  const pid = await hostPid();
  if (pid === undefined) throw new Error('the host is not running');
  process.kill(pid, 'SIGKILL');
  // Requests that it sent may arrive after its death. Its successor needs longer to load.
  await wait(100);
  const killedAt = new Date();
  while ((await hostPid()) === pid) await wait(lookEveryMs);
  return killedAt;
}

/** Kills the host each time that it has sent a part of the requests since the last kill. */
async function killByPlan(): Promise<readonly Date[]> {
  const times: Date[] = [];
  const part = Math.floor((messages * 3) / (kills + 1));
  for (let done = 0; done < kills; done += 1) {
    const seen = receiver.requests.length;
    await receiver.waitFor((requests) => requests.length >= seen + part * 0.6, 5 * minute);
    times.push(await restarts.measure(killHost));
  }
  return times;
}

it(
  `loses nothing when the host is killed ${kills} times while it works, and repeats only attempts that were running`,
  async () => {
    const svix = createClient(system.url, system.token);
    const tenants = await prepareTenants(svix, receiver);
    const [posted, times] = await Promise.all([postMessages(svix, tenants, messages), killByPlan()]);
    await receiver.waitFor(followDeliveries(posted).areAllDone, 8 * minute);

    const { duplicates: count, ...report } = checkDeliveries(receiver, posted, tenants);
    expect(report).toEqual({ missing: 0, badSignatures: 0, wrongBodies: 0, outOfOrder: 0, toPrivate: 0 });
    expect(new Set(posted.map(({ messageId }) => messageId)).size).toBe(messages);

    const duplicates = findDuplicates(receiver.requests, posted);
    expect(duplicates).toHaveLength(count);
    const explained = explainDuplicates(duplicates, times);
    process.stdout.write(`${describeDuplicates(receiver.requests.length, explained)}\n${restarts.describe()}\n`);
    expect(explained.unexplained).toEqual([]);
  },
  15 * minute,
);
