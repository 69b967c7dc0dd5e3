import { createMessageId, type Endpoint, isStatisticsTask, type Task, timeOfId } from '@posthorn/core';
import {
  aMessage,
  anApplication,
  anEndpoint,
  aPurgeTask,
  aStatisticsTask,
  aTask,
  ids,
  nthId,
  secondsLater,
  startOfTests,
} from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';

const days = 24 * 3_600;
const now = secondsLater(100 * days);
const at = (second: number) => secondsLater(second).toISOString();
const since = at(99 * days);
const endpointPath = `/api/v1/app/${ids.application}/endpoint/${ids.endpoint}`;
const otherApplication = nthId('application', 1);

async function aWorld({ endpoint = {}, tasks = [] }: { endpoint?: Partial<Endpoint>; tasks?: readonly Task[] } = {}) {
  const api = anApi(now);
  await api.applications.insert(anApplication());
  await api.applications.insert(anApplication({ applicationId: otherApplication, uid: 'other' }));
  await api.endpoints.insert(anEndpoint(endpoint));
  for (const task of tasks) await api.tasks.insert(task);
  const post = (operation: string, body: unknown, parts: Parameters<typeof aRequest>[0] = {}) =>
    api.serve(aRequest({ method: 'POST', path: `${endpointPath}/${operation}`, body, ...parts }));
  const get = (path: string, search = '', token = 'organisation') =>
    api.serve(aRequest({ path: `/api/v1/background-task${path}`, search, token }));
  return { ...api, post, get };
}

describe('recover, replay-missing and bulk-replay', () => {
  it.each([
    ['recover', 'endpoint.recover'],
    ['replay-missing', 'endpoint.replay'],
    ['bulk-replay', 'endpoint.bulk-replay'],
  ])('%s starts a task that can be looked at', async (operation, kind) => {
    const { post, get } = await aWorld();
    const answer = await post(operation, { since });
    expect(answer.statusCode).toBe(202);
    const begun = bodyOf(answer);
    expect(begun).toEqual({
      id: expect.stringMatching(/^qtask_/),
      status: 'running',
      task: kind,
      updatedAt: now.toISOString(),
    });
    expect(bodyOf(await get(`/${begun.id}`))).toEqual({
      ...begun,
      data: {
        messagesSent: 0,
        messagesSkipped: 0,
        appId: ids.application,
        endpointId: ids.endpoint,
        since,
        until: now.toISOString(),
        reached: null,
      },
    });
  });

  it('keep every filter', async () => {
    const { post, tasks } = await aWorld();
    const filters = { eventTypes: ['a.b'], channel: 'c', tag: 't', status: 4, statusCodeClass: 0 };
    await post('bulk-replay', { since, until: at(99 * days + 60), ...filters });
    expect(tasks.all().map(({ work }) => work)).toEqual([
      {
        kind: 'endpoint.bulk-replay',
        since: secondsLater(99 * days),
        until: secondsLater(99 * days + 60),
        filters: { ...filters, status: 'canceled' },
      },
    ]);
  });

  it('start one task for one idempotency key', async () => {
    const { post, tasks } = await aWorld();
    const headers = { 'idempotency-key': 'one' };
    const answers = [await post('recover', { since }, { headers }), await post('recover', { since }, { headers })];
    expect(bodyOf(answers[1] ?? {})).toEqual(bodyOf(answers[0] ?? {}));
    expect(tasks.all()).toHaveLength(1);
    await post('recover', { since }, { headers: { 'idempotency-key': 'two' } });
    expect(tasks.all()).toHaveLength(2);
  });

  it('end now at the latest', async () => {
    const { post, tasks } = await aWorld();
    await post('recover', { since, until: at(200 * days) });
    expect(tasks.all()).toMatchObject([{ work: { until: now } }]);
  });

  it.each([
    ['recover', { since: at(101 * days) }, 400, 'invalid_range'],
    ['recover', { since, until: since }, 400, 'invalid_range'],
    ['replay-missing', { since: at(50 * days) }, 400, 'invalid_range'],
    ['recover', {}, 422, undefined],
    ['recover', { since: 'yesterday' }, 422, undefined],
    ['bulk-replay', { since, status: 7 }, 422, undefined],
    ['bulk-replay', { since, statusCodeClass: 201 }, 422, undefined],
    ['bulk-replay', { since, eventTypes: [] }, 422, undefined],
  ])('refuse %s with %j', async (operation, body, status, code) => {
    const { post, tasks } = await aWorld();
    const answer = await post(operation, body);
    expect([answer.statusCode, bodyOf(answer).code]).toEqual([status, code]);
    expect(tasks.all()).toEqual([]);
  });

  it('replay old messages to an endpoint that is young enough that all of its records are kept', async () => {
    const { post } = await aWorld({ endpoint: { createdAt: secondsLater(98 * days) } });
    expect((await post('replay-missing', { since: startOfTests.toISOString() })).statusCode).toBe(202);
  });

  it('refuse a disabled endpoint, and say what to do', async () => {
    const { post } = await aWorld({ endpoint: { disabled: true } });
    const answer = await post('recover', { since });
    expect([answer.statusCode, bodyOf(answer)]).toEqual([
      409,
      { code: 'conflict', detail: 'The endpoint is disabled: enable it first' },
    ]);
  });

  it('work with a token of the application, and not with one of another application', async () => {
    const { post } = await aWorld();
    expect((await post('recover', { since }, { token: ids.application })).statusCode).toBe(202);
    expect((await post('recover', { since }, { token: otherApplication })).statusCode).toBe(404);
  });
});

