import { firstAttemptIdOf } from '@posthorn/core';
import { createLogNotices } from '@posthorn/core/poller/log-notices';
import { nthId, secondsLater } from '@posthorn/testing';
import { aRequest, bodyOf } from './fixtures/a-request.ts';
import { anApiOn } from './fixtures/an-api.ts';
import { filled, fillTables, messageCount, resentMessage } from './fixtures/fill-tables.ts';
import { type MeteredTables, openMeteredTables } from './fixtures/metered-tables.ts';
import { createRepositories } from './fixtures/repositories.ts';

const minutes = 60_000;
const app = '/api/v1/app/{app_id}';
const values: Readonly<Record<string, string>> = {
  app_id: nthId('application', 0),
  msg_id: nthId('message', 11_000),
  sink_id: 'orders',
  consumer_id: 'one',
  endpoint_id: filled.accepting,
};
const middle = {
  message: nthId('message', 10_050),
  attempt: firstAttemptIdOf({ messageId: nthId('message', 10_050), endpointId: filled.accepting }),
  time: secondsLater(10_050).toISOString(),
};
const root = app.replace('{app_id}', nthId('application', 0));
const [lastOnes, end] = [19_200, 20_200].map((seconds) => secondsLater(seconds).toISOString());
const monthAgo = secondsLater(-29 * 24 * 3_600).toISOString();

interface List {
  readonly path: string;
  /** Values of parameters in the path, where they are not the usual ones. */
  readonly at?: Readonly<Record<string, string>>;
  /** Read units that a page may cost, by the query. */
  readonly pages: Readonly<Record<string, number>>;
}

