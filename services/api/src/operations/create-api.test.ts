import { anApplication, ids, nthId } from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';

const one = `/api/v1/app/${ids.application}`;

describe('every function', () => {
  it.each([{ headers: { Authorization: '' } }, { headers: { Authorization: 'Basic abc' } }, { token: 'nobody' }])(
    'requires a token (%j)',
    async (request) => {
      const answer = await anApi().serve(aRequest(request));
      expect(answer.statusCode).toBe(401);
      expect(bodyOf(answer)).toEqual({ code: 'authentication_failed', detail: 'Invalid token' });
    },
  );

  it('checks the token before the body', async () => {
    const answer = await anApi().serve(aRequest({ method: 'POST', token: 'nobody', body: '{' }));
    expect(answer.statusCode).toBe(401);
  });

  it("refuses an application's token where only the organisation may call", async () => {
    const api = anApi();
    await api.applications.insert(anApplication());
    const answer = await api.serve(aRequest({ token: ids.application }));
    expect(answer.statusCode).toBe(403);
    expect(bodyOf(answer)).toMatchObject({ code: 'insufficient access' });
  });

  it("shows an application's token no other application", async () => {
    const api = anApi();
    await api.applications.insert(anApplication());
    await api.applications.insert(anApplication({ applicationId: nthId('application', 1) }));
    const statusFor = async (token: string) => (await api.serve(aRequest({ path: one, token }))).statusCode;
    expect(await statusFor(ids.application)).toBe(200);
    expect(await statusFor(nthId('application', 1))).toBe(404);
  });

  it.each([
    ['a text that is not JSON', '{"name":'],
    ['nothing', undefined],
  ])('refuses %s as a body with one error', async (_, body) => {
    const answer = await anApi().serve(aRequest({ method: 'POST', body }));
    expect(answer.statusCode).toBe(422);
    expect(bodyOf(answer)).toMatchObject({ detail: [{ loc: ['body'], type: 'value_error.jsondecode' }] });
  });

  it.each(['{"name":"a","__proto__":{"b":1}}', '{"name":"a","constructor":{"prototype":{}}}'])(
    'refuses the member names in %s, and says so',
    async (body) => {
      const { detail } = bodyOf(await anApi().serve(aRequest({ method: 'POST', body })));
      expect(detail).toMatchObject([{ loc: ['body'], msg: expect.stringContaining('__proto__') }]);
    },
  );

  it('refuses bytes that are not UTF-8 instead of changing them', async () => {
    const bytes = Buffer.concat([Buffer.from('{"name":"'), Buffer.of(0xff), Buffer.from('"}')]);
    const answer = await anApi().serve({
      ...aRequest({ method: 'POST', body: bytes.toString('base64') }),
      isBase64Encoded: true,
    });
    expect(answer.statusCode).toBe(422);
    expect(bodyOf(answer)).toMatchObject({ detail: [{ loc: ['body'], type: 'value_error.jsondecode' }] });
  });

  it('says where a body is wrong', async () => {
    const body = { name: 'a', metadata: { b: 1 }, throttleRate: 0 };
    const { detail } = bodyOf(await anApi().serve(aRequest({ method: 'POST', body })));
    expect(detail.map(({ loc }: { loc: string[] }) => loc.join('.'))).toEqual(['body.throttleRate', 'body.metadata.b']);
  });

  it('refuses a body of too many members, and lists at most a hundred errors', async () => {
    const metadata = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [n, n]));
    const post = async (count: number) =>
      bodyOf(await anApi().serve(aRequest({ method: 'POST', body: { name: 'a', metadata: metadata(count) } }))).detail;
    expect(await post(30_000)).toEqual([
      expect.objectContaining({ loc: ['body'], msg: expect.stringContaining('20000') }),
    ]);
    expect(await post(1_000)).toHaveLength(100);
  });

  it('parses a body as JSON whatever its content type is', async () => {
    const headers = { 'Content-Type': 'text/plain' };
    const answer = await anApi().serve(aRequest({ method: 'POST', body: { name: 'a' }, headers }));
    expect(answer.statusCode).toBe(201);
  });

  it('refuses a body above 1 MiB before it parses it', async () => {
    const answer = await anApi().serve(aRequest({ method: 'POST', body: `{${' '.repeat(1_048_576)}` }));
    expect(answer.statusCode).toBe(413);
    expect(bodyOf(answer)).toMatchObject({ code: 'payload_too_large' });
  });

  it('lets pages of any origin read answers and errors', async () => {
    const api = anApi();
    const headers = { 'access-control-allow-origin': '*' };
    expect(await api.serve(aRequest())).toMatchObject({ statusCode: 200, headers });
    expect(await api.serve(aRequest({ token: 'nobody' }))).toMatchObject({ statusCode: 401, headers });
  });

  it('serves a path with a slash at its end', async () => {
    const api = anApi();
    const event = aRequest({ path: '/api/v1/app/' });
    expect(await api.functions.applications(event, api.context)).toMatchObject({ statusCode: 200 });
  });

  it('logs an internal error, and reveals nothing of it in the answer', async () => {
    const api = anApi();
    api.applications.list = () => Promise.reject(new Error('the table is on fire'));
    const answer = await api.serve(aRequest());
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('fire');
    expect(api.errors).toMatchObject([{ path: '/api/v1/app', error: { message: 'the table is on fire' } }]);
  });

  it('writes one line for each request, without its query and headers', async () => {
    const api = anApi();
    await api.applications.insert(anApplication());
    await api.serve(aRequest({ search: 'limit=1' }));
    await api.serve(aRequest({ token: 'nobody' }));
    await api.serve(aRequest({ path: one, token: ids.application }));
    const line = { method: 'GET', requestId: 'request', durationMs: expect.any(Number) };
    const caller = { organisationId: ids.organisation };
    const own = { ...caller, applicationId: ids.application };
    await api.serve(aRequest({ path: '/api/v1/app/a%22b/x', search: 'token=secret' }));
    await api.serve(aRequest({ path: '/api/v1/app/a%22b', search: 'token=secret' }));
    const [list, get] = ['/api/v1/app', '/api/v1/app/{app_id}'];
    expect(api.requests).toEqual([
      { ...line, ...caller, operation: 'v1.application.list', path: list, status: 200 },
      { ...line, path: list, status: 401 },
      { ...line, ...own, application: ids.application, path: get, operation: 'v1.application.get', status: 200 },
      { ...line, path: '/api/v1/app/a%22b/x', status: 404 },
      { ...line, ...caller, path: get, operation: 'v1.application.get', status: expect.any(Number) },
    ]);
    expect(api.lines).toEqual([]);
  });

  it('answers with its own id of the request and with that of the client, and writes both', async () => {
    const api = anApi();
    for (const token of ['organisation', 'nobody']) {
      const { headers } = await api.serve(aRequest({ token, headers: { 'Svix-Req-Id': '4711' } }));
      expect(headers).toMatchObject({ 'x-request-id': 'request', 'svix-req-id': '4711' });
    }
    expect(api.requests).toMatchObject([{ sentRequestId: '4711' }, { sentRequestId: '4711' }]);
  });

  it.each(['', 'a b', 'a\r\nb', 'x'.repeat(65)])('does not repeat an id that is not fit for a log: %j', async (id) => {
    const api = anApi();
    const { headers } = await api.serve(aRequest({ headers: { 'svix-req-id': id } }));
    expect(headers).toMatchObject({ 'x-request-id': 'request' });
    expect(headers).not.toHaveProperty('svix-req-id');
    expect(api.requests).toEqual([expect.objectContaining({ sentRequestId: undefined })]);
  });

  it('ignores a body where no operation has one', async () => {
    const api = anApi();
    expect((await api.serve(aRequest({ body: '{' }))).statusCode).toBe(200);
    expect((await api.serve(aRequest({ method: 'DELETE', path: one, body: ' '.repeat(1_048_577) }))).statusCode).toBe(
      404,
    );
  });

  it('does a POST once for each idempotency key', async () => {
    const api = anApi();
    const request = () => aRequest({ method: 'POST', body: { name: 'a' }, headers: { 'idempotency-key': 'k' } });
    const first = await api.serve(request());
    expect((await api.serve(request())).body).toBe(first.body);
    expect(api.applications.all()).toHaveLength(1);
  });

  it.each(['limit=x', 'limit=-1', 'order=sideways'])('cannot read the query %s', async (search) => {
    const answer = await anApi().serve(aRequest({ search }));
    expect(answer.statusCode).toBe(400);
    expect(bodyOf(answer)).toMatchObject({ code: 'generic_error' });
  });

  it.each(['limit=', 'limit=0', 'limit=251', 'iterator=x', 'iterator=ep_1'])('refuses the query %s', async (search) => {
    expect(await anApi().serve(aRequest({ search }))).toMatchObject({ statusCode: 422 });
  });

  it.each(['limit=1', 'limit=250', 'colour=red', 'iterator='])('accepts the query %s', async (search) => {
    expect(await anApi().serve(aRequest({ search }))).toMatchObject({ statusCode: 200 });
  });
});