describe('expunging all messages of an application', () => {
  const path = `/api/v1/app/${ids.application}/msg/expunge-all-contents`;
  const expungeAll = (api: Awaited<ReturnType<typeof aWorld>>, parts: Parameters<typeof aRequest>[0] = {}) =>
    api.serve(aRequest({ method: 'POST', path, ...parts }));

  it('starts a task that can be looked at', async () => {
    const api = await aWorld();
    const answer = await expungeAll(api);
    expect(answer.statusCode).toBe(202);
    const begun = bodyOf(answer);
    expect(begun).toEqual({
      id: expect.stringMatching(/^qtask_/),
      status: 'running',
      task: 'application.purge_content',
      updatedAt: now.toISOString(),
    });
    const data = { messagesPurged: 0, messagesSkipped: 0, appId: ids.application, reached: null };
    // Ids of one time sort in any order: the messages of that time are expunged too.
    const until = new Date(now.getTime() + 4).toISOString();
    expect(bodyOf(await api.get(`/${begun.id}`))).toEqual({ ...begun, data: { ...data, until } });
    expect(bodyOf(await api.get('', 'task=application.purge_content')).data).toHaveLength(1);
    expect(bodyOf(await api.get('', '', ids.application)).data).toHaveLength(1);
  });

  it('includes what was accepted just before, in the same milliseconds', async () => {
    const api = await aWorld();
    await api.messages.insert(aMessage({ messageId: createMessageId(now, new Uint8Array(15).fill(255), 'sharded') }));
    await expungeAll(api);
    const [task] = api.tasks.all();
    const before = task && 'purged' in task ? task.work.until : now;
    const query = { limit: 1, direction: 'forward', withBody: false, before } as const;
    expect((await api.messages.list(ids.application, query, now)).items).toHaveLength(1);
  });

  it('starts one task for one idempotency key', async () => {
    const api = await aWorld();
    const headers = { 'idempotency-key': 'one' };
    const answers = [await expungeAll(api, { headers }), await expungeAll(api, { headers })];
    expect(bodyOf(answers[1] ?? {})).toEqual(bodyOf(answers[0] ?? {}));
    expect(api.tasks.all()).toHaveLength(1);
  });

  it.each([
    ["an application's token", { token: ids.application }, 403],
    ['an application that is not there', { path: '/api/v1/app/none/msg/expunge-all-contents' }, 404],
  ])('refuses %s', async (_, parts, status) => {
    const api = await aWorld();
    expect((await expungeAll(api, parts)).statusCode).toBe(status);
    expect(api.tasks.all()).toEqual([]);
  });

  it('says how far it is', async () => {
    const cursor = ids.message;
    const { get } = await aWorld({ tasks: [aPurgeTask({ slice: 1, purged: 150, skipped: 2, cursor })] });
    expect(bodyOf(await get(`/${ids.task}`)).data).toMatchObject({
      messagesPurged: 150,
      messagesSkipped: 2,
      reached: timeOfId(cursor).toISOString(),
    });
  });
});

