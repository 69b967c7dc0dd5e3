import { aMessage, anApplication, anAttempt, anEndpoint, ids, nthId, secondsLater } from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';

const app = `/api/v1/app/${ids.application}`;
const byEndpoint = `${app}/attempt/endpoint/${ids.endpoint}`;
const byMessage = `${app}/attempt/msg/${ids.message}`;
const resend = `${app}/msg/${ids.message}/endpoint/${ids.endpoint}/resend`;

async function withAttempts(...attempts: ReturnType<typeof anAttempt>[]) {
  const api = anApi(secondsLater(60));
  await api.applications.insert(anApplication());
  await api.endpoints.insert(anEndpoint({ uid: 'one' }));
  await api.messages.insert(aMessage());
  for (const attempt of attempts) await api.attempts.record(attempt);
  const get = (path: string, search = '') => api.serve(aRequest({ path, search }));
  const post = (path: string) => api.serve(aRequest({ method: 'POST', path }));
  return { ...api, get, post };
}

const [first, second, third] = [1, 2, 3].map((n) => nthId('attempt', n)) as [string, string, string];
const two = [
  anAttempt({ attemptId: first, status: 'failed', responseStatusCode: 503, channels: ['red'], eventType: 'a' }),
  anAttempt({ attemptId: second, trigger: 'manual' }),
];

/** What a transformation of the endpoint canceled. */
const canceled = anAttempt({ attemptId: third, responseStatusCode: 0, response: '' });

