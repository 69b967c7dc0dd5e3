import { setTimeout as wait } from 'node:timers/promises';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { checkDeliveries, countDelivered } from './load/check-deliveries.ts';
import { findDuplicates } from './load/find-duplicates.ts';
import { createClient, postMessages, prepareTenants } from './load/order-traffic.ts';

const messages = 600;
const minute = 60_000;
/** After how many requests each kill comes, and whom it hits. */
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
 * Kills a service outright, and answers when its successor has begun. By then all that it had sent has arrived, some of it
 * after its death, and the successor, which takes seconds to load, has sent nothing yet.
 */
async function kill(service: string): Promise<Date> {
  const pid = await pidOf(service);
  if (pid === undefined) throw new Error(`${service} does not run`);
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
  'loses nothing when services are killed in the middle, and repeats only what was under way',
  async () => {
    const svix = createClient(system.url, system.token);
    const tenants = await prepareTenants(svix, receiver);
    const [posted, kills] = await Promise.all([postMessages(svix, tenants, messages), killByPlan()]);
    // What a killed worker had received comes back when the queue's visibility timeout of two minutes is over.
    await receiver.waitFor((requests) => countDelivered(requests, posted) === messages * 3, 8 * minute);

    const { duplicates: count, ...report } = checkDeliveries(receiver, posted, tenants);
    expect(report).toEqual({ missing: 0, badSignatures: 0, wrongBodies: 0, outOfOrder: 0, toPrivate: 0 });
    expect(new Set(posted.map(({ messageId }) => messageId)).size).toBe(messages);

    const duplicates = findDuplicates(receiver.requests, posted);
    expect(duplicates).toHaveLength(count);
    process.stdout.write(
      `${count} of ${receiver.requests.length} requests were duplicates: sent by a worker that was killed before it had recorded them\n`,
    );
    const unexplained = duplicates.filter(
      ({ endedAt, repeatedAt }) => !kills.some((killedAt) => endedAt <= killedAt && repeatedAt > killedAt),
    );
    expect(unexplained).toEqual([]);
  },
  15 * minute,
);