describe('background tasks', () => {
  const taskOf = (n: number) => nthId('task', n);
  const failed = aTask({ taskId: taskOf(1), status: 'failed', error: 'the endpoint was deleted', cursor: ids.message });
  const finished = aTask({ taskId: taskOf(2), status: 'finished', sent: 4, applicationId: otherApplication });
  const running = aTask({ taskId: taskOf(3), work: { kind: 'endpoint.replay', since: now, until: now } });
  const tasks = [failed, finished, running];
  const idsOf = (answer: Parameters<typeof bodyOf>[0]) => bodyOf(answer).data.map(({ id }: { id: string }) => id);

  it('are listed newest first, page by page, and the other way round', async () => {
    const { get } = await aWorld({ tasks });
    const page = bodyOf(await get('', 'limit=2'));
    expect(page.data.map(({ id }: { id: string }) => id)).toEqual([taskOf(3), taskOf(2)]);
    expect(idsOf(await get('', `limit=2&iterator=${page.iterator}`))).toEqual([taskOf(1)]);
    expect(idsOf(await get('', 'order=ascending'))).toEqual([taskOf(1), taskOf(2), taskOf(3)]);
  });

  it.each([
    ['status=finished', [taskOf(2)]],
    ['task=endpoint.replay', [taskOf(3)]],
    ['task=endpoint.recover&status=failed', [taskOf(1)]],
    ['task=application.stats', []],
  ])('are filtered by %s', async (search, expected) => {
    const { get } = await aWorld({ tasks });
    expect(idsOf(await get('', search))).toEqual(expected);
  });

  it.each(['status=done', 'task=endpoint.none', 'order=up', 'iterator=msg_1', 'limit=251'])(
    'refuse %s',
    async (search) => {
      const { get } = await aWorld();
      expect([400, 422]).toContain((await get('', search)).statusCode);
    },
  );

  it('say how far they are, and why they failed', async () => {
    const { get } = await aWorld({ tasks });
    expect(bodyOf(await get(`/${taskOf(1)}`))).toMatchObject({
      status: 'failed',
      data: { reached: timeOfId(ids.message).toISOString(), error: 'the endpoint was deleted' },
    });
  });

  it('are shown to a token of their application only', async () => {
    const { get } = await aWorld({ tasks });
    expect(idsOf(await get('', '', ids.application))).toEqual([taskOf(3), taskOf(1)]);
    expect((await get(`/${taskOf(1)}`, '', ids.application)).statusCode).toBe(200);
    expect((await get(`/${taskOf(2)}`, '', ids.application)).statusCode).toBe(404);
    expect((await get(`/${taskOf(2)}`)).statusCode).toBe(200);
  });

  it.each([taskOf(9), 'qtask_short', ids.message])('are 404 if there is none: %s', async (id) => {
    const { get } = await aWorld({ tasks });
    expect((await get(`/${id}`)).statusCode).toBe(404);
  });
});

