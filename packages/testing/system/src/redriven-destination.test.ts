import { type AttributeValue, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { runProgram } from '@posthorn/local-supervisor/testing/run-program';
import { toItem } from '@posthorn/models/rows/row';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { commandScript } from './fixtures/start-command.ts';
import { until } from './fixtures/until.ts';

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
let tables: DynamoDBClient;
beforeAll(async () => {
  [system, receiver] = await Promise.all([launchSystem({ POSTHORN_RETRY_SCHEDULE: '1' }), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url });
  const cloud = await system.cloud();
  tables = new DynamoDBClient({ endpoint: cloud.dynamodb, region: cloud.region, credentials: cloud.system });
});
afterAll(async () => {
  tables.destroy();
  await Promise.all([system.stop(), receiver.stop()]);
});

async function redrive(...args: readonly string[]) {
  const program = runProgram(commandScript('redrive'), args, { POSTHORN_DATA_DIR: system.dataDir });
  return { code: await program.ended, stdout: program.stdout() };
}

/** Changes an attribute of an endpoint's row, and returns what repairs it. */
async function damage(
  { applicationId, endpointId }: { readonly applicationId: string; readonly endpointId: string },
  damaged: Readonly<Record<string, AttributeValue>>,
): Promise<() => Promise<unknown>> {
  const TableName = tableName('local', 'endpoints');
  const { Item } = await tables.send(new GetItemCommand({ TableName, Key: toItem({ applicationId, endpointId }) }));
  const put = (item: typeof Item) => tables.send(new PutItemCommand({ TableName, Item: item }));
  await put({ ...Item, ...damaged });
  return () => put(Item);
}

/** A destination with one group, and the bodies that it got. */
async function aDestination(name: string) {
  const app = await svix.application.create({ name });
  const path = `/${name}`;
  const got = () => receiver.requestsTo(path).map(({ body }) => Number(JSON.parse(body).n));
  const { id } = await svix.destination.create(app.id, {
    type: 'fifoEndpoint',
    config: { url: `${receiver.url}${path}` },
  });
  const post = async (n: number) => (await svix.message.create(app.id, { eventType: 'a.b', payload: { n } })).id;
  const ask = async (what: 'skip' | 'retry') => {
    const response = await fetch(`${system.url}/api/v1/app/${app.id}/destination/${id}/${what}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${system.token}`, 'content-type': 'application/json' },
      body: '{}',
    });
    return response.status;
  };
  const state = async () => {
    const { status, failureReason } = await svix.destination.get(app.id, id);
    return { status: String(status), failureReason };
  };
  return { ids: { applicationId: app.id, endpointId: id }, got, post, ask, state };
}

describe('a destination whose row cannot be read', () => {
  it('gets what was set aside meanwhile in its order, when that is put back', async () => {
    const { ids, got, post } = await aDestination('unread');
    const repair = await damage(ids, { onExhausted: { S: 'wait' } });
    const posted = [await post(0), await post(1), await post(2)];
    const listed = async () => {
      const { queues } = JSON.parse((await redrive('--json')).stdout);
      return queues.map(({ entries }: { entries: { messageId: string }[] }) => entries.map((one) => one.messageId));
    };
    await until('all are among the dead letters', async () => (await listed())[1].length === posted.length);
    expect(await listed()).toEqual([[], posted, [], []]);
    await repair();
    expect(await redrive('--all', '--yes')).toMatchObject({ code: 0, stdout: expect.stringContaining('3 redriven') });
    await until('all have arrived', () => got().length === posted.length);
    await post(3);
    await until('a later one has arrived', () => got().length > posted.length);
    expect(got()).toEqual([0, 1, 2, 3]);
  });
});

describe('a group whose destination has data that cannot be used', () => {
  it('is blocked until that is repaired, and keeps its order; one that is skipped comes last when it is put back', async () => {
    const { ids, got, post, ask, state } = await aDestination('unused');
    const repair = await damage(ids, { url: { S: 'nowhere' } });
    const [first, second] = [await post(0), await post(1), await post(2)];
    const isPausedBy = (messageId: string) => async () => (await state()).failureReason?.startsWith(messageId) === true;
    await until('the group is blocked', isPausedBy(first));
    const failureReason = `${first}: its stored data cannot be used: the endpoint has an invalid URL`;
    expect(await state()).toEqual({ status: 'paused', failureReason });
    expect(await ask('skip')).toBe(202);
    await until('the group is blocked by the next one', isPausedBy(second));
    expect(got()).toEqual([]);
    await repair();
    expect(await ask('retry')).toBe(202);
    await until('the rest has arrived', () => got().length === 2);
    expect((await redrive('--all', '--yes')).stdout).toContain('out of order');
    await until('the first one has arrived', () => got().length === 3);
    expect(got()).toEqual([1, 2, 0]);
    await until('the group flows', async () => (await state()).status === 'enabled');
  });
});
