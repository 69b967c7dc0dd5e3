import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { parseJob, type Queue, queueName, type Table, tableName, toDeliveryJob } from '@posthorn/contracts';
import { firstAttemptIdOf } from '@posthorn/core';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { runProgram } from '@posthorn/local-supervisor/testing/run-program';
import { attemptKey } from '@posthorn/models/attempts/attempt-row';
import { createDeliveryRepository } from '@posthorn/models/deliveries';
import { messageKey } from '@posthorn/models/messages/message-row';
import { toItem } from '@posthorn/models/rows/row';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { commandScript } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';

const minute = 60_000;
/** How many attempts at a time an endpoint gets on one machine. Further jobs wait on the queue. */
const share = 256;
const waiting = 40;

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
let sqs: SQSClient;
let tables: DynamoDBClient;
beforeAll(async () => {
  [system, receiver] = await Promise.all([launchSystem({ POSTHORN_RETRY_SCHEDULE: '1,1' }), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url });
  const cloud = await system.cloud();
  const options = { region: cloud.region, credentials: cloud.system };
  sqs = new SQSClient({ endpoint: cloud.sqs, ...options });
  tables = new DynamoDBClient({ endpoint: cloud.dynamodb, ...options });
});
afterAll(async () => {
  sqs.destroy();
  tables.destroy();
  await Promise.all([system.stop(), receiver.stop()]);
});

const arrivals = (path: string): readonly string[] =>
  receiver.requestsTo(path).map(({ headers }) => String(headers['webhook-id']));

async function run(name: string, ...args: readonly string[]) {
  const program = runProgram(commandScript(name), args, { POSTHORN_DATA_DIR: system.dataDir });
  return { code: await program.ended, stdout: program.stdout(), stderr: program.stderr() };
}

const urlOf = async (queue: Queue) =>
  (await sqs.send(new GetQueueUrlCommand({ QueueName: queueName('local', queue) }))).QueueUrl;

/** Does something while the row of an endpoint is not in its table. */
async function without<Result>(
  applicationId: string,
  endpointId: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const row = { TableName: tableName('local', 'endpoints'), Key: toItem({ applicationId, endpointId }) };
  const { Item } = await tables.send(new GetItemCommand(row));
  await tables.send(new DeleteItemCommand(row));
  try {
    return await work();
  } finally {
    await tables.send(new PutItemCommand({ TableName: row.TableName, Item }));
  }
}

async function setAside(queue: Queue, body: string, group?: string): Promise<string> {
  const ofGroup = group === undefined ? {} : { MessageGroupId: group, MessageDeduplicationId: body.slice(-100) };
  const { MessageId } = await sqs.send(
    new SendMessageCommand({
      QueueUrl: await urlOf(queue),
      MessageBody: body,
      MessageAttributes: { reason: { DataType: 'String', StringValue: 'fault in Posthorn: TypeError' } },
      ...ofGroup,
    }),
  );
  return MessageId ?? '';
}

