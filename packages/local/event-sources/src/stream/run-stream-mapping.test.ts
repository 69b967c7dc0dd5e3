import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteItemCommand, DeleteTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type DynamodbServer, startDynamodbEmbedded } from '@posthorn/local-dynamodb/server';
import type { SqsServer } from '@posthorn/local-queues';
import { startSqs } from '@posthorn/local-queues/testing/start-sqs';
import { noFaults } from '../faults/fault-plan.ts';
import type { JsonObject } from '../json.ts';
import type { Invoke, RunningStreamMapping, StreamMapping } from '../mapping.ts';
import { sendToQueue } from '../queue/queue-client.ts';
import { aStreamMapping } from '../testing/builders.ts';
import { eventually } from '../testing/eventually.ts';
import { createDynamodbClients, createSqsClient, createTable, receiveBodies } from '../testing/local-stores.ts';
import { createFileCheckpointStore } from './checkpoint-store.ts';
import { createRemoteStreams } from './remote-streams.ts';
import { runStreamMapping } from './run-stream-mapping.ts';

let store: DynamodbServer;
let server: SqsServer;
let clients: ReturnType<typeof createClients>;
let folder: string;
let running: RunningStreamMapping;
let tables = 0;

const createClients = () => ({ ...createDynamodbClients(store.endpoint), sqs: createSqsClient(server.endpoint) });

beforeAll(async () => {
  [store, server] = await Promise.all([startDynamodbEmbedded(), startSqs({ queues: [{ name: 'failures' }] })]);
  clients = createClients();
  folder = await mkdtemp(join(tmpdir(), 'checkpoints-'));
});
afterEach(() => running.stop(60_000));
afterAll(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await Promise.all([store.stop(), server.stop(), rm(folder, { recursive: true })]);
});

async function aTable(): Promise<string> {
  tables += 1;
  const name = `items-${tables}`;
  await createTable(clients.dynamodb, name);
  return name;
}

const put = (tableName: string, id: string, attributes: Record<string, { S: string } | { B: Uint8Array }> = {}) =>
  clients.dynamodb.send(new PutItemCommand({ TableName: tableName, Item: { id: { S: id }, ...attributes } }));

type Handle = (ids: readonly string[], records: readonly JsonObject[]) => unknown;

/** Runs the mapping with a handler that gets the ids of the items, and records the ids of every batch. */
function run(mapping: StreamMapping, handle: Handle = () => undefined) {
  const batches: (readonly string[])[] = [];
  const records: JsonObject[] = [];
  const log: string[] = [];
  const invoke: Invoke = async ({ Records }) => {
    const ids = Records.map(idOf);
    batches.push(ids);
    records.push(...Records);
    return handle(ids, Records);
  };
  const checkpoints = createFileCheckpointStore(join(folder, `${mapping.tableName}.json`));
  const pace = { activeMs: 5, idleMs: 20 };
  running = runStreamMapping(mapping, {
    streams: createRemoteStreams(clients),
    sendToQueue: (queueName, text) => sendToQueue(clients.sqs, queueName, text),
    checkpoints,
    pace,
    invoke,
    faults: noFaults,
    log: (line) => log.push(line),
  });
  return { batches, records, log, seen: () => batches.flat() };
}

// The mapping made these records from items that this file put.
const idOf = (record: JsonObject): string =>
  (record as { dynamodb: { Keys: { id: { S: string } } } }).dynamodb.Keys.id.S;
const sequenceNumberOf = (record: JsonObject | undefined) =>
  (record as { dynamodb: { SequenceNumber: string } }).dynamodb.SequenceNumber;

const failAt = (records: readonly JsonObject[], index: number) => ({
  batchItemFailures: [{ itemIdentifier: sequenceNumberOf(records[index]) }],
});

