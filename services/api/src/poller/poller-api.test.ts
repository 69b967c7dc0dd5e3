import { type LogEntry, type Message, pollerDays } from '@posthorn/core';
import { aMessage, anApplication, ids, nthId, nthMessageId, secondsLater, startOfTests } from '@posthorn/testing';
import fc from 'fast-check';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';
import { toPolledMessageText } from './polled-message-out.ts';
import { createPollerApi } from './poller-api.ts';

const base = `/api/v1/app/${ids.application}/poller`;
const aDestination = { type: 'fifoEndpoint', config: { url: 'https://example.com' } };
const idOf = (n: number) => nthMessageId(n, 'ordered');

/** So many days after the tests ask for it. */
const keptFor = (days: number) => secondsLater(60 + days * 86_400);

/** An application whose log has what is committed. */
async function aPolledApi(now = secondsLater(60)) {
  const api = anApi(now);
  await api.applications.insert(anApplication({ uid: 'toys' }));
  let sequence = 0;
  /** Messages by their numbers, in the order of their commits: one batch. */
  const commit = async (...messages: readonly (number | Message)[]) => {
    const stored = messages.map((one) => (typeof one === 'number' ? aMessage({ messageId: idOf(one) }) : one));
    for (const message of stored) await api.messages.insert(message);
    const entries = stored.map(({ messageId }): LogEntry => {
      sequence += 1;
      return { sequence: String(sequence), messageId };
    });
    const times = { committedAt: api.clock(), expiresAt: secondsLater(7_776_000) };
    await api.messageLog.append(ids.application, { entries, ...times });
  };
  const get = (below: string, search = '', token = 'organisation') =>
    api.serve(aRequest({ path: `${base}${below}`, search, token }));
  const poll = async (search = '', below = '/orders') => {
    const { data, ...rest } = bodyOf(await get(below, search));
    return { ...rest, data, ids: data.map(({ id }: { id: string }) => id) };
  };
  const consume = (iterator?: string, consumer = 'one') =>
    poll(iterator === undefined ? '' : `iterator=${iterator}`, `/orders/consumer/${consumer}`);
  const seek = (body: unknown, parts: Partial<Parameters<typeof aRequest>[0]> = {}) =>
    api.serve(aRequest({ method: 'POST', path: `${base}/orders/consumer/one/seek`, body, ...parts }));
  const orderedAt = () => api.applications.all()[0]?.orderedAt;
  return { ...api, commit, get, poll, consume, seek, orderedAt };
}

