import { matchRoute, toEvent } from './gateway.ts';

const routes = [
  '$default',
  'GET /app/{app_id}',
  'GET /app/stats',
  'POST /app/{app_id}/msg',
  'GET /app/{app_id}/{part}',
];

describe('the route of a request', () => {
  it.each([
    ['GET', '/app/a%2Fb', 'GET /app/{app_id}', { app_id: 'a/b' }],
    ['GET', '/app/stats', 'GET /app/stats', {}],
    ['GET', '/app/a/msg', 'GET /app/{app_id}/{part}', { app_id: 'a', part: 'msg' }],
    ['POST', '/app/a/msg', 'POST /app/{app_id}/msg', { app_id: 'a' }],
    ['POST', '/app/a', '$default', {}],
    ['GET', '/app/', '$default', {}],
  ])('%s %s is %s', (method, path, routeKey, parameters) => {
    expect(matchRoute(routes, method, path)).toEqual({ routeKey, parameters });
  });
});

describe('an event', () => {
  const event = (path: string, body?: string) =>
    toEvent(
      { method: 'POST', path, headers: { Authorization: 'Bearer x' }, ...(body === undefined ? {} : { body }) },
      { routeKey: 'POST /a', parameters: {} },
    );

  it('has lower-case header names and the length of the body in bytes', () => {
    expect(event('/a', 'é')).toMatchObject({
      headers: { authorization: 'Bearer x', 'content-length': '2' },
      body: 'é',
      isBase64Encoded: false,
    });
  });

  it('has the query as text and by name, and no parameters or body if the request has none', () => {
    expect(event('/a?limit=2')).toMatchObject({ rawPath: '/a', rawQueryString: 'limit=2' });
    expect(event('/a?limit=2')).toHaveProperty('queryStringParameters', { limit: '2' });
    for (const absent of ['pathParameters', 'body', 'queryStringParameters'])
      expect(event('/a')).not.toHaveProperty(absent);
  });
});