const lists: readonly List[] = [
  {
    path: '/api/v1/app',
    pages: {
      '': 20,
      'limit=250': 60,
      // It looks at one endpoint of each application.
      'limit=250&exclude_apps_with_no_endpoints=true': 350,
      // A page ends after about 2,000 endpoints. 20 applications have 250, all of them disabled.
      'limit=250&order=descending&exclude_apps_with_disabled_endpoints=true': 400,
    },
  },
  { path: '/api/v1/event-type', pages: { '': 20, 'limit=250': 60, 'with_content=true': 20 } },
  { path: '/api/v1/operational-webhook/endpoint', pages: { '': 20, 'limit=250': 80 } },
  { path: `${app}/integration`, pages: { '': 20, 'limit=250': 60 } },
  // Three keys are read for each token.
  { path: '/api/v1/auth/app/{app_id}/token', pages: { '': 130, 'limit=250': 600 } },
  { path: '/api/v1/background-task', pages: { '': 30, 'status=failed': 60 } },
  { path: `${app}/endpoint`, pages: { '': 60, 'limit=250': 150 } },
  { path: `${app}/failing-endpoint`, pages: { '': 60, 'limit=250': 150 } },
  { path: `${app}/destination`, pages: { '': 60, 'limit=250': 150 } },
  {
    path: `${app}/endpoint/{endpoint_id}/delivery`,
    at: { endpoint_id: filled.failing },
    pages: { 'state=failed': 40, 'state=planned&limit=250': 60 },
  },
  {
    path: `${app}/msg`,
    pages: {
      '': 150,
      'with_content=false': 80,
      'with_content=false&limit=250': 160,
      [`with_content=false&iterator=${middle.message}`]: 80,
      [`with_content=false&before=${middle.time}`]: 80,
      [`with_content=false&after=${middle.time}`]: 80,
      'with_content=false&channel=eu': 110,
      // A page ends after about 2,000 rows.
      'with_content=false&tag=rare': 800,
      'with_content=false&event_types=rare': 800,
    },
  },
  {
    path: `${app}/attempt/endpoint/{endpoint_id}`,
    pages: {
      '': 25,
      'limit=250': 65,
      'with_msg=true': 55,
      'channel=eu': 30,
      'status=2': 300,
      'status_code_class=500': 300,
      'event_types=rare': 300,
      // It reads the messages of 1,000 attempts.
      'tag=rare': 900,
      [`before=${middle.time}`]: 25,
      [`after=${middle.time}`]: 30,
      // It reads the statistics of 720 hours.
      [`after=${monthAgo}`]: 80,
      // It does not reach attempts that were planned before.
      [`after=${monthAgo}&before=${end}`]: 25,
      [`after=${monthAgo}&iterator=${middle.attempt}`]: 25,
      [`after=${monthAgo}&iterator=-${middle.attempt}`]: 25,
    },
  },
  {
    path: `${app}/attempt/msg/{msg_id}`,
    // Without an endpoint, it reads the ids of all endpoints, and their first attempts.
    pages: { '': 280, [`endpoint_id=${filled.half}`]: 10, 'status=2': 5, 'tag=rare': 5, [`after=${monthAgo}`]: 280 },
  },
  { path: `${app}/attempt/msg/{msg_id}`, at: { msg_id: resentMessage }, pages: { '': 170, 'limit=250': 600 } },
  {
    path: `${app}/endpoint/{endpoint_id}/msg`,
    pages: {
      '': 210,
      'with_content=false': 150,
      'with_content=false&limit=250': 500,
      [`with_content=false&before=${middle.time}`]: 150,
      [`with_content=false&after=${middle.time}`]: 150,
      'with_content=false&tag=rare': 800,
      'with_content=false&status=0': 150,
      'with_content=false&status=2': 25,
    },
  },
  {
    path: `${app}/endpoint/{endpoint_id}/msg`,
    at: { endpoint_id: filled.failing },
    pages: {
      'with_content=false': 150,
      'with_content=false&status=1': 80,
      'with_content=false&status=2': 90,
      'with_content=false&status=3': 80,
      'with_content=false&status=4': 480,
      'with_content=false&status=2&tag=rare': 250,
    },
  },
  { path: `${app}/endpoint/{endpoint_id}/msg`, at: { endpoint_id: filled.half }, pages: { 'with_content=false': 430 } },
  {
    path: `${app}/endpoint/{endpoint_id}/msg`,
    at: { endpoint_id: filled.idle },
    // The most that a page can cost: none of 1,000 messages was sent there.
    pages: { 'with_content=false': 2_600, 'with_content=false&status=2': 25 },
  },
  { path: `${app}/msg/{msg_id}/endpoint`, pages: { '': 350, 'limit=2': 15 } },
  { path: `${app}/msg/{msg_id}/endpoint`, at: { msg_id: resentMessage }, pages: { '': 370 } },
  {
    path: `${app}/poller/{sink_id}`,
    pages: {
      '': 80,
      'limit=250': 350,
      // It searches 1,000 batches by halves.
      [`after=${middle.time}`]: 110,
      'start=newest': 5,
      'channel=eu': 160,
      // A page ends after 500 messages.
      'event_type=rare': 600,
      'event_type=rare&channel=no-such': 600,
    },
  },
  { path: `${app}/poller/{sink_id}/consumer/{consumer_id}`, pages: { '': 80, 'limit=250': 350 } },
];

/** What was measured: units, requests, rows of the page, and whether it was the last one. */
const costs: string[] = [];
let tables: MeteredTables;
let serve: ReturnType<typeof anApiOn>['serve'];
beforeAll(async () => {
  tables = await openMeteredTables();
  const repositories = createRepositories(tables.store);
  await fillTables(repositories);
  serve = anApiOn(repositories, secondsLater(messageCount + 3_600)).serve;
}, 30 * minutes);
afterAll(async () => {
  await tables.close();
  process.stdout.write(`units\trequests\trows\tdone\n${costs.join('\n')}\n`);
});

