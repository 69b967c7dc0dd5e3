import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { runProgram } from '@posthorn/local-supervisor/testing/run-program';
import { nthId } from '@posthorn/testing';
import { Svix } from 'svix';
import { commandScript } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';

const minute = 60_000;
/** As many polls as one organisation can have held at a time. */
const heldOfOrganisation = 128;

let system: LaunchedSystem;
let svix: Svix;
beforeAll(async () => {
  system = await launchSystem({ POSTHORN_METRICS_PORT: '0' });
  svix = new Svix(system.token, { serverUrl: system.url, numRetries: 20 });
});
afterAll(() => system?.stop());

interface PolledPage {
  readonly data: readonly { readonly id: string }[];
  readonly iterator: string;
  readonly afterMs: string | null;
}

interface PollOf {
  readonly app: string;
  readonly search?: string;
  readonly token?: string;
}

async function poll({ app, search = '', token = system.token }: PollOf): Promise<PolledPage> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await fetch(`${system.url}/api/v1/app/${app}/poller/held?${search}`, { headers });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${answer.status} ${text}`);
  return { ...JSON.parse(text), afterMs: answer.headers.get('x-poll-after-ms') };
}

/** An application that is polled from now on, and where its polls go on. */
async function aPolledApplication(token = system.token): Promise<{ readonly app: string; readonly iterator: string }> {
  const { id: app } = await new Svix(token, { serverUrl: system.url }).application.create({ name: 'Polled' });
  return { app, iterator: (await poll({ app, search: 'start=newest', token })).iterator };
}

const send = async (app: string, payload: object = {}): Promise<string> =>
  (await svix.message.create(app, { eventType: 'a', payload })).id;

/** How many functions run now. A request that is held is one of them. */
async function runningCount(): Promise<number> {
  const token = await readFile(join(system.dataDir, 'metrics-token'), 'utf8');
  const { metrics } = await system.cloud();
  const text = await (await fetch(`${metrics}/metrics`, { headers: { authorization: `Bearer ${token}` } })).text();
  return Number(/^posthorn_invocations_running (\d+)$/m.exec(text)?.[1]);
}

it(
  'gets each message once and in order by polls that are held, while the process is killed and started again',
  async () => {
    const { app, iterator: start } = await aPolledApplication();
    const read: string[] = [];
    const readAt: number[] = [];
    let isOver = false;
    const reading = (async () => {
      for (let iterator = start; !isOver; ) {
        try {
          const page = await poll({ app, search: `wait=25&iterator=${iterator}` });
          read.push(...page.data.map(({ id }) => id));
          readAt.push(...page.data.map(() => performance.now()));
          ({ iterator } = page);
        } catch {
          await pause(50);
        }
      }
    })();
    const accepted: string[] = [];
    const delaysMs: number[] = [];
    for (let n = 0; n < 45; n += 1) {
      accepted.push(await send(app, { n }));
      const acceptedAt = performance.now();
      await until('the message is read', () => read.length === accepted.length);
      delaysMs.push((readAt.at(-1) ?? 0) - acceptedAt);
      // The next poll is held by now, or about to be.
      if (n % 15 === 7) process.kill((await system.cloud()).processes.host ?? 0, 'SIGKILL');
    }
    isOver = true;
    await send(app);
    await reading;
    expect(read.slice(0, accepted.length)).toEqual(accepted);
    delaysMs.sort((one, other) => one - other);
    process.stdout.write(
      `A message was read ${delaysMs[Math.floor(delaysMs.length / 2)]?.toFixed(0)} ms after it was accepted (median).\n`,
    );
  },
  5 * minute,
);

it(
  'serves other organisations while one has as many polls held as it can, in as many applications as it likes',
  async () => {
    const issued = runProgram(commandScript('token'), ['--org', nthId('organisation', 7)], {
      POSTHORN_DATA_DIR: system.dataDir,
    });
    expect(await issued.ended).toBe(0);
    const hostile = issued.stdout().trim();
    const theirs = await Promise.all(Array.from({ length: 6 }, () => aPolledApplication(hostile)));
    const own = await aPolledApplication();
    const before = await runningCount();
    const answers: PolledPage[] = [];
    let isOver = false;
    const flood = theirs.flatMap(({ app, iterator }) =>
      Array.from({ length: 64 }, async () => {
        while (!isOver) {
          const page = await poll({ app, search: `wait=25&iterator=${iterator}`, token: hostile });
          answers.push(page);
          await pause(Number(page.afterMs));
        }
      }),
    );
    await until('they hold all that they can', async () => {
      const held = (await runningCount()) - before;
      return held >= heldOfOrganisation && answers.some(({ afterMs }) => afterMs === '2000');
    });
    let { iterator } = own;
    for (let n = 0; n < 20; n += 1) {
      const next = poll({ app: own.app, search: `wait=25&iterator=${iterator}` });
      const id = await send(own.app);
      const page = await next;
      // It was held, or began after the message was there.
      expect([page.data.map((one) => one.id), page.afterMs]).toEqual([[id], '0']);
      ({ iterator } = page);
    }
    isOver = true;
    await system.stop();
    // Their requests have ended: some with an answer, and some because nothing runs any more.
    await Promise.allSettled(flood);
    for (const { data } of answers) expect(data).toEqual([]);
  },
  5 * minute,
);

it(
  'answers all polls that are held when it stops',
  async () => {
    system = await launchSystem({ POSTHORN_METRICS_PORT: '0' });
    svix = new Svix(system.token, { serverUrl: system.url });
    const { app, iterator } = await aPolledApplication();
    const before = await runningCount();
    const held = Array.from({ length: 50 }, () => poll({ app, search: `wait=25&iterator=${iterator}` }));
    let answered = 0;
    for (const one of held) void one.then(() => (answered += 1));
    await until('all are held', async () => (await runningCount()) - before >= held.length);
    // An answer that was not held back would have come before these.
    for (let n = 0; n < 3; n += 1) await aPolledApplication();
    expect(answered).toBe(0);
    const [code, ...pages] = await Promise.all([system.stop(), ...held]);
    expect(code).toBe(0);
    for (const page of pages) expect(page).toMatchObject({ data: [], iterator, afterMs: '2000' });
  },
  5 * minute,
);
