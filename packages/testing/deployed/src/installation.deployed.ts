import { queueName, tableName } from '@posthorn/contracts';
import { signToken } from '@posthorn/secrets/tokens';
import { type ReceivedRequest, type Receiver, startReceiver } from '@posthorn/testing';
import { Webhook } from 'standardwebhooks';
import { type Emulator, startEmulator } from './emulator/emulator.ts';
import { notCovered } from './emulator/not-covered.ts';
import { isAllowed } from './iam/policy.ts';
import { deployFromNothing, type InstallationUnderTest, jwtSecret, stage } from './installation-under-test.ts';
import type { DeployedFunction } from './stacks/read-installation.ts';

/** The third retry is more than 15 minutes away, so it waits in the table of due deliveries, not on the queue. */
const retrySchedule = '1,1,1500';
const twoHoursMs = 7_200_000;

let emulator: Emulator;
let posthorn: InstallationUnderTest;
let receiver: Receiver;
let token: string;

beforeAll(async () => {
  receiver = await startReceiver();
  emulator = await startEmulator(process.env.EMULATOR_PYTHON ?? 'python3');
  posthorn = await deployFromNothing(emulator, {
    POSTHORN_ALLOW_HTTP: 'true',
    POSTHORN_ALLOWED_SUBNETS: '127.0.0.0/8,::1/128',
    POSTHORN_RETRY_SCHEDULE: retrySchedule,
  });
  const issuedAt = new Date();
  token = await signToken({
    secret: jwtSecret,
    organisationId: 'org_deployed',
    issuedAt,
    expiresAt: new Date(issuedAt.getTime() + twoHoursMs),
  });
}, 480_000);
afterAll(async () => {
  await posthorn?.stop();
  await emulator.stop();
  await receiver.stop();
});

