import { posix } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { allOperations } from '@posthorn/contracts/api/all-operations';
import { absentOperations } from '@posthorn/contracts/svix/absent-operations';
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
    const { serve } = anApi(undefined, { health: { kind: 'unhealthy', reason: 'There is no space.' } });
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

  it('serves the reference as a page that loads from here only', async () => {
    const { headers, body = '' } = await get('/docs');
    expect(headers?.['content-type']).toBe('text/html; charset=utf-8');
    expect(headers?.['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; /);
    const files = [...body.matchAll(/(?:src|stylesheet" href)="([^"]+)"/g)].map(([, path]) => path);
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      const answer = await get(`/${file}`);
      expect(answer.statusCode).toBe(200);
      expect(answer.headers?.['content-type']).toMatch(/^text\/(css|javascript); /);
      expect(answer.body?.length).toBeGreaterThan(0);
    }
    expect(body).not.toMatch(/<style|<script>|https?:/);
    expect((await get('/docs/page.html')).statusCode).toBe(404);
    expect((await get('/docs/../package.json')).statusCode).toBe(404);
  });

  it('sends the files of the reference compressed to clients that take that', async () => {
    const plain = await get('/docs/start.js');
    const packed = await get('/docs/start.js', { headers: { 'Accept-Encoding': 'gzip, br' } });
    expect(packed).toMatchObject({ isBase64Encoded: true, headers: { 'content-encoding': 'br' } });
    expect(brotliDecompressSync(Buffer.from(packed.body ?? '', 'base64')).toString()).toBe(plain.body);
  });

  it('redirects the root to the reference', async () => {
    expect(await get('/')).toMatchObject({ statusCode: 307, headers: { location: '/docs' } });
  });

  it.each(['/api/v1/nothing', '/elsewhere', '//example.com/api/v1/app/'])('responds with 404 to %s', async (path) => {
    const answer = await get(path);
    expect(answer.statusCode).toBe(404);
    expect(bodyOf(answer)).toEqual({ code: 'unknown_path', detail: 'There is nothing at this path' });
  });

  it('tells an unknown path from a thing that does not exist', async () => {
    const missing = await anApi().serve(aRequest({ path: '/api/v1/app/nobody' }));
    const unknown = await get('/api/v1/apps/nobody');
    expect([missing, unknown].map(({ statusCode }) => statusCode)).toEqual([404, 404]);
    expect([missing, unknown].map((answer) => bodyOf(answer).code)).toEqual(['not_found', 'unknown_path']);
  });

  it.each(absentOperations.map(({ method, path, part }) => [method, path, part.name] as const))(
    'responds with 501 to %s %s of Svix, with or without a slash',
    async (method, path, part) => {
      const filled = path.replaceAll(/\{\w+\}/g, 'x');
      for (const actual of [filled, `${filled}/`]) {
        const answer = await get(actual, { method });
        expect(answer.statusCode).toBe(501);
        expect(bodyOf(answer)).toEqual({ code: 'not_implemented', detail: expect.stringContaining(part) });
      }
    },
  );

  it('tells an unknown path and a wrong method from an operation that is not implemented', async () => {
    expect(await get('/api/v1/stream/a/b/c/d')).toMatchObject({ statusCode: 404 });
    expect(await get('/api/v1/streams')).toMatchObject({ statusCode: 404 });
    expect(await get('/api/v1/connector', { method: 'DELETE' })).toMatchObject({
      statusCode: 405,
      headers: { allow: '' },
    });
  });

  it('lists the methods of a path', async () => {
    const answer = await get('/api/v1/app/app_1/msg', { method: 'DELETE' });
    expect(answer).toMatchObject({ statusCode: 405, headers: { allow: 'POST, GET' } });
    expect(bodyOf(answer)).toMatchObject({ code: 'method_not_allowed' });
  });

  it.each(['GET', 'POST'])('redirects %s of a path with a slash to the path without it', async (method) => {
    const answer = await get('/api/v1/app/app_1/msg/', { method, search: 'with_content=false' });
    expect(answer).toMatchObject({
      statusCode: 308,
      headers: { location: '/api/v1/app/app_1/msg?with_content=false' },
    });
  });

  it.each([
    ['DELETE', '/api/v1/app/app_1'],
    ['PUT', '/api/v1/app/app_1'],
    ['PATCH', '/api/v1/app/app_1/endpoint/ep_1'],
  ])('does not redirect %s: the client may have meant another thing than %s', async (method, path) => {
    const answer = await get(`${path}/`, { method });
    expect(answer.statusCode).toBe(404);
    expect(answer.headers).not.toHaveProperty('location');
    const detail = `There is nothing at this path: it ends with a slash. Without it: ${path}`;
    expect(bodyOf(answer)).toEqual({ code: 'unknown_path', detail });
  });

  it('redirects no POST that a client has shortened, because such a path has no operation', () => {
    const posts = Object.values(allOperations).filter(({ method }) => method === 'POST');
    const paths = new Set<string>(posts.map(({ path }) => path));
    const ofNames = posts.filter(({ path }) => path.endsWith('}')).map(({ path }) => path.replace(/\{\w+\}$/, ''));
    const shortened = ofNames.flatMap((path) => [path, posix.join(path, '..')]).map((path) => path.replace(/\/$/, ''));
    expect(shortened.length).toBeGreaterThan(0);
    expect(shortened.filter((path) => paths.has(path))).toEqual([]);
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
