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
  endpoint_id: filled.accepting,
};
const middle = { message: nthId('message', 10_050), time: secondsLater(10_050).toISOString() };
const monthAgo = secondsLater(-29 * 24 * 3_600).toISOString();

interface List {
  readonly path: string;
  /** Values of parameters in the path, where they are not the usual ones. */
  readonly at?: Readonly<Record<string, string>>;
  /** Read units that a page may cost, by the query. */
  readonly pages: Readonly<Record<string, number>>;
}

const lists: readonly List[] = [
  { path: '/api/v1/app', pages: { '': 20, 'limit=250': 60 } },
  { path: '/api/v1/event-type', pages: { '': 20, 'limit=250': 60, 'with_content=true': 20 } },
  { path: '/api/v1/background-task', pages: { '': 30, 'status=failed': 60 } },
  { path: `${app}/endpoint`, pages: { '': 60, 'limit=250': 150 } },
  { path: `${app}/destination`, pages: { '': 60, 'limit=250': 150 } },
  {
    path: `${app}/endpoint/{endpoint_id}/delivery`,
    at: { endpoint_id: filled.failing },
    pages: { 'state=failed': 40, 'state=planned&limit=250': 60 },
  },
  {
    path: `${app}/msg`,
    pages: {
      '': 200,
      'with_content=false': 150,
      'with_content=false&limit=250': 500,
      [`with_content=false&iterator=${middle.message}`]: 150,
      [`with_content=false&before=${middle.time}`]: 150,
      [`with_content=false&after=${middle.time}`]: 150,
      'with_content=false&channel=eu': 300,
      'with_content=false&tag=rare': 1_500,
      'with_content=false&event_types=rare': 1_500,
    },
  },
  {
    path: `${app}/attempt/endpoint/{endpoint_id}`,
    pages: {
      '': 100,
      'limit=250': 300,
      'with_msg=true': 200,
      'channel=eu': 200,
      'status=2': 1_500,
      'status_code_class=500': 1_500,
      'event_types=rare': 1_500,
      'tag=rare': 2_500,
      [`before=${middle.time}`]: 100,
      [`after=${middle.time}`]: 300,
      [`after=${monthAgo}`]: 300,
    },
  },
  {
    path: `${app}/attempt/msg/{msg_id}`,
    pages: { '': 150, [`endpoint_id=${filled.half}`]: 20, 'status=2': 20, 'tag=rare': 20, [`after=${monthAgo}`]: 150 },
  },
  { path: `${app}/attempt/msg/{msg_id}`, at: { msg_id: resentMessage }, pages: { '': 200, 'limit=250': 500 } },
  {
    path: `${app}/endpoint/{endpoint_id}/msg`,
    pages: {
      '': 500,
      'with_content=false': 400,
      'with_content=false&limit=250': 1_200,
      [`with_content=false&before=${middle.time}`]: 400,
      [`with_content=false&after=${middle.time}`]: 400,
      'with_content=false&tag=rare': 1_500,
      'with_content=false&status=0': 400,
      'with_content=false&status=2': 100,
    },
  },
  {
    path: `${app}/endpoint/{endpoint_id}/msg`,
    at: { endpoint_id: filled.failing },
    pages: {
      'with_content=false': 400,
      'with_content=false&status=1': 300,
      'with_content=false&status=2': 300,
      'with_content=false&status=3': 300,
      'with_content=false&status=4': 300,
      'with_content=false&status=2&tag=rare': 500,
    },
  },
  {
    path: `${app}/endpoint/{endpoint_id}/msg`,
    at: { endpoint_id: filled.half },
    pages: { 'with_content=false': 600 },
  },
  {
    path: `${app}/endpoint/{endpoint_id}/msg`,
    at: { endpoint_id: filled.idle },
    pages: { 'with_content=false': 3_000, 'with_content=false&status=2': 100 },
  },
  { path: `${app}/msg/{msg_id}/endpoint`, pages: { '': 500, 'limit=2': 500 } },
  { path: `${app}/msg/{msg_id}/endpoint`, at: { msg_id: resentMessage }, pages: { '': 500 } },
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
}, 5 * minutes);
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

  it('every list was read', async () => {
    const { paths } = bodyOf(await serve(aRequest({ path: '/api/v1/openapi.json' })));
    const listPaths = Object.entries<{ get?: { parameters?: readonly { name: string }[] } }>(paths).flatMap(
      ([path, { get }]) => (get?.parameters?.some(({ name }) => name === 'limit') ? [path] : []),
    );
    expect([...new Set(lists.map(({ path }) => path))].toSorted()).toEqual(listPaths.toSorted());
  });
});
