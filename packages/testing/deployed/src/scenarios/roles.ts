import { setTimeout as wait } from 'node:timers/promises';
import { queueName, tableName } from '@posthorn/contracts';
import type { Statement } from '../iam/policy.ts';
import { stage } from '../installation-under-test.ts';
import type { DeployedFunction } from '../stacks/read-installation.ts';
import type { Context } from './context.ts';

const postMessageFunction = 'posthorn-api-test-postMessage';
const fanOutFunction = 'posthorn-db-triggers-test-onMessageInserted';
const deliverFunction = 'posthorn-queue-workers-test-deliverStandard';

/** A change of what is enforced is in force after five seconds at most. */
const inForceMs = 5_000;

export const describeRoles = (context: () => Context): void =>
  describe('the role of a function', () => {
    it('allows every operation of the API', async () => {
      const { api, posthorn } = context();
      for (const [status, method, path, body] of await everyOperation(context()))
        expect([method, path, (await api(method, path, body)).status]).toEqual([method, path, status]);
      expect([...posthorn.calledRoutes].toSorted()).toEqual(Object.keys(posthorn.installation.routes).toSorted());
    });

    it('allows a request to be repeated with its idempotency key, and a refused one to be corrected', async () => {
      const { api, createApplication, createEndpoint, postMessage } = context();
      await createApplication('repeated');
      const endpoint = await createEndpoint('repeated');
      const message = await postMessage('repeated', {});
      const url = 'https://example.com/';
      const requests: readonly (readonly [path: string, refused: object | undefined, correct: object])[] = [
        ['/app', { name: 1 }, { name: 'Again', uid: 'again' }],
        ['/event-type', { name: '' }, { name: 'again', description: '' }],
        ['/app/repeated/endpoint', { url: 'no url' }, { url, uid: 'again' }],
        [`/app/repeated/endpoint/${endpoint}/send-example`, {}, { eventType: 'svix.ping' }],
        ['/auth/app-portal-access/repeated', { expiry: 1 }, {}],
        ['/app/repeated/integration', { name: '' }, { name: 'Again' }],
        ['/app/repeated/destination', {}, { type: 'fifoEndpoint', config: { url }, eventTypes: ['again'] }],
        ['/app/repeated/msg', { payload: {} }, { eventType: 'again', payload: {} }],
        [`/app/repeated/msg/${message}/endpoint/${endpoint}/resend`, undefined, {}],
        ['/app/repeated/poller/orders/consumer/one/seek', {}, { after: new Date() }],
      ];
      for (const [path, refused, correct] of requests) {
        const post = (body: object) => api('POST', path, body, { 'idempotency-key': 'again' });
        if (refused) expect([path, (await post(refused)).status]).toEqual([path, 422]);
        const [first, second] = [await post(correct), await post(correct)];
        expect([path, [200, 201, 202].includes(first.status)]).toEqual([path, true]);
        expect([path, second.status, second.text]).toEqual([path, first.status, first.text]);
      }
    });

    it('allows messages to be compared with an enforced schema, on a thread of the function', async () => {
      const { api, create, createApplication } = context();
      await createApplication('checked');
      await create('/event-type', { name: 'user.checked', description: '', schemas: { 1: { required: ['id'] } } });
      const post = (payload: object, headers = {}) =>
        api('POST', '/app/checked/msg', { eventType: 'user.checked', payload }, headers);
      const again = { 'idempotency-key': 'checked' };
      const first = await post({}, again);
      expect(first.status).toBe(202);
      expect((await api('PUT', '/event-type/user.checked/enforcement', { enabled: true })).status).toBe(200);
      await wait(inForceMs);
      expect([(await post({})).status, (await post({ id: 1 })).status]).toEqual([422, 202]);
      // It does not fit any more, and was accepted.
      expect((await post({}, again)).text).toBe(first.text);
    });

    it('has refused nothing so far', () => {
      expect(context().posthorn.guard.refusals).toEqual([]);
      expect(context().posthorn.failures).toEqual([]);
    });

    it('is needed: without its right to the messages table, nothing is accepted', async () => {
      const { posthorn, api } = context();
      const { status } = await posthorn.without(
        postMessageFunction,
        isOn(`table/${tableName(stage, 'messages')}`),
        () => api('POST', '/app/signed/msg', { eventType: 'order.paid', payload: { lost: true } }),
      );
      expect(status).toBeGreaterThanOrEqual(500);
      expectRefusal(context(), postMessageFunction, 'dynamodb:PutItem');
    });

    it('is needed: without its right to the queue, nothing is fanned out', async () => {
      const { posthorn, postMessage, arrivals } = context();
      await postMessage('signed', { held: true });
      await posthorn.without(fanOutFunction, isOn(queueName(stage, 'deliveries')), () =>
        posthorn.runUntil(() => refusalsOf(context(), fanOutFunction).length > 0),
      );
      expectRefusal(context(), fanOutFunction, 'sqs:SendMessage');
      expect(arrivals('signed', { held: true })).toEqual([]);
    });

    it('is needed: without its right to the attempts table, nothing is delivered', async () => {
      const { posthorn, arrivals } = context();
      await posthorn.without(deliverFunction, isOn(`table/${tableName(stage, 'attempts')}`), () =>
        posthorn.runUntil(() => refusalsOf(context(), deliverFunction).length > 0),
      );
      expectRefusal(context(), deliverFunction, 'dynamodb:GetItem');
      expect(arrivals('signed', { held: true })).toEqual([]);
    });

    /** A right that was not used is not needed, or no test here covers it. */
    afterAll(() => {
      const { posthorn } = context();
      const rights = [...posthorn.installation.functions.values()].flatMap(rightsOf);
      const unused = rights.filter((right) => ![...posthorn.guard.used].some((used) => covers(right, used)));
      console.info(
        `${rights.length - unused.length} of ${rights.length} rights were used. Not used:\n${shorten(unused)}`,
      );
    });
  });

