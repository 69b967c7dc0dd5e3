import type { FunctionEvent } from '@posthorn/deployment';
import { aFunction } from '../testing/builders.ts';
import { createRoutes } from './routes.ts';

const route = (path: string, method: 'GET' | 'POST' = 'GET'): FunctionEvent => ({ kind: 'route', method, path });
const functions = [
  aFunction('apps', [route('/api/v1/app'), route('/api/v1/app', 'POST'), route('/api/v1/app/{app_id}')]),
  aFunction('messages', [route('/api/v1/app/{app_id}/msg/{msg_id}'), route('/api/v1/app/{other_id}/msg', 'POST')]),
  aFunction('stats', [route('/api/v1/app/stats'), route('/api/v1/app/{id}/stats/{name}/all')]),
];
const fallback = aFunction('front', [{ kind: 'fallback-route' }]);
const find = createRoutes(
  [...functions, fallback],
  ({ key }) =>
    async () =>
      key,
);

const described = async (method: string, path: string) => {
  const found = find(method, path);
  return [await found?.invoke({}), found?.routeKey, found?.parameters];
};

it.each<[string, string, string, string, object | undefined]>([
  ['GET', '/api/v1/app', 'apps', 'GET /api/v1/app', undefined],
  ['POST', '/api/v1/app', 'apps', 'POST /api/v1/app', undefined],
  ['GET', '/api/v1/app/acme', 'apps', 'GET /api/v1/app/{app_id}', { app_id: 'acme' }],
  ['POST', '/api/v1/app/acme/msg', 'messages', 'POST /api/v1/app/{other_id}/msg', { other_id: 'acme' }],
  ['GET', '/api/v1/app/a%2Fb%20c', 'apps', 'GET /api/v1/app/{app_id}', { app_id: 'a/b c' }],
  ['GET', '/api/v1/app/stats', 'stats', 'GET /api/v1/app/stats', undefined],
  [
    'GET',
    '/api/v1/app/stats/msg/m1',
    'messages',
    'GET /api/v1/app/{app_id}/msg/{msg_id}',
    { app_id: 'stats', msg_id: 'm1' },
  ],
])('finds the route of %s %s', async (method, path, key, routeKey, parameters) => {
  expect(await described(method, path)).toEqual([key, routeKey, parameters]);
});

it.each([
  ['DELETE', '/api/v1/app'],
  ['GET', '/'],
  ['GET', '/api/v1/app/'],
  ['GET', '/api/v1/app/acme/'],
  ['GET', '/api/v1/app/acme/msg/m1/more'],
])('gives %s %s to the fallback', async (method, path) => {
  expect(await described(method, path)).toEqual(['front', '$default', undefined]);
});

it('finds nothing without a fallback', () => {
  expect(createRoutes(functions, () => async () => undefined)('GET', '/')).toBeUndefined();
});