describe('the first poll', () => {
  it('lets fan-out write the log, and puts the messages in order, before it answers', async () => {
    const { poll, pollStates, orderedAt, clock } = await aPolledApi();
    expect(await poll()).toMatchObject({ data: [], done: true });
    expect(pollStates.marks.get(ids.application)).toEqual({ until: keptFor(pollerDays), isComplete: true });
    expect(orderedAt()).toEqual(secondsLater(60));
    // No request uses an "unordered" flag that it read before.
    expect(clock()).toEqual(secondsLater(62));
  });

  it('leaves the mark for fan-out before it starts the order', async () => {
    const { get, pollStates, applications } = await aPolledApi();
    const steps: string[] = [];
    const { keepLog } = pollStates;
    const { startOrdering } = applications;
    pollStates.keepLog = async (application, log) => {
      steps.push(log.isComplete ? 'complete' : 'mark');
      await keepLog(application, log);
    };
    applications.startOrdering = async (...of) => {
      steps.push('order');
      return startOrdering(...of);
    };
    await get('/orders');
    await get('/other');
    expect(steps).toEqual(['mark', 'order', 'complete']);
  });

  it('takes no longer in an application that has a destination', async () => {
    const { poll, serve, orderedAt, clock } = await aPolledApi();
    await serve(aRequest({ method: 'POST', path: '/api/v1/app/toys/destination', body: aDestination }));
    expect(clock()).toEqual(secondsLater(62));
    await poll();
    expect([orderedAt(), clock()]).toEqual([secondsLater(60), secondsLater(62)]);
  });

  it('is not undone by who was about to stop the order of before', async () => {
    const { poll, applications, orderedAt } = await aPolledApi();
    const before = anApplication(await applications.startOrdering(anApplication(), startOfTests));
    await poll();
    await applications.stopOrdering(before);
    expect(orderedAt()).toEqual(startOfTests);
  });

  it.each([
    ['another poll', true],
    ['a destination', false],
  ])('waits for the whole lease while %s begins the order', async (_, isMarked) => {
    const { poll, applications, pollStates, clock } = await aPolledApi();
    if (isMarked) await pollStates.keepLog(anApplication(), { until: keptFor(pollerDays), isComplete: false });
    await applications.startOrdering(anApplication(), secondsLater(59));
    await poll();
    expect(clock()).toEqual(secondsLater(62));
    await poll();
    expect(clock()).toEqual(secondsLater(62));
  });

  it.each(['startOrdering', 'settleOrdering'] as const)('is done again if the process died before %s', async (step) => {
    const { poll, get, applications, pollStates, orderedAt, clock } = await aPolledApi();
    const own = applications[step];
    applications[step] = async () => {
      throw new Error('died');
    };
    expect((await get('/orders')).statusCode).toBe(500);
    applications[step] = own as never;
    const diedAt = clock();
    await poll();
    expect(orderedAt()).toBeDefined();
    expect(clock().getTime() - diedAt.getTime()).toBe(2_000);
    expect(pollStates.marks.get(ids.application)?.isComplete).toBe(true);
  });

  it('is done again if the order was stopped', async () => {
    const { poll, applications, orderedAt, clock } = await aPolledApi();
    await poll();
    await applications.stopOrdering(anApplication({ orderStarts: 1 }));
    expect(orderedAt()).toBeUndefined();
    await poll();
    expect([orderedAt(), clock()]).toEqual([secondsLater(62), secondsLater(64)]);
  });

  it('comes again when the log is not kept any more', async () => {
    const { poll, pollStates, orderedAt } = await aPolledApi();
    await pollStates.keepLog(anApplication(), { until: secondsLater(61), isComplete: true });
    await poll();
    expect(pollStates.marks.get(ids.application)).toEqual({ until: keptFor(pollerDays), isComplete: true });
    expect(orderedAt()).toBeDefined();
  });

  it.each([
    [pollerDays * 24 - 23, false],
    [pollerDays * 24 - 25, true],
  ])('is remembered for 30 days, which is written once a day: %d hours are left', async (hours, isWritten) => {
    const { poll, pollStates, applications } = await aPolledApi();
    await applications.startOrdering(anApplication(), startOfTests);
    const until = secondsLater(60 + hours * 3_600);
    await pollStates.keepLog(anApplication(), { until, isComplete: true });
    await poll();
    expect(pollStates.marks.get(ids.application)?.until.getTime() !== until.getTime()).toBe(isWritten);
  });

  it('keeps the order when the last destination is deleted', async () => {
    const { poll, serve, orderedAt } = await aPolledApi();
    const path = '/api/v1/app/toys/destination';
    const { id } = bodyOf(await serve(aRequest({ method: 'POST', path, body: aDestination })));
    await poll();
    await serve(aRequest({ method: 'DELETE', path: `${path}/${id}` }));
    expect(orderedAt()).toBeDefined();
  });
});

it.each(['.', '..'])(
  'a sink or a consumer cannot be named %s: clients take that for a step in the path',
  async (name) => {
    const { get, serve } = await aPolledApi();
    const seek = (below: string) =>
      serve(aRequest({ method: 'POST', path: `${base}${below}/seek`, body: { after: '2026-01-01T00:00:00Z' } }));
    const refused = async (answer: ReturnType<typeof get>, parameter: string) => {
      const { statusCode, ...rest } = await answer;
      const [issue] = bodyOf(rest).detail;
      expect([statusCode, issue.loc]).toEqual([422, ['path', parameter]]);
    };
    await refused(get(`/${name}`), 'sink_id');
    await refused(get(`/${name}/consumer/one`), 'sink_id');
    await refused(get(`/orders/consumer/${name}`), 'consumer_id');
    await refused(seek(`/orders/consumer/${name}`), 'consumer_id');
    expect((await get(`/.../consumer/a..`)).statusCode).toBe(200);
  },
);