type Operation = readonly [status: number, method: string, path: string, body?: unknown];

/** An OpenAPI document with one webhook. */
const aSpec = { openapi: '3.1.0', webhooks: { 'user.imported': { post: { summary: 'Imported' } } } };

/** A request to every route, for resources that exist. */
async function everyOperation(context: Context): Promise<readonly Operation[]> {
  const { api, create, createApplication, createEndpoint, createDestination, postMessage, posthorn, arrivals } =
    context;
  const app = '/app/whole';
  await createApplication('whole');
  await create('/event-type', { name: 'user.created', description: '' });
  await createEndpoint('whole', { uid: 'main' });
  await createEndpoint('whole', { uid: 'other', url: 'https://example.com/', disabled: true });
  const destination = await createDestination('whole', { eventTypes: ['user.created'] });
  const integration = await create(`${app}/integration`, { name: 'Accounting' });
  await api('POST', '/auth/app-portal-access/whole', {});
  const portalToken = (await api('GET', '/auth/app/whole/token')).body.data[0]?.id;
  const message = await postMessage('whole', { whole: true });
  await posthorn.runUntil(() => arrivals('whole').length === 1);
  const [attempt] = (await api('GET', `${app}/attempt/endpoint/main`)).body.data;
  const { url } = context.receiver;
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const minuteAgo = new Date(Date.now() - 60_000).toISOString();
  const ordered = { type: 'fifoEndpoint', config: { url: 'https://example.com/', headers: { 'x-a': '1' } } };
  const operational = '/operational-webhook/endpoint';
  const moved = { eventTypes: [{ name: 'moved', description: '' }], settings: { retrySchedule: [1] } };
  return [
    [201, 'POST', operational, { url: `${url}/told`, uid: 'told' }],
    [200, 'GET', operational],
    [200, 'GET', `${operational}/told`],
    [200, 'PUT', `${operational}/told`, { url: `${url}/told`, uid: 'told', description: 'changed' }],
    [200, 'GET', `${operational}/told/secret`],
    [204, 'POST', `${operational}/told/secret/rotate`, { gracePeriodSeconds: 60 }],
    [204, 'PUT', `${operational}/told/headers`, { headers: { 'x-a': '1' } }],
    [200, 'GET', `${operational}/told/headers`],
    [200, 'POST', '/environment/export'],
    [204, 'POST', '/environment/import', moved],
    [202, 'POST', '/app/inline/msg', { eventType: 'a', payload: {}, application: { name: 'Inline', uid: 'inline' } }],
    [200, 'GET', '/app'],
    [200, 'GET', '/app?exclude_apps_with_no_endpoints=true'],
    [202, 'POST', '/stats/usage/app', { since, until: new Date(), appIds: ['whole'] }],
    [202, 'POST', '/stats/usage/app', { since, until: new Date() }],
    [202, 'PUT', '/stats/usage/event-types'],
    [200, 'GET', app],
    [200, 'PUT', app, { name: 'Whole', uid: 'renamed' }],
    [200, 'PATCH', '/app/renamed', { uid: 'whole' }],
    [200, 'PATCH', app, { metadata: { a: 'b' } }],
    [200, 'GET', `${app}/endpoint`],
    [200, 'GET', `${app}/endpoint/main`],
    [200, 'PUT', `${app}/endpoint/main`, { url: `${url}/whole`, uid: 'renamed', eventTypes: ['user.created'] }],
    [200, 'PATCH', `${app}/endpoint/renamed`, { uid: 'main' }],
    [200, 'PATCH', `${app}/endpoint/main`, { description: 'changed' }],
    [200, 'GET', `${app}/endpoint/main/secret`],
    [204, 'POST', `${app}/endpoint/main/secret/rotate`, { gracePeriodSeconds: 60 }],
    ...['/retry-schedule', '/event-type/user.created/retry-schedule', `${app}/endpoint/main/retry-schedule`].flatMap(
      (place): readonly Operation[] => [
        [204, 'PUT', place, { retrySchedule: [1, 2] }],
        [200, 'GET', place],
        [204, 'DELETE', place],
      ],
    ),
    [204, 'PUT', `${app}/endpoint/main/headers`, { headers: { 'x-a': '1' } }],
    [204, 'PATCH', `${app}/endpoint/main/headers`, { headers: { 'x-b': '2' } }],
    [200, 'GET', `${app}/endpoint/main/headers`],
    [200, 'GET', `${app}/endpoint/main/stats`],
    [200, 'GET', `${app}/endpoint/main/delivery?state=planned`],
    // The present hour is partly in this window, so its attempts are read.
    [200, 'GET', `${app}/endpoint/main/stats?since=${minuteAgo}`],
    [200, 'GET', `${app}/endpoint/main/delivery?state=failed`],
    [202, 'POST', `${app}/endpoint/main/send-example`, { eventType: 'svix.ping' }],
    [400, 'POST', `${app}/endpoint/main/send-example`, { eventType: 'user.created' }],
    [201, 'PUT', `${app}/destination/put`, { ...ordered, uid: 'put', eventTypes: ['user.created'] }],
    [200, 'PUT', `${app}/destination/put`, { ...ordered, uid: 'put' }],
    [200, 'PATCH', `${app}/destination/put`, { eventTypes: ['user.created'], channels: ['a'] }],
    [204, 'DELETE', `${app}/destination/put`],
    [200, 'GET', `${app}/destination`],
    [200, 'GET', `${app}/destination/${destination}`],
    [200, 'PATCH', `${app}/destination/${destination}`, { status: 'enabled' }],
    [409, 'POST', `${app}/destination/${destination}/skip`, {}],
    [409, 'POST', `${app}/destination/${destination}/retry`, {}],
    [202, 'POST', `${app}/endpoint/main/recover`, { since }],
    [202, 'POST', `${app}/endpoint/main/replay-missing`, { since }],
    [202, 'POST', `${app}/endpoint/main/bulk-replay`, { since }],
    [200, 'GET', '/background-task'],
    [404, 'GET', '/background-task/qtask_unknown'],
    [200, 'GET', '/event-type'],
    [200, 'GET', '/event-type/user.created'],
    [201, 'PUT', '/event-type/user.put', { description: 'Put' }],
    [200, 'PATCH', '/event-type/user.put', { deprecated: true }],
    [200, 'PUT', '/event-type/user.put/enforcement', { enabled: true }],
    [200, 'GET', '/event-type/user.put/enforcement'],
    [204, 'DELETE', '/event-type/user.put/enforcement'],
    [200, 'PUT', '/enforcement', { enabled: false }],
    [200, 'GET', '/enforcement'],
    [204, 'DELETE', '/event-type/user.put'],
    [200, 'POST', '/event-type/import/openapi', { spec: aSpec }],
    [204, 'DELETE', '/event-type/user.imported?expunge=true'],
    [200, 'GET', `${app}/msg`],
    [200, 'GET', `${app}/msg/${message}`],
    [200, 'GET', `${app}/poller/orders`],
    [200, 'GET', `${app}/poller/orders/consumer/one`],
    [200, 'POST', `${app}/poller/orders/consumer/one/seek`, { after: since }],
    [200, 'GET', `${app}/attempt/endpoint/main`],
    [200, 'GET', `${app}/attempt/endpoint/main?with_msg=true&after=${since}`],
    [200, 'GET', `${app}/attempt/msg/${message}`],
    [200, 'GET', `${app}/failing-endpoint`],
    [200, 'GET', `${app}/endpoint/main/msg`],
    [200, 'GET', `${app}/endpoint/main/msg?status=2`],
    [200, 'GET', `${app}/msg/${message}/endpoint`],
    [200, 'GET', `${app}/msg/${message}/attempt/${attempt?.id}`],
    [204, 'DELETE', `${app}/msg/${message}/attempt/${attempt?.id}/content`],
    [204, 'PATCH', `${app}/endpoint/main/transformation`, { code: 'const handler = (it) => it', enabled: true }],
    [202, 'POST', `${app}/msg/${message}/endpoint/main/resend`],
    [200, 'POST', `${app}/msg/precheck/active`, { eventType: 'user.created' }],
    [204, 'DELETE', `${app}/msg/${message}/content`],
    [200, 'POST', `${app}/msg/bulk-expunge`, { ids: [message, 'none'] }],
    [202, 'POST', `${app}/msg/expunge-all-contents`],
    [200, 'POST', '/auth/app-portal-access/portal', { application: { name: 'Portal', uid: 'portal' } }],
    [403, 'POST', '/auth/logout'],
    [204, 'POST', '/auth/app/whole/expire-all', { sessionIds: ['one'] }],
    [200, 'GET', '/auth/app/whole/token'],
    [204, 'DELETE', `/auth/app/whole/token/${portalToken}`],
    [200, 'GET', `${app}/integration`],
    [200, 'GET', `${app}/integration/${integration}`],
    [200, 'PUT', `${app}/integration/${integration}`, { name: 'Books' }],
    [200, 'POST', `${app}/integration/${integration}/key/rotate`],
    [204, 'DELETE', `${app}/integration/${integration}`],
    [200, 'GET', `${app}/endpoint/main/transformation`],
    [200, 'PATCH', `${app}/destination/${destination}/transformation`, { code: null }],
    [200, 'GET', `${app}/destination/${destination}/transformation`],
    [204, 'DELETE', `${app}/endpoint/main`],
    [204, 'DELETE', `${app}/destination/${destination}`],
    [204, 'DELETE', app],
    [204, 'DELETE', `${operational}/told`],
    [200, 'GET', '/health'],
    [404, 'GET', '/nothing'],
  ];
}

