import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { runProgram } from '@posthorn/local-supervisor/testing/run-program';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { killIfThere } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';

const minute = 60_000;
const messageCount = 40;
const posthorn = join(createRequire(import.meta.url).resolve('@posthorn/cli'), '../bin.ts');

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
beforeAll(async () => {
  // Retries are planned before other attempts are made, and stored behind them.
  [system, receiver] = await Promise.all([launchSystem({ POSTHORN_RETRY_SCHEDULE: '1,1' }), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url });
}, 3 * minute);
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
}, minute);

it(
  'posthorn tail prints each attempt once, of endpoints and destinations, also of those that are new',
  async () => {
    receiver.respond('/slow', () => ({ status: 200, delayMs: 700 }));
    receiver.respond('/bad', () => ({ status: 500 }));
    const { id: app } = await svix.application.create({ name: 'Tailed' });
    const create = async (path: string) => (await svix.endpoint.create(app, { url: `${receiver.url}${path}` })).id;
    const destination = { type: 'fifoEndpoint', config: { url: `${receiver.url}/fifo` } } as const;
    const endpoints = [
      await create('/slow'),
      await create('/bad'),
      (await svix.destination.create(app, destination)).id,
    ];
    const tailing = runProgram(posthorn, ['tail', '--json', '--app', app], {
      POSTHORN_URL: system.url,
      POSTHORN_TOKEN: system.token,
    });
    try {
      await tailing.waitFor(/"tailing"/);
      for (let n = 0; n < messageCount / 2; n += 1) await svix.message.create(app, { eventType: 'a', payload: { n } });
      endpoints.push(await create('/new'));
      for (let n = 0; n < messageCount / 2; n += 1) await svix.message.create(app, { eventType: 'a', payload: { n } });
      // Three attempts at the endpoint that fails, and one at each of the others. The new one gets half of the messages.
      const expected = 3 * messageCount + 2 * messageCount + messageCount / 2;
      const made = async () => {
        const ids: string[] = [];
        for (const id of endpoints) {
          let iterator: string | null | undefined;
          do {
            const page = await svix.messageAttempt.listByEndpoint(app, id, {
              limit: 250,
              ...(iterator && { iterator }),
            });
            ids.push(...page.data.map((attempt) => attempt.id));
            iterator = page.done ? undefined : page.iterator;
          } while (iterator);
        }
        return ids.toSorted();
      };
      await until('all attempts are made', async () => (await made()).length === expected);
      const printed = () =>
        tailing
          .stdout()
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line) as { readonly id: string; readonly type: string });
      await until('all attempts are printed', () => printed().length >= expected);
      expect(
        printed()
          .map(({ id }) => id)
          .toSorted(),
      ).toEqual(await made());
      expect(new Set(printed().map(({ type }) => type))).toEqual(new Set(['a']));
    } finally {
      killIfThere(tailing.pid, 'SIGTERM');
    }
    expect(await tailing.ended).toBe(143);
  },
  10 * minute,
);