describe('run redrive', () => {
  it('lists what was set aside, puts jobs back, and leaves the rest', async () => {
    const app = await svix.application.create({ name: 'Aside' });
    const endpoint = await svix.endpoint.create(app.id, { url: `${receiver.url}/aside`, channels: ['none'] });
    const destination = await svix.destination.create(app.id, {
      type: 'fifoEndpoint',
      config: { url: `${receiver.url}/aside-in-order` },
      channels: ['none'],
    });
    const { id: messageId, timestamp } = await svix.message.create(app.id, { eventType: 'a', payload: {} });
    const job = (endpointId: string) =>
      toDeliveryJob({
        organisationId: 'org_PosthornLocal00000000000000',
        applicationId: app.id,
        messageId,
        endpointId,
        attemptNumber: 1,
        scheduledAt: timestamp,
        trigger: 'scheduled',
      });
    await setAside('deliveries-dead-letters', job(endpoint.id));
    const text = await setAside('deliveries-dead-letters', 'no job');
    const inOrder = await setAside('deliveries-dead-letters.fifo', job(destination.id), `${destination.id}_g`);

    const listed = await run('redrive', '--json');
    expect([listed.code, listed.stderr]).toEqual([0, '']);
    expect(JSON.parse(listed.stdout)).toMatchObject({
      redriven: 0,
      queues: [
        { entries: [{ endpointId: endpoint.id, messageId, reason: 'fault in Posthorn: TypeError' }, { id: text }] },
        { entries: [{ id: inOrder, group: `${destination.id}_g` }] },
        { entries: [] },
        { entries: [] },
      ],
    });
    expect((await run('redrive', '--id', inOrder)).code).toBe(0);
    await until('the job in order has arrived', () => arrivals('/aside-in-order').includes(messageId));
    const all = await run('redrive', '--all');
    expect(all.stdout).toContain('1 redriven, 1 left.');
    expect(all.stdout).toContain('stays: not a delivery job');
    await until('the other job has arrived', () => arrivals('/aside').includes(messageId));
    expect((await run('redrive', '--id', text)).code).toBe(2);
    expect(JSON.parse((await run('redrive', '--json')).stdout).queues[0].entries).toMatchObject([{ id: text }]);
    expect([arrivals('/aside'), arrivals('/aside-in-order')]).toEqual([[messageId], [messageId]]);
  });
});

describe('run redrive, for notices of stream records', () => {
  it('plans what a message has missed, once, and leaves an hour of statistics that is not over', async () => {
    const app = await svix.application.create({ name: 'Noticed' });
    const endpoint = await svix.endpoint.create(app.id, { url: `${receiver.url}/noticed` });
    await svix.endpoint.create(app.id, { url: `${receiver.url}/served` });
    const messageId = await without(app.id, endpoint.id, async () => {
      const { id } = await svix.message.create(app.id, { eventType: 'a', payload: {} });
      await until('the fan-out has gone on', () => arrivals('/served').includes(id));
      return id;
    });
    const noticeOf = (table: Table, key: object) =>
      setAside('stream-failures', JSON.stringify({ table: tableName('local', table), key, sequenceNumber: '1' }));
    const message = await noticeOf('messages', messageKey({ applicationId: app.id, messageId }));
    const attemptId = firstAttemptIdOf({ messageId, endpointId: endpoint.id });
    const attempt = await noticeOf('attempts', attemptKey({ endpointId: endpoint.id, attemptId }));
    expect((await run('redrive', '--id', message)).code).toBe(0);
    await until('it has arrived', () => arrivals('/noticed').includes(messageId));
    const stats = () => svix.endpoint.getStats(app.id, endpoint.id);
    await until('its attempt is recorded', async () => (await stats()).success === 1);
    const again = await noticeOf('messages', messageKey({ applicationId: app.id, messageId }));
    const both = await run('redrive', '--id', again, '--id', attempt, '--json');
    expect(both.code).toBe(2);
    expect(JSON.parse(both.stdout).queues[3].entries).toContainEqual(
      expect.objectContaining({ id: attempt, stays: expect.stringContaining('can be recounted after') }),
    );
    expect([arrivals('/noticed'), arrivals('/served')]).toEqual([[messageId], [messageId]]);
  });
});