describe('a poll', () => {
  it('returns the messages in the order of their commits, whatever their ids, and goes on behind them', async () => {
    const { commit, poll } = await aPolledApi();
    await commit(3, 1);
    await commit(2, 5, 4);
    const first = await poll('limit=2');
    expect([first.ids, first.done]).toEqual([[3, 1].map(idOf), false]);
    const second = await poll(`limit=2&iterator=${first.iterator}`);
    expect([second.ids, second.done]).toEqual([[2, 5].map(idOf), false]);
    const third = await poll(`limit=1&iterator=${second.iterator}`);
    expect([third.ids, third.done]).toEqual([[4].map(idOf), true]);
    const end = await poll(`iterator=${third.iterator}`);
    expect(end).toMatchObject({ ids: [], iterator: third.iterator, done: true });
    // A slow writer commits a message that is older than all of them.
    await commit(0);
    expect((await poll(`iterator=${end.iterator}`)).ids).toEqual([idOf(0)]);
    expect((await poll(`iterator=${first.iterator}`)).ids).toEqual([2, 5, 4, 0].map(idOf));
  });

  it.each([
    ['at once if there are more messages', 2, 'limit=1', '0'],
    ['soon while messages come', 2, '', '250'],
    ['later if there are none', 0, '', '2000'],
    ['at once if it has not looked at all messages yet', 600, 'event_type=rare', '0'],
    ['later if there is none that is asked for', 2, 'event_type=rare', '2000'],
    ['later if nothing can hold it, however long it may wait', 0, 'wait=25', '2000'],
  ])('says when to poll again: %s', async (_, count, search, expected) => {
    const { commit, get } = await aPolledApi();
    if (count > 0) await commit(...Array.from({ length: count }, (__, n) => n));
    expect((await get('/orders', search)).headers).toMatchObject({ 'x-poll-after-ms': expected });
    expect((await get('/orders/consumer/one', 'limit=250')).headers).toHaveProperty(['x-poll-after-ms']);
  });

  it('answers at once, however long it may wait, where it cannot be held', async () => {
    const { poll, clock } = await aPolledApi();
    await poll();
    const asked = clock();
    expect(await poll('wait=25')).toMatchObject({ ids: [], done: true });
    expect(clock()).toEqual(asked);
  });

  it.each(['-1', '26', '1.5', 'x', '007', '1e1'])('may not wait %s seconds', async (seconds) => {
    const { get } = await aPolledApi();
    for (const below of ['/orders', '/orders/consumer/one']) {
      const answer = await get(below, `wait=${seconds}`);
      expect(answer.statusCode).toBe(400);
      expect(bodyOf(answer)).toMatchObject({ detail: 'wait: must be a whole number from 0 to 25' });
    }
  });

  it('begins behind the newest message if it is asked to, and misses none that follows', async () => {
    const { commit, poll } = await aPolledApi();
    const first = await poll('start=newest');
    expect(first).toMatchObject({ ids: [], done: true });
    await commit(5, 1);
    expect((await poll(`iterator=${first.iterator}`)).ids).toEqual([5, 1].map(idOf));
    const second = await poll('start=newest');
    expect(second).toMatchObject({ ids: [], done: true });
    await commit(0);
    expect((await poll(`start=newest&iterator=${second.iterator}`)).ids).toEqual([idOf(0)]);
    expect((await poll('start=oldest')).ids).toEqual([5, 1, 0].map(idOf));
    expect((await poll(`start=newest&after=${secondsLater(5).toISOString()}`)).ids).toEqual([5, 1, 0].map(idOf));
  });

  it('has all fields, and the bytes of the payload', async () => {
    const { commit, get } = await aPolledApi();
    const body = '{"b":1,"a":12345678901234567890,"é":"\\u00e9 "}';
    const parts = { eventId: 'order-1', channels: ['eu'], tags: ['a'], deliverAt: secondsLater(90) };
    await commit(aMessage({ messageId: idOf(1), body, ...parts }), 2);
    const answer = await get('/orders');
    expect(answer.body).toContain(`"payload":${body}}`);
    expect(bodyOf(answer).data[0]).toMatchObject({
      id: idOf(1),
      eventId: 'order-1',
      eventType: 'invoice.paid',
      channels: ['eu'],
      tags: ['a'],
      headers: null,
      timestamp: secondsLater(1).toISOString(),
      deliverAt: secondsLater(90).toISOString(),
    });
    const absent = { eventId: null, channels: null, tags: null, deliverAt: null, payload: { invoice: 42 } };
    expect(bodyOf(answer).data[1]).toMatchObject(absent);
  });

  it.each([
    ['text/plain', 'hello "you"'],
    ['application/json', '[1, 2]'],
    ['application/json', 'no JSON'],
    ['text/plain', '{"looks":"like JSON"}'],
  ])('has a raw payload that is no JSON object as a text: %s, %s', async (contentType, body) => {
    const { commit, poll } = await aPolledApi();
    await commit(aMessage({ messageId: idOf(1), contentType, body }));
    const headers = contentType === 'application/json' ? null : { 'content-type': contentType };
    expect((await poll()).data).toMatchObject([{ payload: body, headers }]);
  });

  it('has a raw payload in base64 that would be too long with its escapes', async () => {
    const { commit, poll } = await aPolledApi();
    const body = '\u0001é'.repeat(600_000);
    await commit(aMessage({ messageId: idOf(1), contentType: 'text/plain', body }));
    const headers = { 'content-type': 'text/plain', 'content-transfer-encoding': 'base64' };
    const [{ payload, ...message }] = (await poll()).data;
    expect(message).toMatchObject({ headers });
    expect(Buffer.from(payload, 'base64').toString()).toBe(body);
  });

  it('has the bytes of every payload that can be delivered', () => {
    const odd = fc.constantFrom(
      '{"b":1,"a":12345678901234567890,"a":1e400}',
      ' \n{"a" : [ 1.0 , "\\u00e9\\/" ]}\t ',
      '{"payload":{"}":"\\"}"}}',
      '[1]',
      '"text"',
      '',
    );
    const anyMessage = fc.record({
      body: fc.oneof(odd, fc.json(), fc.string({ unit: 'binary' })),
      contentType: fc.constantFrom('application/json', 'text/plain', 'application/json; charset=utf-8'),
    });
    fc.assert(
      fc.property(anyMessage, (parts) => {
        const text = toPolledMessageText(aMessage({ ...parts, messageId: idOf(1) }));
        const { payload, headers } = JSON.parse(text);
        // An object is cut out of the text: it ends before the last bracket.
        const start = text.indexOf(',"payload":') + ',"payload":'.length;
        const body = typeof payload === 'string' ? payload : text.slice(start, -1);
        expect([body, headers?.['content-type'] ?? 'application/json']).toEqual([parts.body, parts.contentType]);
      }),
    );
  });

  it('leaves out messages that expired, were expunged, or are for one endpoint only, and gets past them', async () => {
    const { commit, poll, messages } = await aPolledApi();
    await commit(
      aMessage({ messageId: idOf(1), expiresAt: secondsLater(59) }),
      2,
      aMessage({ messageId: idOf(3), onlyTo: ids.endpoint }),
    );
    await messages.expunge(ids.application, idOf(2), secondsLater(59));
    const first = await poll('limit=3');
    expect(first).toMatchObject({ ids: [], done: true });
    await commit(4);
    expect((await poll(`iterator=${first.iterator}`)).ids).toEqual([idOf(4)]);
  });

  it.each([
    ['event_type=a', [2, 4]],
    ['channel=eu', [3, 4]],
    ['event_type=a&channel=eu', [4]],
    ['event_type=a&limit=1', [2]],
    ['channel=asia', []],
  ])('has only what is asked for: %s', async (search, expected) => {
    const { commit, poll } = await aPolledApi();
    const some = [
      {},
      { eventType: 'a' },
      { channels: ['eu', 'us'] },
      { eventType: 'a', channels: ['eu'] },
      { eventType: 'b', channels: ['us'] },
    ];
    await commit(...some.map((parts, n) => aMessage({ messageId: idOf(n + 1), ...parts })));
    expect((await poll(search)).ids).toEqual(expected.map(idOf));
  });

  it('looks at 500 messages for a filter, and then says that there are more', async () => {
    const { commit, poll } = await aPolledApi();
    const numbers = Array.from({ length: 600 }, (_, n) => n);
    await commit(...numbers.map((n) => aMessage({ messageId: idOf(n), eventType: n === 550 ? 'rare' : 'usual' })));
    const first = await poll('event_type=rare');
    expect(first).toMatchObject({ ids: [], done: false });
    expect(await poll(`event_type=rare&iterator=${first.iterator}`)).toMatchObject({ ids: [idOf(550)], done: true });
  });

  /** A poller that notes how many messages each request reads, or does something before it. */
  const aWatchedPoller = async (beforeRead: (count: number) => unknown) => {
    const api = await aPolledApi();
    const poller = createPollerApi({
      ...api,
      readPolledMessages: async (request) => {
        await beforeRead(request.messageIds.length);
        return api.readPolledMessages(request);
      },
    });
    const pathParameters = { app_id: 'toys', sink_id: 'orders' };
    const poll = async (search: string) => {
      const answer = bodyOf(
        await poller({ ...aRequest({ path: `${base}/orders`, search }), pathParameters }, api.context),
      );
      return { ...answer, ids: answer.data.map(({ id }: { id: string }) => id) };
    };
    return { ...api, poll };
  };
  const usual = (n: number, parts: Partial<Message> = {}) =>
    aMessage({ messageId: idOf(n), eventType: 'usual', ...parts });

  it.each([1, 2, 250])('looks for a rare message with few requests, with a limit of %d', async (limit) => {
    const counts: number[] = [];
    const { commit, poll } = await aWatchedPoller((count) => counts.push(count));
    await commit(...Array.from({ length: 600 }, (_, n) => usual(n, n === 499 ? { eventType: 'rare' } : {})));
    expect(await poll(`event_type=rare&limit=${limit}`)).toMatchObject({ ids: [idOf(499)], done: false });
    expect(counts.length).toBeLessThan(25);
  });

  it.each([[{}], [{ onlyTo: ids.endpoint }]])(
    'ends when it has read a lot, though nothing of it is asked for, and gets past it: %j',
    async (parts) => {
      let read = 0;
      const { commit, poll } = await aWatchedPoller((count) => {
        read += count;
      });
      const body = JSON.stringify({ text: 'x'.repeat(300_000) });
      await commit(...Array.from({ length: 100 }, (_, n) => usual(n, { body, ...parts })));
      await commit(usual(100, { eventType: 'rare' }));
      const pages = [await poll('event_type=rare')];
      expect(pages[0]).toMatchObject({ ids: [], done: false });
      expect(read).toBeLessThan(60);
      while (!pages.at(-1)?.done) pages.push(await poll(`event_type=rare&iterator=${pages.at(-1)?.iterator}`));
      expect(pages.flatMap((page) => page.ids)).toEqual([idOf(100)]);
      expect(pages.length).toBeLessThan(6);
    },
  );

  it('ends after ten seconds, and goes on from there', async () => {
    const waits: (() => Promise<void>)[] = [];
    const { commit, poll, sleep } = await aWatchedPoller(() => waits.at(-1)?.());
    await poll('');
    // Each request takes four seconds.
    waits.push(() => sleep(4_000));
    await commit(...Array.from({ length: 90 }, (_, n) => usual(n)));
    await commit(usual(90, { eventType: 'rare' }));
    const pages = [await poll('event_type=rare')];
    while (!pages.at(-1)?.done) pages.push(await poll(`event_type=rare&iterator=${pages.at(-1)?.iterator}`));
    expect(pages.map((page) => page.ids)).toEqual([[], [], [], [idOf(90)]]);
  });

  it('ends before its answer gets too long', async () => {
    const { commit, poll } = await aPolledApi();
    const body = JSON.stringify({ text: 'x'.repeat(900_000) });
    await commit(...[1, 2, 3, 4, 5, 6, 7].map((n) => aMessage({ messageId: idOf(n), body })));
    const first = await poll();
    expect(first).toMatchObject({ ids: [1, 2, 3, 4, 5].map(idOf), done: false });
    expect(await poll(`iterator=${first.iterator}`)).toMatchObject({ ids: [6, 7].map(idOf), done: true });
  });

  it.each([
    ['quotes in a text', 'text/plain', '"'.repeat(1_048_576), 1],
    ['control characters in a text', 'text/plain', '\u0001'.repeat(660_000), 1],
    ['quotes in JSON', 'application/json', JSON.stringify({ a: Array(300_000).fill('') }), 3],
  ])('has an answer that a function may respond with, whatever is in the payloads: %s', async (...of) => {
    const [, contentType, body, count] = of;
    const { commit, get, poll } = await aPolledApi();
    await commit(...[1, 2, 3, 4].map((n) => aMessage({ messageId: idOf(n), contentType, body })));
    expect((await poll()).ids).toEqual([1, 2, 3, 4].slice(0, count).map(idOf));
    expect(Buffer.byteLength(JSON.stringify(await get('/orders')))).toBeLessThan(6_000_000);
  });

  it.each([
    ['2025-01-01T00:00:00Z', 1],
    ['2026-01-01T00:00:02Z', 2],
    ['2026-01-01T00:00:02.004Z', 3],
    ['2026-01-01T02:00:02%2B02:00', 2],
  ])('begins with the first message that was accepted at %s or later', async (after, expected) => {
    const { commit, poll } = await aPolledApi();
    await commit(1, 2, 3);
    expect((await poll(`after=${after}`)).ids[0]).toBe(idOf(expected));
  });

  it('goes on from its iterator, although `after` is given again', async () => {
    const { commit, poll } = await aPolledApi();
    await commit(1, 2, 3);
    const { iterator } = await poll('after=2026-01-01T00:00:01Z&limit=2');
    expect((await poll(`after=2026-01-01T00:00:01Z&iterator=${iterator}`)).ids).toEqual([idOf(3)]);
  });

  it('logs a message that cannot be read, and gets past it', async () => {
    const api = await aPolledApi();
    const reads = api.readPolledMessages;
    const poller = createPollerApi({
      ...api,
      readPolledMessages: async (request) => {
        const read = await reads(request);
        const found = read.found.map((polled) =>
          polled.kind === 'message' && polled.message.messageId === idOf(1)
            ? { kind: 'unreadable' as const, messageId: idOf(1), reason: 'row has an invalid attribute: body' }
            : polled,
        );
        return { ...read, found };
      },
    });
    await api.commit(1, 2);
    const event = { ...aRequest({ path: `${base}/orders` }), pathParameters: { app_id: 'toys', sink_id: 'orders' } };
    const answer = await poller(event, api.context);
    expect(bodyOf(answer)).toMatchObject({ data: [{ id: idOf(2) }], done: true });
    expect(api.errors).toEqual([{ messageId: idOf(1), reason: 'row has an invalid attribute: body' }]);
  });

  it('logs rows of the log that cannot be read, and gets past them', async () => {
    const api = await aPolledApi();
    await api.commit(1);
    const { read } = api.messageLog;
    api.messageLog.read = async (...of) => ({ ...(await read(...of)), damaged: ['log#1'] });
    expect((await api.poll()).ids).toEqual([idOf(1)]);
    expect(api.errors).toEqual([{ applicationId: ids.application, keys: ['log#1'] }]);
  });

  it.each(['iterator=x', `iterator=${ids.message}`, `iterator=-${ids.message}`, 'limit=0', 'limit=', 'limit=251'])(
    'is refused with %s',
    async (search) => {
      const { get } = await aPolledApi();
      expect(await get('/orders', search)).toMatchObject({ statusCode: 422 });
      expect(await get('/orders/consumer/one', search)).toMatchObject({ statusCode: 422 });
    },
  );

  it('is refused with the iterator of another sink, consumer or application', async () => {
    const { commit, get, poll, consume, serve, applications } = await aPolledApi();
    await applications.insert(anApplication({ applicationId: nthId('application', 1) }));
    await commit(1);
    const [{ iterator }, { iterator: ofConsumer }] = [await poll(), await consume()];
    for (const [below, wrong] of [
      ['/other', iterator],
      ['/orders', ofConsumer],
      ['/orders/consumer/one', iterator],
      ['/orders/consumer/two', ofConsumer],
    ] as const) {
      expect(await get(below, `iterator=${wrong}`)).toMatchObject({ statusCode: 422 });
    }
    const path = `/api/v1/app/${nthId('application', 1)}/poller/orders`;
    expect(await serve(aRequest({ path, search: `iterator=${iterator}` }))).toMatchObject({ statusCode: 422 });
  });

  it.each([
    ['of the organisation, by uid', 'toys', 'organisation', 200],
    ['of the application, by id', ids.application, ids.application, 200],
    ['of the application, by uid', 'toys', ids.application, 200],
    ['of another application', ids.application, nthId('application', 1), 404],
    ['of another application, by uid', 'toys', nthId('application', 1), 404],
    ['of an application that is gone', ids.application, nthId('application', 9), 401],
    ['of the organisation, for an application that is gone', nthId('application', 9), 'organisation', 404],
    ['of the organisation, for a uid that is not there', 'games', 'organisation', 404],
  ])('with a token %s', async (_, name, token, status) => {
    const { serve, applications } = await aPolledApi();
    await applications.insert(anApplication({ applicationId: nthId('application', 1) }));
    for (const below of ['orders', 'orders/consumer/one']) {
      const path = `/api/v1/app/${name}/poller/${below}`;
      expect(await serve(aRequest({ path, token }))).toMatchObject({ statusCode: status });
    }
  });
});