describe('among 20,000 messages and 50,000 attempts', () => {
  it.each(
    lists.flatMap((list) =>
      Object.entries(list.pages).map(([search, most]) => [list.path, search, list, most] as const),
    ),
  )('a page of %s?%s costs few read units', async (path, search, { at = {} }, most) => {
    const real = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => at[name] ?? values[name] ?? '');
    const [answer, { units, requests }] = await tables.measure(() => serve(aRequest({ path: real, search })));
    expect(answer).toMatchObject({ statusCode: 200 });
    const { data, done } = bodyOf(answer);
    costs.push(`${[units, requests, data.length, done].join('\t')}\t${path}?${search}`);
    expect(units).toBeLessThanOrEqual(most);
  });

  it.each([
    ['failed attempts', `attempt/endpoint/${filled.failing}`, 'status=2', 200],
    ['attempts with a rare tag', `attempt/endpoint/${filled.accepting}`, 'tag=rare', 4],
    ['attempts made since a time', `attempt/endpoint/${filled.half}`, `after=${lastOnes}&before=${end}`, 600],
    ['attempts of a message', `attempt/msg/${resentMessage}`, '', 403],
    ['messages with a rare tag', 'msg', 'tag=rare', 4],
    ['messages that are tried again', `endpoint/${filled.failing}/msg`, 'status=3', 100],
    ['messages that failed', `endpoint/${filled.failing}/msg`, 'status=2', 100],
    ['messages that were canceled', `endpoint/${filled.failing}/msg`, 'status=4', 100],
    ['messages with a rare tag at an endpoint', `endpoint/${filled.accepting}/msg`, 'tag=rare', 4],
  ])('all %s are found', async (_, path, search, expected) => {
    const found = new Set<string>();
    const query = `with_content=false&limit=250&${search}`;
    let page = { data: [] as readonly { readonly id: string }[], iterator: '', done: false };
    while (!page.done) {
      const after = page.iterator && `&iterator=${page.iterator}`;
      page = bodyOf(await serve(aRequest({ path: `${root}/${path}`, search: query + after })));
      for (const { id } of page.data) found.add(id);
    }
    expect(found.size).toBe(expected);
  });

  it.each([
    ['the organisation', 'organisation', nthId('application', 0)],
    ['the application', nthId('application', 0), nthId('application', 0)],
    ['the organisation, by uid', 'organisation', 'quiet'],
    ['the application, by uid', nthId('application', 299), 'quiet'],
  ])('a poll costs %s at most 3 read requests if there is nothing new', async (_, token, name) => {
    const base = `/api/v1/app/${name}/poller/quiet`;
    const seek = { method: 'POST', path: `${base}/consumer/one/seek`, body: { after: end }, token } as const;
    const { iterator: ofConsumer } = bodyOf(await serve(aRequest(seek)));
    const { iterator } = bodyOf(await serve(aRequest({ path: base, search: `after=${end}`, token })));
    for (const [path, search] of [
      [base, `iterator=${iterator}`],
      [`${base}/consumer/one`, `iterator=${ofConsumer}`],
      [`${base}/consumer/one`, ''],
    ] as const) {
      const [answer, { requests }] = await tables.measure(() => serve(aRequest({ path, search, token })));
      expect(bodyOf(answer)).toMatchObject({ data: [], done: true });
      costs.push(`-\t${requests}\t0\ttrue\tquiet ${path}`);
      expect(requests).toBeLessThanOrEqual(3);
    }
  });

  it.each(['organisation', nthId('application', 0)])(
    'a poll that is held for as long as possible costs %s at most 3 read requests if nothing comes',
    async (token) => {
      const holding = { logNotices: createLogNotices(), endOfRequest: () => new AbortController().signal };
      const now = secondsLater(messageCount + 7_200);
      const held = anApiOn(createRepositories(tables.store), now, { holding });
      const base = `/api/v1/app/${nthId('application', 0)}/poller/quiet`;
      const { iterator } = bodyOf(await held.serve(aRequest({ path: base, search: 'start=newest', token })));
      for (const path of [base, `${base}/consumer/held`]) {
        const search = path === base ? `iterator=${iterator}&wait=25` : 'wait=25';
        // What a consumer without a place would read first.
        if (path !== base) {
          const seek = { method: 'POST', path: `${path}/seek`, body: { after: end }, token } as const;
          await held.serve(aRequest(seek));
        }
        const [answer, { requests }] = await tables.measure(() => held.serve(aRequest({ path, search, token })));
        expect(bodyOf(answer)).toMatchObject({ data: [], done: true });
        expect(answer.headers).toMatchObject({ 'x-poll-after-ms': '0' });
        costs.push(`-\t${requests}\t0\ttrue\theld ${path}`);
        expect(requests).toBeLessThanOrEqual(3);
      }
    },
  );

  it('every list was read', async () => {
    const { paths } = bodyOf(await serve(aRequest({ path: '/api/v1/openapi.json' })));
    const listPaths = Object.entries<{ get?: { parameters?: readonly { name: string }[] } }>(paths).flatMap(
      ([path, { get }]) => (get?.parameters?.some(({ name }) => name === 'limit') ? [path] : []),
    );
    expect([...new Set(lists.map(({ path }) => path))].toSorted()).toEqual(listPaths.toSorted());
  });
});
