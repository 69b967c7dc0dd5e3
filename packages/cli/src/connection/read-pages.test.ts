import { runCli } from '../testing/run-cli.ts';
import { startApi } from '../testing/start-api.ts';

it('reads all pages of a list, with the iterator of each', async () => {
  const pages = [
    { data: [{ id: 'tok_1' }, { id: 'tok_2' }], iterator: 'tok_2', done: false },
    { data: [], iterator: 'tok_2-', done: false },
    { data: [{ id: 'tok_3' }], iterator: 'tok_3', done: true },
  ];
  const { env, requests, stop } = await startApi({
    'GET /auth/app/acme/token': (order) => ({ body: pages[order - 1] }),
  });
  const ran = await runCli(['tokens', 'list', '--app', 'acme', '--json'], { env });
  await stop();
  expect(JSON.parse(ran.stdout)).toEqual([{ id: 'tok_1' }, { id: 'tok_2' }, { id: 'tok_3' }]);
  expect(requests.map(({ url }) => new URL(url, 'http://x').searchParams.get('iterator'))).toEqual([
    null,
    'tok_2',
    'tok_2-',
  ]);
});