/** Sends a request with the organisation’s token, and reads the JSON of the answer. */
async function api(method: string, path: string, body?: unknown) {
  const { statusCode, body: text = '' } = await posthorn.request({
    method,
    path: `/api/v1${path}`,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // What the tests read of answers is what the API's own tests check.
  return { status: statusCode, body: (text === '' || !text.startsWith('{') ? {} : JSON.parse(text)) as Answer };
}
interface Answer {
  readonly id: string;
  readonly key: string;
  readonly iterator: string;
  readonly success: number;
  readonly fail: number;
  readonly data: readonly { readonly id: string; readonly status: number }[];
}

async function created(path: string, body: unknown): Promise<string> {
  const answer = await api('POST', path, body);
  expect([path, answer.status, answer.body]).toEqual([path, expect.any(Number), expect.anything()]);
  expect([path, answer.status]).toEqual([path, path.endsWith('/msg') ? 202 : 201]);
  return answer.body.id;
}
const postMessage = (app: string, payload: object, eventType = 'order.paid') =>
  created(`/app/${app}/msg`, { eventType, payload });
const arrivals = (path: string, payload?: object): readonly ReceivedRequest[] =>
  receiver
    .requestsTo(path)
    .filter(({ body }) => payload === undefined || JSON.stringify(JSON.parse(body)) === JSON.stringify(payload));
const secretOf = async (app: string, endpoint: string) =>
  (await api('GET', `/app/${app}/endpoint/${endpoint}/secret`)).body.key;

function expectSigned({ headers, body }: ReceivedRequest, secret: string): void {
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  expect(() =>
    new Webhook(secret).verify(body, Object.fromEntries(names.map((name) => [name, String(headers[name])]))),
  ).not.toThrow();
}

describe('a deployment from nothing', () => {
  it('creates the four stacks', () => {
    expect(posthorn.installation.status).toEqual({
      'posthorn-data-test': 'UPDATE_COMPLETE',
      'posthorn-queue-workers-test': 'UPDATE_COMPLETE',
      'posthorn-db-triggers-test': 'UPDATE_COMPLETE',
      'posthorn-api-test': 'UPDATE_COMPLETE',
    });
  });

  it('creates every resource but those that the emulator is known to lack', () => {
    const lacking = [...emulator.unsupported].toSorted();
    expect(lacking).toEqual(notCovered.map(({ type }) => type).toSorted());
    for (const type of lacking) expect(posthorn.installation.types).toContain(type);
  });

  it('gives functions the settings that their service names, and nothing else of the operator’s environment', () => {
    const { environment } = posthorn.installation.functions.get('posthorn-db-triggers-test-onMessageInserted') ?? {};
    expect(environment).toEqual({ POSTHORN_STAGE: stage, POWERTOOLS_LOG_LEVEL: 'INFO' });
  });

  it('gives the role of each event source what Lambda needs to read it and to report what it gave up', () => {
    const needed = {
      sqs: ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'],
      dynamodb: ['GetRecords', 'GetShardIterator', 'DescribeStream', 'ListStreams'],
    };
    expect(posthorn.installation.mappings).toHaveLength(4);
    for (const { functionName, sourceArn, onFailureArn } of posthorn.installation.mappings) {
      const statements = posthorn.installation.functions.get(functionName)?.statements ?? [];
      const service = sourceArn.split(':')[2] === 'sqs' ? 'sqs' : 'dynamodb';
      const accesses = needed[service].map((name) => ({ action: `${service}:${name}`, resource: sourceArn }));
      if (onFailureArn) accesses.push({ action: 'sqs:SendMessage', resource: onFailureArn });
      for (const access of accesses) expect([functionName, access, isAllowed(statements, access)]).toContain(true);
    }
  });
});

describe('what was deployed', () => {
  it('accepts a message, fans it out, and delivers it signed', async () => {
    await created('/app', { name: 'Signed', uid: 'signed' });
    await created('/event-type', { name: 'order.paid', description: 'An order was paid' });
    const endpoint = await created('/app/signed/endpoint', {
      url: `${receiver.url}/signed`,
      eventTypes: ['order.paid'],
      headers: { 'x-tenant': 'one' },
    });
    await postMessage('signed', { order: 1 });
    await postMessage('signed', { order: 2 }, 'order.refunded');
    await posthorn.runUntil(() => arrivals('/signed').length > 0);
    const [request] = arrivals('/signed', { order: 1 });
    if (!request) throw new Error('the message did not arrive');
    expectSigned(request, await secretOf('signed', endpoint));
    expect(request.headers['x-tenant']).toBe('one');
    expect(arrivals('/signed', { order: 2 })).toEqual([]);
  });

  it('accepts a message once for one idempotency key', async () => {
    const post = () =>
      posthorn.request({
        method: 'POST',
        path: '/api/v1/app/signed/msg',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'once' },
        body: JSON.stringify({ eventType: 'order.paid', payload: { once: true }, eventId: 'once' }),
      });
    const [first, second] = [await post(), await post()];
    expect([first.statusCode, second.statusCode, second.body]).toEqual([202, 202, first.body]);
  });

  it('delivers a body that is larger than one item of the table', async () => {
    const payload = { text: 'x'.repeat(700_000) };
    await postMessage('signed', payload);
    await posthorn.runUntil(() => arrivals('/signed', payload).length > 0);
  });

  it('tries again, from the queue and then from the table of due deliveries', async () => {
    await created('/app', { name: 'Retried', uid: 'retried' });
    const endpoint = await created('/app/retried/endpoint', { url: `${receiver.url}/retried` });
    receiver.respond('/retried', () => ({ status: arrivals('/retried').length < 4 ? 500 : 200 }));
    const message = await postMessage('retried', { retried: true });
    await posthorn.runUntil(() => arrivals('/retried').length === 3);
    const release = (aheadMs: number) =>
      posthorn.invoke('posthorn-queue-workers-test-releaseDueDeliveries', {}, aheadMs);
    await release(0);
    await release(twoHoursMs);
    await posthorn.runUntil(() => arrivals('/retried').length === 4);
    const secret = await secretOf('retried', endpoint);
    for (const request of arrivals('/retried')) {
      expectSigned(request, secret);
      expect(request.headers['webhook-id']).toBe(message);
    }
    const attempts = await api('GET', `/app/retried/attempt/msg/${message}`);
    expect(attempts.body.data.map(({ status }) => status)).toEqual([0, 2, 2, 2]);
  });

  it('delivers to a destination in order, through a failure', async () => {
    await created('/app', { name: 'Ordered', uid: 'ordered' });
    await created('/app/ordered/destination', { type: 'fifoEndpoint', config: { url: `${receiver.url}/ordered` } });
    receiver.respond('/ordered', () => ({ status: arrivals('/ordered').length === 1 ? 503 : 200 }));
    for (const n of [1, 2, 3]) await postMessage('ordered', { n });
    await posthorn.runUntil(() => arrivals('/ordered').length === 4);
    expect(arrivals('/ordered').map(({ body }) => JSON.parse(body).n)).toEqual([1, 1, 2, 3]);
  });

  it('sends a message again when asked, and counts attempts', async () => {
    await created('/app', { name: 'Resent', uid: 'resent' });
    const endpoint = await created('/app/resent/endpoint', { url: `${receiver.url}/resent` });
    const message = await postMessage('resent', { resent: true });
    await posthorn.runUntil(() => arrivals('/resent').length === 1);
    expect((await api('POST', `/app/resent/msg/${message}/endpoint/${endpoint}/resend`)).status).toBe(202);
    await posthorn.runUntil(() => arrivals('/resent').length === 2);
    await posthorn.runUntil(async () => {
      const { body } = await api('GET', `/app/resent/endpoint/${endpoint}/stats`);
      return body.success === 2 && body.fail === 0;
    });
  });

  it('disables an endpoint that is gone', async () => {
    await created('/app', { name: 'Gone', uid: 'gone' });
    const endpoint = await created('/app/gone/endpoint', { url: `${receiver.url}/gone` });
    receiver.respond('/gone', () => ({ status: 410 }));
    await postMessage('gone', {});
    await posthorn.runUntil(async () => {
      const { body } = await api('GET', `/app/gone/endpoint/${endpoint}`);
      return (body as unknown as { disabled: boolean }).disabled;
    });
  });
});

describe('a role', () => {
  it('allows every operation of the API', async () => {
    const app = '/app/whole';
    await created('/app', { name: 'Whole', uid: 'whole' });
    await created('/event-type', { name: 'user.created', description: '' });
    const endpoint = await created(`${app}/endpoint`, { url: `${receiver.url}/whole`, uid: 'main' });
    const destination = await created(`${app}/destination`, {
      type: 'fifoEndpoint',
      config: { url: `${receiver.url}/whole-fifo` },
    });
    const message = await postMessage('whole', { whole: true });
    await posthorn.runUntil(() => arrivals('/whole').length === 1 && arrivals('/whole-fifo').length === 1);
    const attempts = await api('GET', `${app}/attempt/endpoint/${endpoint}`);
    const attempt = attempts.body.data[0]?.id;
    const operations: readonly [number, string, string, unknown?][] = [
      [200, 'GET', '/app'],
      [200, 'GET', app],
      [200, 'PUT', app, { name: 'Whole', uid: 'whole' }],
      [200, 'PATCH', app, { metadata: { a: 'b' } }],
      [200, 'GET', `${app}/endpoint`],
      [200, 'GET', `${app}/endpoint/main`],
      [200, 'PUT', `${app}/endpoint/main`, { url: `${receiver.url}/whole`, uid: 'main', eventTypes: ['user.created'] }],
      [200, 'PATCH', `${app}/endpoint/main`, { description: 'changed' }],
      [200, 'GET', `${app}/endpoint/main/secret`],
      [204, 'PUT', `${app}/endpoint/main/headers`, { headers: { 'x-a': '1' } }],
      [204, 'PATCH', `${app}/endpoint/main/headers`, { headers: { 'x-b': '2' } }],
      [200, 'GET', `${app}/endpoint/main/headers`],
      [200, 'GET', `${app}/endpoint/main/stats`],
      [200, 'GET', `${app}/destination`],
      [200, 'GET', `${app}/destination/${destination}`],
      [200, 'GET', '/event-type'],
      [200, 'GET', '/event-type/user.created'],
      [200, 'GET', `${app}/msg`],
      [200, 'GET', `${app}/msg/${message}`],
      [200, 'GET', `${app}/attempt/endpoint/main`],
      [200, 'GET', `${app}/attempt/msg/${message}`],
      [200, 'GET', `${app}/msg/${message}/attempt/${attempt}`],
      [202, 'POST', `${app}/msg/${message}/endpoint/main/resend`],
      [204, 'DELETE', `${app}/endpoint/main`],
      [204, 'DELETE', `${app}/destination/${destination}`],
      [204, 'DELETE', app],
      [200, 'GET', '/health'],
      [404, 'GET', '/nothing'],
    ];
    for (const [status, method, path, body] of operations)
      expect([method, path, (await api(method, path, body)).status]).toEqual([method, path, status]);
    expect([...posthorn.calledRoutes].toSorted()).toEqual(Object.keys(posthorn.installation.routes).toSorted());
  });

  it('has refused nothing so far', () => {
    expect(posthorn.guard.refusals).toEqual([]);
    expect(posthorn.failures).toEqual([]);
  });

  it('is missed when a right is taken from it: accepting, fan-out and delivery fail', async () => {
    const names = (statement: { Resource: readonly string[] }, name: string) =>
      statement.Resource.some((resource) => resource.endsWith(name));
    const table = (name: 'messages' | 'attempts') => `table/${tableName(stage, name)}`;
    const refused = (functionName: string, action: string) =>
      expect.objectContaining({ caller: functionName, access: expect.objectContaining({ action }) });

    const post = await posthorn.without(
      'posthorn-api-test-postMessage',
      (statement) => names(statement, table('messages')),
      () => api('POST', '/app/signed/msg', { eventType: 'order.paid', payload: { lost: true } }),
    );
    expect(post.status).toBeGreaterThanOrEqual(500);
    expect(posthorn.guard.refusals).toContainEqual(refused('posthorn-api-test-postMessage', 'dynamodb:PutItem'));

    await postMessage('signed', { held: true });
    const fanOut = 'posthorn-db-triggers-test-onMessageInserted';
    const isRefused = (caller: string) => () => posthorn.guard.refusals.some((refusal) => refusal.caller === caller);
    await posthorn.without(
      fanOut,
      (statement) => names(statement, queueName(stage, 'deliveries')) && statement.Action.includes('sqs:SendMessage'),
      () => posthorn.runUntil(isRefused(fanOut)),
    );
    expect(posthorn.guard.refusals).toContainEqual(refused(fanOut, 'sqs:SendMessage'));
    expect(arrivals('/signed', { held: true })).toEqual([]);

    const deliver = 'posthorn-queue-workers-test-deliverStandard';
    await posthorn.without(
      deliver,
      (statement) => names(statement, table('attempts')),
      () => posthorn.runUntil(isRefused(deliver)),
    );
    expect(arrivals('/signed', { held: true })).toEqual([]);
  });
});

/** What no test here needed may be forgotten in a role's list, or in the tests. */
afterAll(() => {
  const { used } = posthorn.guard;
  const rights = [...posthorn.installation.functions.values()].flatMap(rightsOf);
  const unused = rights.filter((right) => ![...used].some((own) => matchesRight(right, own)));
  console.info(
    `${rights.length - unused.length} of ${rights.length} rights were used. Not used:\n${unused.join('\n')}`,
  );
});

const rightsOf = ({ name, statements }: DeployedFunction): readonly string[] =>
  statements.flatMap(({ Action, Resource }) =>
    Action.flatMap((action) => Resource.map((resource) => `${name} ${action} ${resource}`)),
  );

const matchesRight = (right: string, used: string): boolean =>
  used === right || used.startsWith(right.split('?')[0] ?? '-');