describe('attempts', () => {
  it('are returned with every field that the SDKs require', async () => {
    const { get } = await withAttempts(...two);
    const { data, iterator, done } = bodyOf(await get(byEndpoint));
    expect(data[1]).toEqual({
      id: first,
      url: 'https://example.com/webhooks',
      response: 'thank you',
      responseStatusCode: 503,
      responseDurationMs: 40,
      status: 2,
      statusText: 'fail',
      triggerType: 0,
      msgId: ids.message,
      endpointId: ids.endpoint,
      timestamp: secondsLater(1).toISOString(),
    });
    expect(data[0]).toMatchObject({ id: second, status: 0, statusText: 'success', triggerType: 1 });
    expect({ iterator, done }).toEqual({ iterator: first, done: true });
  });

  it.each([
    ['status=0', [second]],
    ['status=2', [first]],
    ['status=3', []],
    ['status_code_class=500', [first]],
    ['status_code_class=0', []],
    ['channel=red', [first]],
    ['event_types=a', [first]],
    ['before=2026-01-01T00:00:02Z', [first]],
    ['limit=1', [second]],
  ])('are filtered by %s, by endpoint and by message', async (search, expected) => {
    const { get } = await withAttempts(...two);
    for (const path of [byEndpoint, byMessage]) {
      const { data } = bodyOf(await get(path, search));
      expect(data.map(({ id }: { id: string }) => id)).toEqual(expected);
    }
  });

  it.each([
    ['status=0', [third, second]],
    ['status=0&expanded_statuses=false', [third, second]],
    ['status=0&expanded_statuses=true', [second]],
    ['status=2&expanded_statuses=true', [first]],
    ['status=4', [third]],
    ['status=4&expanded_statuses=true', [third]],
  ])('are found by the status that is shown: %s', async (search, expected) => {
    const { get } = await withAttempts(...two, canceled);
    for (const path of [byEndpoint, byMessage]) {
      const { data } = bodyOf(await get(path, search));
      expect(data.map(({ id }: { id: string }) => id)).toEqual(expected);
    }
  });

  it('are shown as canceled if code canceled them, to clients that know that status', async () => {
    const { get } = await withAttempts(canceled);
    const one = `${app}/msg/${ids.message}/attempt/${third}`;
    const shown = async (search: string) => [
      ...[byEndpoint, byMessage].map(async (path) => bodyOf(await get(path, search)).data[0]),
      bodyOf(await get(one, search)),
    ];
    for (const attempt of await Promise.all(await shown('expanded_statuses=true')))
      expect(attempt).toMatchObject({ id: third, status: 4, statusText: 'canceled' });
    for (const attempt of await Promise.all(await shown('')))
      expect(attempt).toMatchObject({ id: third, status: 0, statusText: 'success' });
  });

  it('leave out the endpoint’s answer on request', async () => {
    const { get } = await withAttempts(...two);
    const { data } = bodyOf(await get(byEndpoint, 'with_content=false'));
    expect(data[0].response).toBe('{}');
  });

  it('of a message can be filtered by endpoint', async () => {
    const { get } = await withAttempts(...two);
    expect(bodyOf(await get(byMessage, 'endpoint_id=one')).data).toHaveLength(2);
    expect(await get(byMessage, 'endpoint_id=two')).toMatchObject({ statusCode: 404 });
  });

  it('are found by their id', async () => {
    const { get } = await withAttempts(...two);
    expect(bodyOf(await get(`${app}/msg/${ids.message}/attempt/${first}`))).toMatchObject({ id: first });
    expect(await get(`${app}/msg/${ids.message}/attempt/${nthId('attempt', 9)}`)).toMatchObject({ statusCode: 404 });
  });

  it('of a message id that another application has too are listed for their own application only', async () => {
    const theirs = anAttempt({ attemptId: nthId('attempt', 3), applicationId: nthId('application', 5) });
    const { get } = await withAttempts(...two, theirs);
    const { data } = bodyOf(await get(byMessage));
    expect(data.map(({ id }: { id: string }) => id)).toEqual([second, first]);
  });

  it('of another application are not found', async () => {
    const { get } = await withAttempts(
      anAttempt({ messageId: nthId('message', 5), applicationId: nthId('application', 5) }),
    );
    const other = nthId('message', 5);
    expect(await get(`${app}/msg/${other}/attempt/${ids.attempt}`)).toMatchObject({ statusCode: 404 });
    expect(await get(`${app}/attempt/msg/${other}`)).toMatchObject({ statusCode: 404 });
  });

  it('are filtered by the tag of their message', async () => {
    const { get, messages } = await withAttempts(
      ...two,
      anAttempt({ attemptId: nthId('attempt', 3), messageId: nthId('message', 3) }),
      anAttempt({ attemptId: nthId('attempt', 4), messageId: nthId('message', 4) }),
    );
    await messages.insert(aMessage({ messageId: nthId('message', 3), tags: ['blue', 'red'] }));
    const idsOf = async (path: string, search: string) =>
      bodyOf(await get(path, search)).data.map(({ id }: { id: string }) => id);
    const byTagged = `${app}/attempt/msg/${nthId('message', 3)}`;
    expect(await idsOf(byEndpoint, 'tag=blue')).toEqual([nthId('attempt', 3)]);
    expect(await idsOf(byEndpoint, 'tag=blue&status=2')).toEqual([]);
    expect(await idsOf(byTagged, 'tag=red')).toEqual([nthId('attempt', 3)]);
    for (const path of [byTagged, byMessage]) expect(await idsOf(path, 'tag=green')).toEqual([]);
  });

  it('with a rare tag are found page by page, among any number of others', async () => {
    const attempts = Array.from({ length: 1_200 }, (_, n) =>
      anAttempt({ attemptId: nthId('attempt', n), messageId: nthId('message', n % 600 === 5 ? 1 : 0) }),
    );
    const { get, messages } = await withAttempts(...attempts);
    await messages.insert(aMessage({ messageId: nthId('message', 1), tags: ['rare'] }));
    const found: string[] = [];
    let page = bodyOf(await get(byEndpoint, 'tag=rare'));
    expect(page.done).toBe(false);
    for (;;) {
      found.push(...page.data.map(({ id }: { id: string }) => id));
      if (page.done) break;
      page = bodyOf(await get(byEndpoint, `tag=rare&iterator=${page.iterator}`));
    }
    expect(found).toEqual([605, 5].map((n) => nthId('attempt', n)));
  });

  it('of an endpoint are shown with their messages on request, without payloads', async () => {
    const expired = anAttempt({ attemptId: nthId('attempt', 3), messageId: nthId('message', 3) });
    const { get } = await withAttempts(...two, expired);
    const { data } = bodyOf(await get(byEndpoint, 'with_msg=true'));
    const message = { id: ids.message, eventType: 'invoice.paid', payload: {}, eventId: null, tags: null };
    expect(data.map(({ msg }: { msg: unknown }) => msg)).toEqual([
      null,
      expect.objectContaining(message),
      expect.objectContaining(message),
    ]);
    expect(bodyOf(await get(byEndpoint)).data[0]).not.toHaveProperty('msg');
  });

  it('are in a window by the time that is shown, however long they have waited', async () => {
    const waited = anAttempt({ attemptId: nthId('attempt', 3), attemptedAt: secondsLater(50) });
    const { get } = await withAttempts(...two, waited);
    for (const path of [byEndpoint, byMessage]) {
      const idsOf = async (search: string) => bodyOf(await get(path, search)).data.map(({ id }: { id: string }) => id);
      expect(await idsOf('after=2026-01-01T00:00:40Z')).toEqual([waited.attemptId]);
      expect(await idsOf('after=2026-01-01T00:00:40Z&before=2026-01-01T00:00:50Z')).toEqual([]);
      expect(await idsOf('before=2026-01-01T00:00:10Z')).toEqual([second, first]);
    }
  });

  it.each(['status=9', 'status=success', 'status_code_class=250'])('cannot be filtered by %s', async (search) => {
    const { get } = await withAttempts();
    expect(await get(byEndpoint, search)).toMatchObject({ statusCode: 400 });
  });
});

