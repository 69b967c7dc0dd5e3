import { setTimeout as wait } from 'node:timers/promises';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { checkDeliveries, countDelivered } from './load/check-deliveries.ts';
import { findDuplicates } from './load/find-duplicates.ts';
import { createClient, postMessages, prepareTenants } from './load/order-traffic.ts';

const messages = 600;
const minute = 60_000;
/** The kills: after how many requests, and which service. */
const plan = [
  { after: 150, service: 'queue-workers' },
  { after: 300, service: 'db-triggers' },
  { after: 450, service: 'queue-workers' },
  { after: 700, service: 'api' },
  { after: 800, service: 'queue-workers' },
] as const;

let system: LaunchedSystem;
let receiver: Receiver;
beforeAll(async () => {
  [system, receiver] = await Promise.all([launchSystem({ POSTHORN_RETRY_SCHEDULE: '1,1,2' }), startReceiver()]);
}, 3 * minute);
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
}, minute);

async function pidOf(service: string): Promise<number | undefined> {
  return (await system.cloud()).processes[service];
}

/**
 * Kills a service with SIGKILL. Resolves when its successor has started. By then everything that the killed service
 * sent has arrived, and the successor, which takes seconds to load, has sent nothing yet.
 */
async function kill(service: string): Promise<Date> {
  const pid = await pidOf(service);
  if (pid === undefined) throw new Error(`${service} is not running`);
  process.kill(pid, 'SIGKILL');
  while ((await pidOf(service)) === pid) await wait(50);
  return new Date();
}

async function killByPlan(): Promise<readonly Date[]> {
  const kills: Date[] = [];
  for (const { after, service } of plan) {
    await receiver.waitFor((requests) => requests.length >= after, 5 * minute);
    const killedAt = await kill(service);
    if (service === 'queue-workers') kills.push(killedAt);
  }
  return kills;
}

it(
  'loses nothing when services are killed while they work, and repeats only attempts that were running',
  async () => {
    const svix = createClient(system.url, system.token);
    const tenants = await prepareTenants(svix, receiver);
    const [posted, kills] = await Promise.all([postMessages(svix, tenants, messages), killByPlan()]);
    // The messages of a killed worker come back after the queue's visibility timeout of two minutes.
    await receiver.waitFor((requests) => countDelivered(requests, posted) === messages * 3, 8 * minute);

    const { duplicates: count, ...report } = checkDeliveries(receiver, posted, tenants);
    expect(report).toEqual({ missing: 0, badSignatures: 0, wrongBodies: 0, outOfOrder: 0, toPrivate: 0 });
    expect(new Set(posted.map(({ messageId }) => messageId)).size).toBe(messages);

    const duplicates = findDuplicates(receiver.requests, posted);
    expect(duplicates).toHaveLength(count);
    process.stdout.write(
      `${count} of ${receiver.requests.length} requests were duplicates: a worker sent them and was killed before it recorded the attempt\n`,
    );
    const unexplained = duplicates.filter(
      ({ endedAt, repeatedAt }) => !kills.some((killedAt) => endedAt <= killedAt && repeatedAt > killedAt),
    );
    expect(unexplained).toEqual([]);
  },
  15 * minute,
);
