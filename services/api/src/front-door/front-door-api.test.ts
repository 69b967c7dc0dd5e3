import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';

const noToken = { headers: { Authorization: '' } };

const get = (path: string, parts: Partial<Parameters<typeof aRequest>[0]> = {}) =>
  anApi().serve(aRequest({ path, ...noToken, ...parts }));

describe('the front door', () => {
  it('is healthy, without a token', async () => {
    expect(await get('/api/v1/health')).toMatchObject({ statusCode: 200, body: '{}' });
    expect(await get('/api/v1/health', { method: 'HEAD' })).toMatchObject({ statusCode: 200 });
  });

  it('says why messages cannot be accepted, and that it is alive', async () => {
    const { serve } = anApi(undefined, { kind: 'unhealthy', reason: 'There is no space.' });
    const ask = (path: string, method: string) => serve(aRequest({ path, method, ...noToken }));
    const refusal = await ask('/api/v1/health', 'GET');
    expect(refusal.statusCode).toBe(503);
    expect(bodyOf(refusal)).toEqual({ code: 'unavailable', detail: 'There is no space.' });
    expect(await ask('/api/v1/health', 'HEAD')).toMatchObject({ statusCode: 503 });
    expect(await ask('/api/v1/health/live', 'GET')).toMatchObject({ statusCode: 200, body: '{}' });
  });

  it('describes the API', async () => {
    expect(bodyOf(await get('/api/v1/openapi.json'))).toMatchObject({ openapi: '3.1.0' });
  });

  it('serves the reference as a page that loads nothing', async () => {
    const { headers, body } = await get('/docs');
    expect(headers?.['content-type']).toBe('text/html; charset=utf-8');
    expect(body).toContain('POST /api/v1/app/{app_id}/msg');
    expect(body).not.toMatch(/<script|src=|@import/);
  });

  it('redirects the root to the reference', async () => {
    expect(await get('/')).toMatchObject({ statusCode: 307, headers: { location: '/docs' } });
  });

  it.each(['/api/v1/nothing', '/elsewhere', '//example.com/api/v1/app/'])('responds with 404 to %s', async (path) => {
    const answer = await get(path);
    expect(answer.statusCode).toBe(404);
    expect(bodyOf(answer)).toMatchObject({ code: 'not_found' });
  });

  it('lists the methods of a path', async () => {
    const answer = await get('/api/v1/app/app_1/msg', { method: 'DELETE' });
    expect(answer).toMatchObject({ statusCode: 405, headers: { allow: 'POST, GET' } });
    expect(bodyOf(answer)).toMatchObject({ code: 'method_not_allowed' });
  });

  it('redirects a path with a slash at its end to the path without it', async () => {
    const answer = await get('/api/v1/app/app_1/msg/', { method: 'POST', search: 'with_content=false' });
    expect(answer).toMatchObject({
      statusCode: 308,
      headers: { location: '/api/v1/app/app_1/msg?with_content=false' },
    });
  });

  it('lets browsers call from any origin', async () => {
    const headers = { 'Access-Control-Request-Headers': 'authorization,idempotency-key' };
    const answer = await get('/api/v1/app', { method: 'OPTIONS', headers });
    expect(answer).toMatchObject({
      statusCode: 204,
      headers: {
        'access-control-allow-origin': '*',
        'access-control-allow-headers': 'authorization,idempotency-key',
        'access-control-max-age': '600',
      },
    });
  });
});