describe('the response of an attempt', () => {
  const content = `${app}/msg/${ids.message}/attempt/${first}/content`;

  it('can be deleted, and stays deleted', async () => {
    const { serve, get } = await withAttempts(...two);
    const expunge = () => serve(aRequest({ method: 'DELETE', path: content }));
    expect(await expunge()).toMatchObject({ statusCode: 204 });
    expect(await expunge()).toMatchObject({ statusCode: 204 });
    const one = bodyOf(await get(`${app}/msg/${ids.message}/attempt/${first}`));
    expect(one).toMatchObject({ response: 'EXPUNGED', responseStatusCode: 503, status: 2 });
    const responses = bodyOf(await get(byMessage)).data.map(({ response }: { response: string }) => response);
    expect(responses).toEqual(['thank you', 'EXPUNGED']);
  });

  it('is deleted by the organisation only', async () => {
    const { serve, attempts } = await withAttempts(...two);
    const answer = await serve(aRequest({ method: 'DELETE', path: content, token: ids.application }));
    expect(answer).toMatchObject({ statusCode: 403 });
    expect(attempts.all().map(({ response }) => response)).toEqual(['thank you', 'thank you']);
  });

  it.each([
    `${app}/msg/${ids.message}/attempt/${nthId('attempt', 9)}/content`,
    `${app}/msg/${nthId('message', 9)}/attempt/${first}/content`,
    `${app}/msg/order-1/attempt/${first}/content`,
    `/api/v1/app/${nthId('application', 9)}/msg/${ids.message}/attempt/${first}/content`,
  ])('is not found at %s', async (path) => {
    const { serve } = await withAttempts(...two);
    expect(await serve(aRequest({ method: 'DELETE', path }))).toMatchObject({ statusCode: 404 });
  });
});

describe('a resend', () => {
  it('is stored with the id that its attempt will have', async () => {
    const { post, messages } = await withAttempts();
    expect(await post(resend)).toMatchObject({ statusCode: 202, body: '{}' });
    expect(messages.resends()).toMatchObject([{ messageId: ids.message, endpointId: ids.endpoint }]);
    expect(messages.resends()[0]?.attemptId).toMatch(/^atmpt_/);
  });

  it('does nothing at a disabled endpoint', async () => {
    const { post, messages, endpoints } = await withAttempts();
    await endpoints.disable(anEndpoint(), secondsLater(1));
    expect(await post(resend)).toMatchObject({ statusCode: 202 });
    expect(messages.resends()).toEqual([]);
  });

  it('is refused if the message was expunged', async () => {
    const { post, messages } = await withAttempts();
    await messages.expunge(ids.application, ids.message, secondsLater(30));
    const answer = await post(resend);
    expect(answer.statusCode).toBe(400);
    expect(bodyOf(answer)).toMatchObject({ code: 'missing_payload' });
  });

  it('is refused if the message has expired', async () => {
    const { post } = await withAttempts(anAttempt({ messageId: nthId('message', 7) }));
    const answer = await post(`${app}/msg/${nthId('message', 7)}/endpoint/one/resend`);
    expect(answer.statusCode).toBe(400);
    expect(bodyOf(answer)).toMatchObject({ code: 'missing_payload' });
  });

  it.each([
    `${app}/msg/${nthId('message', 9)}/endpoint/one/resend`,
    `${app}/msg/order-1/endpoint/one/resend`,
    `${app}/msg/${ids.message}/endpoint/two/resend`,
  ])('is refused if something in the path does not exist: %s', async (path) => {
    const { post } = await withAttempts();
    expect(await post(path)).toMatchObject({ statusCode: 404 });
  });
});
