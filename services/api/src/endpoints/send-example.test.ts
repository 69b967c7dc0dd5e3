import type { EventType } from '@posthorn/core';
import { anApplication, anEndpoint, anEventType, ids, nthId, startOfTests } from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';
import { storedAnswers } from '../fixtures/stored-answers.ts';

const path = `/api/v1/app/${ids.application}/endpoint/${ids.endpoint}/send-example`;
const schemas = { '1': { type: 'object', examples: [{ id: 1 }, { id: 2 }, 'three'] } };

async function anExampleApi(eventType: Partial<EventType> = { schemas }, application = anApplication()) {
  const api = anApi();
  await api.applications.insert(application);
  await api.endpoints.insert(anEndpoint({ uid: 'one', eventTypes: ['invoice.none'], channels: ['c'] }));
  await api.endpoints.insert(anEndpoint({ endpointId: nthId('endpoint', 1) }));
  await api.eventTypes.insert(anEventType(eventType));
  const send = (body: unknown, more: object = {}) => api.serve(aRequest({ method: 'POST', path, body, ...more }));
  return { ...api, send };
}

describe('sending an example', () => {
  it('accepts the first example of the event type as a message for this endpoint only', async () => {
    const { send, messages } = await anExampleApi();
    const answer = await send({ eventType: 'invoice.paid', exampleIndex: null });
    expect(answer.statusCode).toBe(202);
    expect(bodyOf(answer)).toEqual({
      id: expect.stringMatching(/^msg_[0-9A-Za-z]{27}$/),
      eventId: null,
      eventType: 'invoice.paid',
      payload: { id: 1 },
      channels: null,
      tags: null,
      timestamp: startOfTests.toISOString(),
      deliverAt: null,
    });
    expect(messages.all()).toMatchObject([{ body: '{"id":1}', onlyTo: ids.endpoint, eventType: 'invoice.paid' }]);
  });

  it('accepts the example that is asked for', async () => {
    const { send, messages } = await anExampleApi();
    expect(await send({ eventType: 'invoice.paid', exampleIndex: 1 })).toMatchObject({ statusCode: 202 });
    expect(messages.all()).toMatchObject([{ body: '{"id":2}' }]);
  });

  it('takes the first version of the schemas if there is no version 1', async () => {
    const { send, messages } = await anExampleApi({ schemas: { '3': { examples: [{ v: 3 }] }, '4': {} } });
    expect(await send({ eventType: 'invoice.paid' })).toMatchObject({ statusCode: 202 });
    expect(messages.all()).toMatchObject([{ body: '{"v":3}' }]);
  });

  it('takes the only example of a schema as OpenAPI writes it, whatever the index', async () => {
    const { send, messages } = await anExampleApi({ schemas: { '1': { examples: [], example: { only: true } } } });
    expect(await send({ eventType: 'invoice.paid', exampleIndex: 7 })).toMatchObject({ statusCode: 202 });
    expect(messages.all()).toMatchObject([{ body: '{"only":true}' }]);
  });

  it('knows svix.ping without an event type', async () => {
    const { send, messages } = await anExampleApi();
    const answer = await send({ eventType: 'svix.ping' });
    expect(bodyOf(answer)).toMatchObject({ eventType: 'svix.ping', payload: { success: true } });
    expect(messages.all()).toMatchObject([{ body: '{"success":true}', onlyTo: ids.endpoint }]);
  });

  it('puts it into the order of an application that keeps one', async () => {
    const { send, messages } = await anExampleApi(undefined, anApplication({ orderedAt: startOfTests }));
    await send({ eventType: 'svix.ping' });
    expect(messages.relayed()).toEqual(messages.all());
  });

  it('is answered alike for an idempotency key, until the example is expunged; no copy of it is kept', async () => {
    const { send, serve, claims, messages } = await anExampleApi();
    const stored = storedAnswers(claims);
    const sendOnce = () => send({ eventType: 'invoice.paid' }, { headers: { 'idempotency-key': 'k' } });
    const first = await sendOnce();
    expect(await sendOnce()).toEqual(first);
    const { id } = bodyOf(first);
    expect(stored).toEqual([JSON.stringify({ id })]);
    const content = `/api/v1/app/${ids.application}/msg/${id}/content`;
    expect(await serve(aRequest({ method: 'DELETE', path: content }))).toMatchObject({ statusCode: 204 });
    const again = await sendOnce();
    expect(again.statusCode).toBe(202);
    expect(bodyOf(again)).toEqual({ ...bodyOf(first), payload: { expired: true } });
    expect(messages.all()).toHaveLength(1);
  });

  it('accepts one message for each idempotency key, also if the store fails between', async () => {
    const { send, messages } = await anExampleApi();
    const sendOnce = () => send({ eventType: 'svix.ping' }, { headers: { 'idempotency-key': 'k' } });
    const { insert } = messages;
    messages.insert = async (message) => {
      messages.insert = insert;
      await insert(message);
      throw new Error('killed');
    };
    expect(await sendOnce()).toMatchObject({ statusCode: 500 });
    const answer = await sendOnce();
    expect(messages.all().map(({ messageId }) => messageId)).toEqual([bodyOf(answer).id]);
    expect(await sendOnce()).toEqual(answer);
    await send({ eventType: 'svix.ping' });
    expect(messages.all()).toHaveLength(2);
  });

  it.each([
    [404, 'not_found', { eventType: 'invoice.none' }, { schemas }],
    [400, 'invalid_scheme', { eventType: 'invoice.paid' }, {}],
    [400, 'invalid_scheme', { eventType: 'invoice.paid' }, { schemas: { '1': { examples: [] } } }],
    [400, 'invalid_scheme', { eventType: 'invoice.paid' }, { schemas: { '1': { examples: { a: 1 } } } }],
    [400, 'invalid_scheme', { eventType: 'invoice.paid' }, { schemas: { '1': { example: [1] } } }],
    [400, 'invalid_scheme', { eventType: 'invoice.paid', exampleIndex: 2 }, { schemas }],
    [404, 'not_found', { eventType: 'invoice.paid', exampleIndex: 3 }, { schemas }],
    [422, undefined, { eventType: 'invoice.paid', exampleIndex: -1 }, { schemas }],
    [422, undefined, { eventType: 'invoice.paid', exampleIndex: 0.5 }, { schemas }],
    [422, undefined, { eventType: 'a b' }, { schemas }],
    [422, undefined, {}, { schemas }],
  ])('is refused with %d %s for %j', async (status, code, body, eventType) => {
    const { send, messages } = await anExampleApi(eventType);
    const answer = await send(body);
    expect(answer.statusCode).toBe(status);
    if (code !== undefined) expect(bodyOf(answer)).toMatchObject({ code, detail: expect.any(String) });
    expect(messages.all()).toEqual([]);
  });

  it('needs the token of the organisation, and an endpoint of the application', async () => {
    const { send, messages } = await anExampleApi();
    expect(await send({ eventType: 'svix.ping' }, { token: ids.application })).toMatchObject({ statusCode: 403 });
    const other = path.replace(ids.endpoint, nthId('endpoint', 9));
    expect(await send({ eventType: 'svix.ping' }, { path: other })).toMatchObject({ statusCode: 404 });
    expect(messages.all()).toEqual([]);
  });
});