describe('a consumer', () => {
  it('gets the same messages again until it acknowledges them by the iterator', async () => {
    const { commit, consume } = await aPolledApi();
    await commit(1, 2);
    const first = await consume();
    expect(first).toMatchObject({ ids: [1, 2].map(idOf), done: true });
    // It died before it had processed them.
    await commit(3);
    expect((await consume()).ids).toEqual([1, 2, 3].map(idOf));
    const next = await consume(first.iterator);
    expect(next).toMatchObject({ ids: [idOf(3)], done: true });
    // It died again, and does not know its iterator any more.
    expect((await consume()).ids).toEqual([idOf(3)]);
    // The answer to its request was lost, so it sends it again.
    expect((await consume(first.iterator)).ids).toEqual([idOf(3)]);
    expect((await consume(next.iterator)).ids).toEqual([]);
    expect((await consume()).ids).toEqual([]);
  });

  it('is not moved back by another program with the same name: what was acknowledged stays so', async () => {
    const { commit, consume } = await aPolledApi();
    await commit(1);
    const slow = await consume();
    const fast = await consume();
    await commit(2, 3);
    const ahead = await consume(fast.iterator);
    expect((await consume(ahead.iterator)).ids).toEqual([]);
    expect((await consume(slow.iterator)).ids).toEqual([]);
    await commit(4);
    expect((await consume()).ids).toEqual([idOf(4)]);
  });

  it('has a place of its own', async () => {
    const { commit, consume, poll } = await aPolledApi();
    await commit(1, 2);
    await consume((await consume()).iterator);
    expect((await consume(undefined, 'two')).ids).toEqual([1, 2].map(idOf));
    expect((await poll()).ids).toEqual([1, 2].map(idOf));
    expect((await poll('', '/other/consumer/one')).ids).toEqual([1, 2].map(idOf));
  });

  it('pages by its iterators', async () => {
    const { commit, poll } = await aPolledApi();
    await commit(1, 2, 3);
    const below = '/orders/consumer/one';
    const first = await poll('limit=2', below);
    expect(first).toMatchObject({ ids: [1, 2].map(idOf), done: false });
    expect(await poll(`limit=2&iterator=${first.iterator}`, below)).toMatchObject({ ids: [idOf(3)], done: true });
  });

  it('that is forgotten goes on where its iterator says', async () => {
    const [api, later] = [await aPolledApi(), await aPolledApi()];
    for (const { commit } of [api, later]) await commit(1, 2);
    const { iterator } = await api.poll('limit=1', '/orders/consumer/one');
    expect((await later.consume(iterator)).ids).toEqual([idOf(2)]);
    expect((await later.consume()).ids).toEqual([idOf(2)]);
  });

  it('is not led by an iterator that someone made', async () => {
    const { commit, consume, seek } = await aPolledApi();
    await commit(1, 2);
    const { iterator } = await consume();
    const digest = Buffer.from(iterator, 'base64url').toString().split(' ')[0];
    const made = Buffer.from(`${digest} 1 ${'9'.repeat(15)}`).toString('base64url');
    expect((await consume(made)).ids).toEqual([1, 2].map(idOf));
    await seek({ after: startOfTests });
    const next = await consume();
    expect((await consume(next.iterator)).ids).toEqual([]);
  });

  it('is remembered as long as it polls, which is written once a day', async () => {
    const { commit, consume, pollStates } = await aPolledApi();
    await commit(1);
    const { iterator } = await consume();
    await consume(iterator);
    const key = { applicationId: ids.application, sink: 'orders', consumer: 'one' };
    const find = async () =>
      (await pollStates.find({ organisationId: ids.organisation, applicationId: ids.application, consumer: key }))
        .consumer?.expiresAt;
    const fresh = await find();
    let writes = 0;
    const { keepConsumer } = pollStates;
    pollStates.keepConsumer = async (...of) => {
      writes += 1;
      await keepConsumer(...of);
    };
    await consume();
    await consume(iterator);
    expect(writes).toBe(0);
    await keepConsumer(key, secondsLater(3_600));
    await consume(iterator);
    expect(writes).toBe(1);
    expect((await find())?.getTime()).toBeGreaterThanOrEqual(fresh?.getTime() ?? Number.POSITIVE_INFINITY);
  });
});

