import { readFile } from 'node:fs/promises';
import { tableName } from '@posthorn/contracts';
import { localStage } from '@posthorn/local-supervisor/host-options';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { Svix } from 'svix';
import { type Faults, planFaults } from './fixtures/plan-faults.ts';
import { until } from './fixtures/until.ts';

const minute = 60_000;
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

let system: LaunchedSystem;
let faults: Faults;
let svix: Svix;
beforeAll(async () => {
  // Batches of the stream are run twice and cut in two, besides.
  faults = await planFaults({ seed: 1, hiddenSeconds: 2, kills, eventSources: { replay: 0.5, cut: 0.5 } });
  system = await launchSystem(faults.environment);
  svix = new Svix(system.token, { serverUrl: system.url, numRetries: 20 });
}, 3 * minute);
afterAll(async () => {
  await system?.stop();
  await faults?.remove();
}, minute);

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
  it(
    'get each message once and in one order, and consumers that die get each at least once',
    async () => {
      const { id: app } = await svix.application.create({ name: 'Polled' });
      // From here on, all messages are in the log.
      await svix.message.poller.poll(app, 'orders');
      const accepted: string[] = [];
      let isOver = false;
      const pollers = [1, 3, 250].map((limit, n) => pollUntil(app, `sink-${n}`, { limit, isOver: () => isOver }));
      const consumer = consumeUntil(app, () => isOver);
      const write = async (writer: number) => {
        for (let n = 0; n < messageCount / writers; n += 1) {
          const { id } = await svix.message.create(app, { eventType: 'a', payload: { writer, n } });
          accepted.push(id);
        }
      };
      await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
      await until('all messages are in the log', async () => (await readAll(app)).size >= accepted.length);
      isOver = true;
      const [first = [], ...others] = await Promise.all(pollers);
      expect(first.toSorted()).toEqual(accepted.toSorted());
      for (const other of others) expect(other).toEqual(first);
      const processed = await consumer;
      expect([...new Set(processed)].toSorted()).toEqual(accepted.toSorted());
      expect(await killsDone()).toBe(kills.length);
    },
    6 * minute,
  );
});