const isOn =
  (name: string) =>
  ({ Resource }: Statement): boolean =>
    Resource.some((resource) => resource.endsWith(`:${name}`));

const refusalsOf = ({ posthorn }: Context, functionName: string) =>
  posthorn.guard.refusals.filter(({ caller }) => caller === functionName);

const expectRefusal = (context: Context, functionName: string, action: string): void =>
  expect(refusalsOf(context, functionName).map(({ access }) => access.action)).toContain(action);

/** Leaves out the rights to write a log: Lambda does that itself, outside of the function. */
const rightsOf = ({ name, statements }: DeployedFunction): readonly string[] =>
  statements.flatMap(({ Action, Resource }) =>
    Action.filter((action) => !action.startsWith('logs:')).flatMap((action) =>
      Resource.map((resource) => `${name} ${action} ${resource}`),
    ),
  );

/** A line for each function: `onMessageInserted: sqs:SendMessage …-stream-failures`. */
const shorten = (rights: readonly string[]): string =>
  Object.entries(Object.groupBy(rights, (right) => right.split(' ')[0]?.split('-').at(-1) ?? ''))
    .map(([name, own = []]) => `${name}: ${own.map(withoutPlace).join(', ')}`)
    .join('\n');
const withoutPlace = (right: string): string =>
  right.replace(/^\S+ (\S+) (?:[^:]*:){5}(?:table\/)?([^/]+).*$/, '$1 $2').replace(`posthorn-${stage}-`, '');

/** The ARN of a secret ends with six random characters that are not in the policy. */
const covers = (right: string, used: string): boolean =>
  used === right || used === right.replace('-??????', used.slice(-7));