describe('a seek', () => {
  it('sets a consumer back, and its iterator leads there', async () => {
    const { commit, consume, seek } = await aPolledApi();
    await commit(1, 2, 3);
    await consume((await consume()).iterator);
    const answer = await seek({ after: secondsLater(2).toISOString() });
    expect(answer.statusCode).toBe(200);
    expect((await consume(bodyOf(answer).iterator)).ids).toEqual([2, 3].map(idOf));
    expect((await consume()).ids).toEqual([2, 3].map(idOf));
  });

  it('sets a consumer forward', async () => {
    const { commit, consume, seek } = await aPolledApi();
    await commit(1, 2, 3);
    await seek({ after: secondsLater(3).toISOString() });
    expect((await consume()).ids).toEqual([idOf(3)]);
    await seek({ after: secondsLater(600).toISOString() });
    expect((await consume()).ids).toEqual([]);
    await commit(4);
    expect((await consume()).ids).toEqual([idOf(4)]);
  });

  it('is not undone by a poll that was under way', async () => {
    const { commit, consume, seek } = await aPolledApi();
    await commit(1, 2);
    const { iterator } = await consume();
    await seek({ after: secondsLater(0).toISOString() });
    expect((await consume(iterator)).ids).toEqual([1, 2].map(idOf));
    const next = await consume();
    expect((await consume(next.iterator)).ids).toEqual([]);
  });

  it('before the first poll makes the sink', async () => {
    const { consume, commit, seek, pollStates, orderedAt } = await aPolledApi();
    await seek({ after: secondsLater(60).toISOString() });
    expect(pollStates.marks.has(ids.application)).toBe(true);
    expect(orderedAt()).toBeDefined();
    await commit(1);
    expect((await consume()).ids).toEqual([idOf(1)]);
  });

  it('is done once for each idempotency key of a consumer', async () => {
    const { commit, consume, seek } = await aPolledApi();
    await commit(1);
    const headers = { 'idempotency-key': 'a' };
    const after = secondsLater(0).toISOString();
    const first = bodyOf(await seek({ after }, { headers }));
    await consume(first.iterator);
    await consume((await consume()).iterator);
    expect(bodyOf(await seek({ after }, { headers }))).toEqual(first);
    expect((await consume()).ids).toEqual([]);
    const other = await seek({ after }, { headers, path: `${base}/orders/consumer/two/seek` });
    expect(bodyOf(other).iterator).not.toBe(first.iterator);
  });

  it.each([{}, { after: null }, { after: 'yesterday' }, { after: 1 }])('is refused with %j', async (body) => {
    const { seek } = await aPolledApi();
    expect(await seek(body)).toMatchObject({ statusCode: 422 });
  });
});