describe('statistics', () => {
  const usage = (body: unknown, token = 'organisation') =>
    aRequest({ method: 'POST', path: '/api/v1/stats/usage/app', body, token });
  const eventTypes = (token = 'organisation') =>
    aRequest({ method: 'PUT', path: '/api/v1/stats/usage/event-types', token });
  const window = { since: at(98 * days + 1), until: at(99 * days + 1) };

  it('of usage are counted by a task, in full hours', async () => {
    const { serve, tasks, get } = await aWorld();
    const answer = await serve(usage(window));
    expect(answer.statusCode).toBe(202);
    const { unresolvedAppIds, ...begun } = bodyOf(answer);
    expect([begun.task, begun.status, unresolvedAppIds]).toEqual(['application.stats', 'running', []]);
    expect(tasks.all()).toMatchObject([
      { work: { since: secondsLater(98 * days), until: secondsLater(99 * days + 3_600) } },
    ]);
    expect(tasks.all()[0]).not.toHaveProperty('applicationId');
    const data = { since: at(98 * days), until: at(99 * days + 3_600), appsCounted: 0 };
    expect(bodyOf(await get(`/${begun.id}`))).toEqual({ ...begun, data });
  });

  it('of usage are for the applications that are named, by id or uid, each once', async () => {
    const { serve, tasks } = await aWorld();
    const appIds = ['other', ids.application, 'nobody', otherApplication, nthId('application', 9)];
    const answer = bodyOf(await serve(usage({ ...window, appIds })));
    expect(answer.unresolvedAppIds).toEqual(['nobody', nthId('application', 9)]);
    expect(tasks.all()).toMatchObject([{ work: { applicationIds: [otherApplication, ids.application] } }]);
  });

  it.each([
    ['nobody by these names', { ...window, appIds: ['nobody'] }, 422],
    ['an empty list of names', { ...window, appIds: [] }, 422],
    ['more than 500 names', { ...window, appIds: Array.from({ length: 501 }, (_, n) => `a${n}`) }, 422],
    ['no start', { until: window.until }, 422],
    ['no end', { since: window.since }, 422],
    ['an empty window', { since: window.until, until: window.since }, 400],
    ['a window in the future', { since: at(101 * days), until: at(102 * days) }, 400],
  ])('of usage are refused with %s', async (_, body, status) => {
    const { serve, tasks } = await aWorld();
    expect([(await serve(usage(body))).statusCode, tasks.all()]).toEqual([status, []]);
  });

  it('of usage end now at the latest', async () => {
    const { serve, tasks } = await aWorld();
    await serve(usage({ since: window.since, until: '9999-12-31T23:59:59Z', appIds: null }));
    expect(tasks.all()).toMatchObject([{ work: { until: now } }]);
  });

  it('of usage are counted once for one idempotency key', async () => {
    const { serve, tasks } = await aWorld();
    const request = () => ({ ...usage(window), headers: { ...usage(window).headers, 'idempotency-key': 'one' } });
    expect(bodyOf(await serve(request()))).toEqual(bodyOf(await serve(request())));
    expect(tasks.all()).toHaveLength(1);
  });

  it('show their result when they are finished, and not in lists', async () => {
    const { serve, tasks, get } = await aWorld();
    const { id } = bodyOf(await serve(usage(window)));
    const [task] = tasks.all();
    if (!task || !isStatisticsTask(task)) throw new Error('no task');
    const entry = { applicationId: ids.application, attempts: 3 };
    const other = { applicationId: nthId('application', 1), uid: 'toys' };
    await tasks.putResult(task, { slice: 0, entries: [entry, { ...other, attempts: 1 }] });
    await tasks.putResult(task, { slice: 1, entries: [{ ...other, attempts: 4 }] });
    expect(bodyOf(await get(`/${id}`)).data).not.toHaveProperty('appStats');
    await tasks.advance(aStatisticsTask({ ...task, status: 'finished', slice: 1, counted: 2 }), task);
    const appId = ids.application;
    expect(bodyOf(await get(`/${id}`)).data).toMatchObject({
      appsCounted: 2,
      appStats: [
        { appId, appUid: null, messageDestinations: 3 },
        { appId: other.applicationId, appUid: 'toys', messageDestinations: 5 },
      ],
    });
    expect(bodyOf(await get('', 'task=application.stats')).data).toMatchObject([{ id, data: { appsCounted: 2 } }]);
    expect(bodyOf(await get('')).data[0].data).not.toHaveProperty('appStats');
  });

  it('of event types are listed by a task', async () => {
    const { serve, tasks, get } = await aWorld();
    const answer = await serve(eventTypes());
    expect([answer.statusCode, bodyOf(answer).task]).toEqual([202, 'event-type.aggregate']);
    const [task] = tasks.all();
    if (!task || !isStatisticsTask(task)) throw new Error('no task');
    const entries = [{ applicationId: ids.application, eventTypes: ['a.b'], hasCatchAll: true }];
    await tasks.putResult(task, { slice: 0, entries });
    await tasks.advance(aStatisticsTask({ ...task, status: 'finished', slice: 1, counted: 1 }), task);
    const listed = [{ appId: ids.application, explicitlySubscribedEventTypes: ['a.b'], hasCatchAllEndpoint: true }];
    expect(bodyOf(await get(`/${task.taskId}`)).data).toEqual({ appsCounted: 1, event_types: listed });
  });

  it('need the token of the organisation, and so do their tasks', async () => {
    const { serve, get, tasks } = await aWorld();
    expect((await serve(usage(window, ids.application))).statusCode).toBe(403);
    expect((await serve(eventTypes(ids.application))).statusCode).toBe(403);
    await serve(eventTypes());
    expect((await get(`/${tasks.all()[0]?.taskId}`, '', ids.application)).statusCode).toBe(404);
    expect(bodyOf(await get('', '', ids.application)).data).toEqual([]);
  });
});

it('the removal of an application is shown to its organisation', async () => {
  const { serve, get } = await aWorld();
  await serve(aRequest({ method: 'DELETE', path: '/api/v1/app/other' }));
  expect(bodyOf(await get('', 'task=application.purge_content')).data).toMatchObject([
    { status: 'running', data: { appId: otherApplication, appUid: 'other', messagesPurged: 0, rowsPurged: 0 } },
  ]);
});
