import { readFile } from 'node:fs/promises';
import { tableName } from '@posthorn/contracts';
import { localStage } from '@posthorn/local-supervisor/host-options';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { Svix } from 'svix';
import { type Faults, planFaults } from './fixtures/plan-faults.ts';
import { until } from './fixtures/until.ts';

const messageCount = 240;
const writers = 8;

/** The process dies before and after fan-out writes the log, several times. */
const kills = [1, 2, 3].flatMap((nth) =>
  (['before', 'after'] as const).map((when) => ({
    step: `${when} ${nth}`,
    point: {
      gate: 'tables',
      when,
      function: 'onMessageInserted',
      operation: 'TransactWriteItems',
      target: tableName(localStage, 'message-log'),
    } as const,
    nth,
  })),
);

interface Accepted {
  readonly id: string;
  readonly writer: number;
  /** It was sent when the first poll had been answered. */
  readonly wasPolled: boolean;
}

let system: LaunchedSystem;
let faults: Faults;
let svix: Svix;
beforeAll(async () => {
  // Batches of the stream are run twice and cut in two, besides.
  faults = await planFaults({ seed: 1, hiddenSeconds: 2, kills, eventSources: { replay: 0.5, cut: 0.5 } });
  system = await launchSystem(faults.environment);
  svix = new Svix(system.token, { serverUrl: system.url, numRetries: 20 });
});
afterAll(async () => {
  await system?.stop();
  await faults?.remove();
});

async function killsDone(): Promise<number> {
  const journal = await readFile(`${faults.environment.POSTHORN_FAULTS}.journal`, 'utf8');
  return journal
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
    .filter(({ kind }) => kind === 'killed').length;
}

/** Polls until it is told to stop, with pages of this length. It goes on where it was, and notes what it gets. */
async function pollUntil(app: string, sink: string, { limit, isOver }: { limit: number; isOver: () => boolean }) {
  const read: string[] = [];
  let iterator: string | undefined;
  for (let isLast = false; ; ) {
    const given = iterator === undefined ? {} : { iterator };
    const page = await svix.message.poller.poll(app, sink, { limit, ...given });
    read.push(...page.data.map(({ id }) => id));
    ({ iterator } = page);
    if (isLast && page.done) return read;
    isLast = isOver();
  }
}

/** Everything that is in the log now. */
async function readAll(app: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  let iterator: string | undefined;
  for (;;) {
    const given = iterator === undefined ? {} : { iterator };
    const page = await svix.message.poller.poll(app, 'check', { limit: 250, ...given });
    for (const { id } of page.data) ids.add(id);
    if (page.done) return ids;
    ({ iterator } = page);
  }
}

/** Like `pollUntil`, for a consumer that dies now and then before it acknowledges. */
async function consumeUntil(app: string, isOver: () => boolean): Promise<readonly string[]> {
  const processed: string[] = [];
  let iterator: string | undefined;
  for (let [round, isLast] = [1, false]; ; round += 1) {
    const given = iterator === undefined ? {} : { iterator };
    const page = await svix.message.poller.consumerPoll(app, 'orders', 'one', { limit: 7, ...given });
    processed.push(...page.data.map(({ id }) => id));
    const dies = round % 5 === 0;
    iterator = dies ? undefined : page.iterator;
    if (!dies && isLast && page.done && page.data.length === 0) return processed;
    isLast = isOver();
  }
}

describe('polls, while the process dies around the writes of the log, and batches are repeated and cut', () => {
  it('get each message once and in one order, and consumers that die get each at least once', async () => {
    const { id: app } = await svix.application.create({ name: 'Polled' });
    const accepted: Accepted[] = [];
    let isPolled = false;
    let haveAllDied = false;
    let isOver = false;
    const write = async (writer: number) => {
      for (let [n, promised] = [0, 0]; promised < messageCount / writers || !haveAllDied; n += 1) {
        const wasPolled = isPolled;
        if (wasPolled) promised += 1;
        // A message with an `eventId` gets its place in the order by a relay.
        const eventId = writer % 2 === 0 ? { eventId: `${writer}-${n}` } : {};
        const { id } = await svix.message.create(app, { eventType: 'a', payload: { writer, n }, ...eventId });
        accepted.push({ id, writer, wasPolled });
      }
    };
    const writing = Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
    await until('messages are accepted before the first poll', async () => accepted.length >= writers);
    await svix.message.poller.poll(app, 'orders');
    // Messages that are sent from here on are in the log, and perhaps a few earlier ones.
    isPolled = true;
    const pollers = [1, 3, 250].map((limit, n) => pollUntil(app, `sink-${n}`, { limit, isOver: () => isOver }));
    const consumer = consumeUntil(app, () => isOver);
    // There is something to write until the process has died at each point.
    await until('the process has died at each point', async () => (await killsDone()) === kills.length);
    haveAllDied = true;
    await writing;
    const promised = accepted.filter(({ wasPolled }) => wasPolled);
    expect(promised.length).toBeGreaterThanOrEqual(messageCount);
    const isThere = async () => {
      const found = await readAll(app);
      return promised.every(({ id }) => found.has(id));
    };
    await until('all messages are in the log', isThere);
    isOver = true;
    const [first = [], ...others] = await Promise.all(pollers);
    expect(new Set(first).size).toBe(first.length);
    expect(promised.filter(({ id }) => !first.includes(id))).toEqual([]);
    expect(first.filter((id) => !accepted.some((one) => one.id === id))).toEqual([]);
    for (const other of others) expect(other).toEqual(first);
    // A message that was sent when another one was accepted is behind it.
    for (let writer = 0; writer < writers; writer += 1) {
      const own = promised.filter((one) => one.writer === writer).map(({ id }) => id);
      expect(first.filter((id) => own.includes(id))).toEqual(own);
    }
    const processed = await consumer;
    expect([...new Set(processed)].toSorted()).toEqual(first.toSorted());
  });
});