describe('run reconcile', () => {
  it('plans deliveries again whose jobs were lost, and only those arrive that had not', async () => {
    const app = await svix.application.create({ name: 'Lost' });
    const since = new Date(Date.now() - 1_000).toISOString();
    const endpoint = await svix.endpoint.create(app.id, { url: `${receiver.url}/lost` });
    const open = Promise.withResolvers<void>();
    receiver.respond('/lost', async () => {
      await open.promise;
      return { status: 204 };
    });
    const posted: string[] = [];
    for (let n = 0; n < share + waiting; n += 74) {
      const some = Array.from({ length: 74 }, (_, index) =>
        svix.message.create(app.id, { eventType: 'a', payload: { n: n + index } }),
      );
      posted.push(...(await Promise.all(some)).map(({ id }) => id));
    }
    await until('the endpoint has its share', () => arrivals('/lost').length >= share);

    // The jobs that wait on the queue for a place: some of them are lost.
    const QueueUrl = await urlOf('deliveries');
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 7 }));
    const lost = Messages.map(({ Body = '' }) => {
      const parsed = parseJob(Body);
      return parsed.kind === 'delivery' ? parsed.delivery.messageId : '';
    });
    for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    expect(lost).toHaveLength(7);

    // Nothing tells the lost ones from those that still wait or are under way: all of them are planned.
    const blind = await run('reconcile', '--since', since, '--until', '2100-01-01T00:00:00Z', '--json');
    expect(blind.code).toBe(0);
    const { missing } = JSON.parse(blind.stdout) as { missing: { messageId: string; planned: boolean }[] };
    expect(missing.filter(({ messageId }) => lost.includes(messageId))).toHaveLength(7);
    expect(missing.every(({ planned }) => planned)).toBe(true);
    expect(missing.length).toBeGreaterThan(7);
    open.resolve();
    const stats = () => svix.endpoint.getStats(app.id, endpoint.id);
    await until('all are delivered', async () => (await stats()).success >= share + waiting);
    expect(new Set(arrivals('/lost'))).toEqual(new Set(posted));
    // Each has one successful attempt, although most of them had two jobs.
    let [delivered, iterator, done] = [0, undefined as string | undefined, false];
    while (!done) {
      const query = { limit: 250, status: 0, ...(iterator !== undefined && { iterator }) };
      const page = await svix.messageAttempt.listByEndpoint(app.id, endpoint.id, query);
      [delivered, iterator, done] = [delivered + page.data.length, page.iterator ?? undefined, page.done];
    }
    expect([delivered, (await stats()).success]).toEqual([share + waiting, share + waiting]);
    const again = await run('reconcile', '--since', since, '--until', '2100-01-01T00:00:00Z', '--app', app.id);
    expect([again.code, again.stdout]).toEqual([
      0,
      `${share + waiting} messages of 1 applications: 0 deliveries were planned again, 0 are listed.\n`,
    ]);
  });

  it('plans a destination’s lost delivery into its group if the group has not gone on, and sends nothing twice', async () => {
    const app = await svix.application.create({ name: 'In order' });
    const since = new Date(Date.now() - 1_000).toISOString();
    const destination = await svix.destination.create(app.id, {
      type: 'fifoEndpoint',
      config: { url: `${receiver.url}/groups` },
      metadata: { orderBy: '$.k' },
    });
    await svix.endpoint.create(app.id, { url: `${receiver.url}/beside` });
    const post = async (k: string) => (await svix.message.create(app.id, { eventType: 'a', payload: { k } })).id;
    const reconcile = async () => {
      const args = ['--since', since, '--until', '2100-01-01T00:00:00Z', '--app', app.id, '--json'];
      return JSON.parse((await run('reconcile', ...args)).stdout);
    };
    // While its row is away, the fan-out does not see it: nothing of these messages goes to its queue.
    const [a1, b1] = await without(app.id, destination.id, async () => {
      const posted = [await post('a'), await post('b')];
      await until('the fan-out has gone on', () => arrivals('/beside').length === 2);
      return posted;
    });
    const b2 = await post('b');
    await until('a later one has arrived', () => arrivals('/groups').includes(b2));
    const success = async () => (await svix.endpoint.getStats(app.id, destination.id)).success;
    await until('it is recorded', async () => (await success()) === 1);
    const { missing } = await reconcile();
    expect(missing).toEqual([
      expect.objectContaining({ messageId: b1, planned: false, why: expect.stringContaining(b2) }),
      expect.objectContaining({ messageId: a1, planned: true }),
    ]);
    await until('the lost one has arrived', () => arrivals('/groups').includes(a1 ?? ''));

    // Jobs that wait behind the first one of their group cannot be seen, and are planned again.
    const open = Promise.withResolvers<void>();
    receiver.respond('/groups', async () => {
      await open.promise;
      return { status: 204 };
    });
    const waiting = [await post('c'), await post('c'), await post('c')];
    await until('the first one is under way', () => arrivals('/groups').includes(waiting[0] ?? ''));
    expect((await reconcile()).planned).toBe(3);
    open.resolve();
    await until('all of them are recorded', async () => (await success()) >= 5);
    const afterwards = [await post('c')];
    await until('a later one has arrived', () => arrivals('/groups').includes(afterwards[0] ?? ''));
    const ofGroup = arrivals('/groups').filter((id) => [...waiting, ...afterwards].includes(id));
    expect(ofGroup).toEqual([...waiting, ...afterwards]);
  });

  it('plans a retry again whose job was lost', async () => {
    const app = await svix.application.create({ name: 'Overdue' });
    const since = new Date(Date.now() - 1_000).toISOString();
    receiver.respond('/overdue', async () => ({ status: 503, headers: { 'retry-after': '5000' } }));
    const { id: endpointId } = await svix.endpoint.create(app.id, { url: `${receiver.url}/overdue` });
    const { id: messageId } = await svix.message.create(app.id, { eventType: 'a', payload: {} });
    const deliveries = createDeliveryRepository({ client: tables, stage: 'local' });
    await until('its retry is stored', async () => (await deliveries.find({ endpointId, messageId })) !== undefined);
    const stored = await deliveries.find({ endpointId, messageId });
    if (!stored) throw new Error('no retry is stored');
    // As if it had been due two hours ago.
    const ago = new Date(Date.now() - 2 * 60 * minute);
    await deliveries.delete({ endpointId, messageId });
    await deliveries.put({ ...stored, since: ago, delivery: { ...stored.delivery, scheduledAt: ago } });
    receiver.respond('/overdue', async () => ({ status: 204 }));
    const args = ['--since', since, '--until', '2100-01-01T00:00:00Z', '--app', app.id, '--json'];
    const { code, stdout } = await run('reconcile', ...args);
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { planned: 1, overdue: [{ messageId, attemptNumber: 2 }] }]);
    await until('it has arrived', () => arrivals('/overdue').length === 2);
    await until('its row is gone', async () => (await deliveries.find({ endpointId, messageId })) === undefined);
  });

  it('lists what it cannot plan, and says why', async () => {
    const app = await svix.application.create({ name: 'Changed' });
    const since = new Date(Date.now() - 1_000).toISOString();
    const endpoint = await svix.endpoint.create(app.id, { url: `${receiver.url}/changed`, channels: ['other'] });
    await svix.endpoint.create(app.id, { url: `${receiver.url}/beside-changed` });
    const { id } = await svix.message.create(app.id, { eventType: 'a', payload: {}, channels: ['mine'] });
    await until('the fan-out has passed it over', () => arrivals('/beside-changed').includes(id));
    await svix.endpoint.patch(app.id, endpoint.id, { channels: ['mine'] });
    const args = ['--since', since, '--until', '2100-01-01T00:00:00Z', '--app', app.id, '--json'];
    const { code, stdout } = await run('reconcile', ...args);
    expect([code, JSON.parse(stdout).missing]).toEqual([
      2,
      [expect.objectContaining({ messageId: id, endpointId: endpoint.id, planned: false, why: expect.any(String) })],
    ]);
    expect(arrivals('/changed')).toEqual([]);
  });

  it('refuses times that it cannot know about', async () => {
    const { code, stderr } = await run('reconcile', '--since', '2020-01-01T00:00:00Z');
    expect([code, stderr]).toEqual([1, expect.stringContaining('must be within the last 30 days')]);
    expect((await run('reconcile')).code).toBe(1);
  });
});