describe("the mapping of a table's stream", () => {
  it('passes records in the format of Lambda', async () => {
    const tableName = await aTable();
    await put(tableName, 'a', { picture: { B: Buffer.from([1, 2, 255]) } });
    const { records } = run(aStreamMapping({ tableName }));
    await eventually(() => records.length === 1);
    expect(records[0]).toEqual({
      eventID: expect.any(String),
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      dynamodb: {
        ApproximateCreationDateTime: expect.any(Number),
        Keys: { id: { S: 'a' } },
        NewImage: { id: { S: 'a' }, picture: { B: 'AQL/' } },
        SequenceNumber: expect.stringMatching(/^\d+$/),
        SizeBytes: expect.any(Number),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
      eventSourceARN: expect.stringContaining(`table/${tableName}/stream/`),
    });
  });

  it('continues at the failed record, which comes again with the records after it', async () => {
    const tableName = await aTable();
    for (const id of ['a', 'b', 'c']) await put(tableName, id);
    let failures = 0;
    const { batches } = run(aStreamMapping({ tableName }), (ids, records) => {
      const index = ids.indexOf('b');
      if (index === -1 || failures === 2) return undefined;
      failures += 1;
      return failAt(records, index);
    });
    await eventually(() => batches.length === 3);
    expect(batches).toEqual([
      ['a', 'b', 'c'],
      ['b', 'c'],
      ['b', 'c'],
    ]);
  });

  it('is behind since the arrival of a record that is not done', async () => {
    const tableName = await aTable();
    const mayEnd = Promise.withResolvers<void>();
    const { batches } = run(aStreamMapping({ tableName }), () => mayEnd.promise);
    expect(running.behindSince()).toBeUndefined();
    const before = Date.now();
    await put(tableName, 'a');
    await eventually(() => batches.length === 1);
    // Streams round the time of a record down to a second, and the time before the mapping ran does not count.
    expect(running.behindSince()?.getTime()).toBeGreaterThan(before - 1_000);
    expect(running.behindSince()?.getTime()).toBeLessThanOrEqual(Date.now());
    mayEnd.resolve();
    await eventually(() => running.behindSince() === undefined);
  });

  it('isolates a poison record, reports its position to the failure queue, and continues', async () => {
    const tableName = await aTable();
    for (const id of ['a', 'b', 'poison', 'c', 'd']) await put(tableName, id);
    const mapping = aStreamMapping({
      tableName,
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: 1,
      onFailureQueue: 'failures',
    });
    const handled: string[] = [];
    const poison: string[] = [];
    run(mapping, (ids, records) => {
      const index = ids.indexOf('poison');
      if (index !== -1) poison.push(sequenceNumberOf(records[index]));
      if (index !== -1) throw new Error('poisoned');
      handled.push(...ids);
    });
    await eventually(() => handled.length === 4);
    expect(handled).toEqual(['a', 'b', 'c', 'd']);
    const notices = (await receiveBodies(clients.sqs, 'failures')).map((body) => JSON.parse(body));
    expect(notices).toEqual([
      expect.objectContaining({
        requestContext: expect.objectContaining({ condition: 'RetryAttemptsExhausted' }),
        DDBStreamBatchInfo: expect.objectContaining({
          batchSize: 1,
          shardId: expect.stringMatching(/^shardId-/),
          startSequenceNumber: poison[0],
          endSequenceNumber: poison[0],
          streamArn: expect.stringContaining(tableName),
        }),
      }),
    ]);
  });

  it('keeps the order of each key on many lanes, and a stuck lane does not block the others', async () => {
    const tableName = await aTable();
    for (let version = 0; version < 5; version += 1) {
      for (const id of ['stuck', 'b', 'c', 'd', 'e', 'f'])
        await put(tableName, id, { version: { S: String(version) } });
    }
    const release = Promise.withResolvers<void>();
    const versions = new Map<string, string[]>();
    run(aStreamMapping({ tableName, parallelizationFactor: 10, batchSize: 2 }), async (ids, records) => {
      if (ids.includes('stuck')) await release.promise;
      for (const record of records) {
        // This file put the attribute.
        const { version } = (record as { dynamodb: { NewImage: { version: { S: string } } } }).dynamodb.NewImage;
        versions.set(idOf(record), [...(versions.get(idOf(record)) ?? []), version.S]);
      }
    });
    const countDone = () => [...versions.values()].filter(({ length }) => length === 5).length;
    await eventually(() => countDone() >= 2);
    expect(versions.has('stuck')).toBe(false);
    release.resolve();
    await eventually(() => countDone() === 6);
    expect([...versions.values()]).toEqual(Array(6).fill(['0', '1', '2', '3', '4']));
  });

  it('passes only records that match a filter pattern', async () => {
    const tableName = await aTable();
    await put(tableName, 'a');
    await clients.dynamodb.send(new DeleteItemCommand({ TableName: tableName, Key: { id: { S: 'a' } } }));
    const { records } = run(aStreamMapping({ tableName, filterPatterns: [{ eventName: ['REMOVE'] }] }));
    await eventually(() => records.length === 1);
    expect(records[0]).toMatchObject({ eventName: 'REMOVE' });
  });

  it('continues after a restart with the records that had not succeeded', async () => {
    const tableName = await aTable();
    await put(tableName, 'a');
    const first = run(aStreamMapping({ tableName }));
    await eventually(() => first.seen().length === 1);
    await running.stop(60_000);
    await put(tableName, 'b');
    const failing = run(aStreamMapping({ tableName }), () => {
      throw new Error('not now');
    });
    await eventually(() => failing.seen().length > 0);
    await running.stop(60_000);
    const second = run(aStreamMapping({ tableName }));
    await eventually(() => second.seen().length > 0);
    expect(second.seen()).toEqual(['b']);
  });

  it('begins at the latest change with LATEST', async () => {
    const tableName = await aTable();
    await put(tableName, 'before');
    const { seen } = run(aStreamMapping({ tableName, startingPosition: 'LATEST' }));
    let count = 0;
    await eventually(async () => {
      await put(tableName, `after-${count++}`);
      return seen().length > 0;
    });
    expect(seen()).not.toContain('before');
  });

  it('starts again when the table is created again', async () => {
    const tableName = await aTable();
    await put(tableName, 'old');
    const { seen } = run(aStreamMapping({ tableName }));
    await eventually(() => seen().length === 1);
    await clients.dynamodb.send(new DeleteTableCommand({ TableName: tableName }));
    await createTable(clients.dynamodb, tableName);
    await put(tableName, 'new');
    await eventually(() => seen().includes('new'));
    expect(seen()).toEqual(['old', 'new']);
  });

  it('waits for its table', async () => {
    const tableName = 'made-later';
    const { seen, log } = run(aStreamMapping({ tableName }));
    await eventually(() => log.length > 0);
    await createTable(clients.dynamodb, tableName);
    await put(tableName, 'a');
    await eventually(() => seen().length === 1);
    expect(log).toHaveLength(1);
  });
});
