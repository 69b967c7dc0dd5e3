import { runProgram } from '@posthorn/local-supervisor/testing/run-program';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { launchWithClock, type MovableSystem } from './fixtures/launch-with-clock.ts';
import { type Faults, planFaults } from './fixtures/plan-faults.ts';
import { commandScript } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';

const minute = 60_000;
/** Three deaths with others, and three alone. */
const deaths = 6;
/** It ends so long after the first one. */
const patience = 11 * minute;

let system: MovableSystem;
let receiver: Receiver;
let faults: Faults;
let svix: Svix;
beforeAll(async () => {
  [receiver, faults] = await Promise.all([startReceiver(), planFaults({ seed: 1, hiddenSeconds: 2 })]);
  system = await launchWithClock(faults.environment);
  svix = new Svix(system.token, { serverUrl: system.url });
});
afterAll(async () => {
  await Promise.all([system.stop(), receiver.stop()]);
  await faults.remove();
});

/**
 * Whatever is sent to the path kills the process of the worker. Returns the processes that were killed. A worker can send
 * before its process is the one that is known, so the answer waits for that one.
 */
function killFrom(path: string): ReadonlySet<number> {
  const killed = new Set<number>();
  receiver.respond(path, async () => {
    await until('its worker is killed', async () => {
      const { processes } = await system.cloud();
      if (processes.host === undefined || !isKilled(processes.host)) return false;
      killed.add(processes.host);
      return true;
    });
    return 'reset' as const;
  });
  return killed;
}

/** False if the process has ended already. */
function isKilled(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

const arrivals = (path: string): readonly string[] =>
  receiver.requestsTo(path).map(({ headers }) => String(headers['webhook-id']));

async function deadLetters() {
  const program = runProgram(commandScript('redrive'), ['--json'], { POSTHORN_DATA_DIR: system.dataDir });
  if ((await program.ended) !== 0) return [];
  const { queues } = JSON.parse(program.stdout()) as {
    queues: { entries: { messageId?: string; reason: string | null }[] }[];
  };
  return queues.flatMap(({ entries }) => entries);
}

describe('a job that kills its worker each time', () => {
  it('is set aside with its reason and a record, and the others go on', async () => {
    const app = await svix.application.create({ name: 'Poison' });
    const endpoint = await svix.endpoint.create(app.id, { url: `${receiver.url}/poison`, channels: ['poison'] });
    await svix.endpoint.create(app.id, { url: `${receiver.url}/good` });
    const killed = killFrom('/poison');
    const since = new Date(Date.now() - minute);
    const { id } = await svix.message.create(app.id, { eventType: 'a', payload: {}, channels: ['poison'] });
    await until('it has died again and again', () => killed.size >= deaths);
    expect(await deadLetters()).toEqual([]);
    await system.shiftClock(patience);
    await until('it is set aside', async () => (await deadLetters()).some(({ messageId }) => messageId === id));
    expect(await deadLetters()).toMatchObject([{ messageId: id, reason: 'its worker died, also when it ran alone' }]);
    await until('the other delivery was made', () => arrivals('/good').includes(id));

    // Its record is what `recover` finds it by.
    receiver.respond('/poison', async () => ({ status: 204 }));
    const before = arrivals('/poison').length;
    await svix.endpoint.recover(app.id, endpoint.id, { since });
    await until('it was recovered', () => arrivals('/poison').length > before);
  });

  it('blocks its group, and other groups go on', async () => {
    const app = await svix.application.create({ name: 'Poison in order' });
    const destination = await svix.destination.create(app.id, {
      type: 'fifoEndpoint',
      config: { url: `${receiver.url}/in-order` },
      metadata: { orderBy: '$.k' },
    });
    const killed = killFrom('/in-order');
    const { id } = await svix.message.create(app.id, { eventType: 'a', payload: { k: 'a' } });
    await until('it has died again and again', () => killed.size >= deaths);
    await system.shiftClock(2 * patience);
    const shown = () => svix.destination.get(app.id, destination.id);
    await until('its group is blocked', async () => {
      const { status } = await shown().catch(() => ({ status: 'unknown' }));
      return String(status) === 'paused';
    });
    receiver.respond('/in-order', async () => ({ status: 204 }));
    const other = await svix.message.create(app.id, { eventType: 'a', payload: { k: 'b' } });
    await until('another group has gone on', () => arrivals('/in-order').includes(other.id));
    expect((await deadLetters()).filter(({ messageId }) => messageId === id)).toEqual([]);
  });
});
