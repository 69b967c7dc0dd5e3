import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { isPassingError } from '@posthorn/core';
import { aFunction } from '../testing/builders.ts';
import { readFaultFiles } from './fault-plan.ts';
import { createFaultyQueues, type QueueFaultDeps } from './faulty-queues.ts';
import { type NewEntry, openJournal, readJournal } from './journal.ts';
import { createKillPoints } from './kill-points.ts';
import { presentWork } from './present-work.ts';
import { readCommand } from './read-command.ts';
import { createCallWatch, type EndedCall } from './watch-calls.ts';
import { createInvocationWatch } from './watch-invocations.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faults-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('a fault plan', () => {
  it('is refused unless it is allowed, and is not needed', async () => {
    const path = join(folder, 'plan');
    await writeFile(path, '{"seed":1}');
    expect(readFaultFiles({})).toBeUndefined();
    expect(readFaultFiles({ POSTHORN_FAULTS: '', POSTHORN_FAULTS_ALLOWED: 'true' })).toBeUndefined();
    expect(() => readFaultFiles({ POSTHORN_FAULTS: path })).toThrow('set POSTHORN_FAULTS_ALLOWED=true');
    expect(readFaultFiles({ POSTHORN_FAULTS: path, POSTHORN_FAULTS_ALLOWED: 'true' })?.plan).toEqual({ seed: 1 });
  });
});

describe('the journal', () => {
  it('has each entry when `add` has returned, and is empty before the first', async () => {
    const path = join(folder, 'journal');
    expect(readJournal(path)).toEqual([]);
    openJournal(path).add({ kind: 'killed', step: 'a' });
    openJournal(path).add({ kind: 'started', pid: 1 });
    await writeFile(path, `${await readFile(path, 'utf8')}{"kind":"sta`);
    expect(readJournal(path)).toEqual([
      { kind: 'killed', step: 'a', at: expect.any(Number) },
      { kind: 'started', pid: 1, at: expect.any(Number) },
    ]);
  });
});

describe('a planned kill', () => {
  const put = { gate: 'tables', when: 'after', function: 'deliver', operation: 'PutItem', target: 'attempts' } as const;
  const kills = [
    { step: 'first', point: put, nth: 2 },
    { step: 'second', point: { gate: 'invoke', when: 'before' }, nth: 1 },
  ] as const;

  it('happens the nth time at its point, and at no other point', () => {
    const died: string[] = [];
    const reach = createKillPoints(kills, { done: 0, die: (step) => void died.push(step) });
    reach(put);
    for (const other of [
      { ...put, when: 'before' },
      { ...put, function: 'other' },
      { ...put, operation: 'UpdateItem' },
      { ...put, target: 'attempts-of-others' },
      { gate: 'invoke', when: 'before' },
    ] as const)
      reach(other);
    expect(died).toEqual([]);
    reach({ ...put, target: 'messages,attempts' });
    expect(died).toEqual(['first']);
  });

  it('is the next one in a process that is started again, and none after the last', () => {
    const died: string[] = [];
    const die = (step: string) => void died.push(step);
    createKillPoints(kills, { done: 1, die })({ gate: 'invoke', when: 'before', function: 'any' });
    createKillPoints(kills, { done: 2, die })({ gate: 'invoke', when: 'before' });
    expect(died).toEqual(['second']);
  });
});

it('reads the tables and the queue of a command', () => {
  const command = new SendMessageCommand({ QueueUrl: 'http://localhost/0/jobs', MessageBody: '' });
  expect(readCommand(command)).toEqual({ operation: 'SendMessage', target: 'jobs' });
  expect(readCommand(new PutItemCommand({ TableName: 'a', Item: {} }))).toEqual({ operation: 'PutItem', target: 'a' });
  const rowOf = (Item: Record<string, { S: string }>) => readCommand(new PutItemCommand({ TableName: 'a', Item })).row;
  expect(rowOf({ partition: { S: 'a' }, kind: { S: 'chunk' } })).toBe('chunk');
  expect(rowOf({ claim: { S: 'message#app_1#e' } })).toBe('message');
  expect(rowOf({ reason: { S: 'skipped' }, messageId: { S: 'msg_1' } })).toBe('skipped');
  const QueueUrl = 'http://localhost/0/jobs';
  const Entries = [
    '{"version":1,"kind":"wake","slice":0}',
    '{"version":1,"kind":"wake","slice":2}',
    '{"version":1,"messageId":"msg_1"}',
  ].map((MessageBody, Id) => ({
    Id: String(Id),
    MessageBody,
  }));
  expect(readCommand(new SendMessageBatchCommand({ QueueUrl, Entries })).row).toBe('wake,wake,wake-2');
  const ExpressionAttributeValues = { ':a': { S: 'blocked' }, ':b': { S: '2026-01-01' }, ':c': { S: '{"x":1}' } };
  const Update = { TableName: 'a', Key: {}, UpdateExpression: 'SET a = :a', ExpressionAttributeValues };
  expect(readCommand(new TransactWriteItemsCommand({ TransactItems: [{ Update }] })).row).toBe('blocked,x');
  const TransactItems = ['a', 'b', 'a'].map((TableName) => ({ Put: { TableName, Item: {} } }));
  expect(readCommand(new TransactWriteItemsCommand({ TransactItems })).target).toBe('a,b');
});

describe('a call of the queues', () => {
  const aroundWith = (given: Partial<QueueFaultDeps>) => {
    const reported: string[] = [];
    const around = createFaultyQueues({
      faults: {},
      // The second number is the pause before the next try.
      random: () => 0,
      isUnreachable: () => false,
      report: (fault) => reported.push(fault),
      ...given,
    });
    return { around, reported };
  };
  const draws =
    (...numbers: number[]) =>
    () =>
      numbers.shift() ?? 1;

  it('goes through without faults, and keeps its own failure', async () => {
    const { around, reported } = aroundWith({});
    expect(await around(async () => 'sent')).toBe('sent');
    await expect(around(async () => Promise.reject(new TypeError('a bug')))).rejects.toThrow(TypeError);
    expect(reported).toEqual([]);
  });

  it.each([
    [{ throttle: 0.5 }, 'throttle', 1],
    [{ error: 0.5 }, 'error', 1],
    [{ lostAnswer: 0.5 }, 'lost-answer', 2],
  ] as const)('is tried again after %j', async (faults, fault, calls) => {
    let made = 0;
    const { around, reported } = aroundWith({ faults, random: draws(0, 0) });
    await around(async () => {
      made += 1;
    });
    expect([reported, made]).toEqual([[fault], calls]);
  });

  it('fails for a passing reason while the queues cannot be reached, and when it gives up', async () => {
    for (const given of [{ isUnreachable: () => true }, { faults: { giveUp: 1 } }]) {
      const failed = await aroundWith(given)
        .around(async () => 'sent')
        .catch((error: unknown) => error);
      expect(isPassingError(failed)).toBe(true);
    }
  });
});

describe('the watch over invocations', () => {
  const watchWith = (now?: () => number) => {
    const entries: NewEntry[] = [];
    const journal = { add: (entry: NewEntry) => void entries.push(entry) };
    const deps = { journal, workLog: journal, reach: () => undefined, start: 2, ...(now && { now }) };
    return { entries, ...createInvocationWatch(deps) };
  };

  it('names each invocation with its jobs, until it has ended', async () => {
    const { entries, wrap } = watchWith();
    const ends: (() => void)[] = [];
    const names: string[] = [];
    const invoke = wrap(aFunction('deliver', []), async () => {
      await new Promise<void>((resolve) => ends.push(resolve));
      names.push(presentWork());
    });
    const body = JSON.stringify({ endpointId: 'ep_1', messageId: 'msg_1', attemptNumber: 2 });
    const job = { Records: [{ messageId: 'a', body, attributes: { MessageGroupId: 'g' } }] };
    const running = [invoke(job), invoke({ Records: [{ messageId: 'b', body: 'no job' }] }), invoke({})];
    for (const end of ends) end();
    await Promise.all(running);
    const work = entries.filter(({ kind }) => kind.startsWith('work-'));
    const text = expect.stringMatching(/^[0-9a-f]{16}$/);
    const about = { endpointId: 'ep_1', messageId: 'msg_1', attemptNumber: 2 };
    expect(work).toEqual([
      { kind: 'work-began', work: '2.1', function: 'deliver', jobs: [{ id: 'a', text, group: 'g', ...about }] },
      { kind: 'work-began', work: '2.2', function: 'deliver', jobs: [{ id: 'b', text }] },
      { kind: 'work-ended', work: '2.1' },
      { kind: 'work-ended', work: '2.2' },
    ]);
    expect([names, presentWork()]).toEqual([['2.1', '2.2', '2.3'], '']);
  });

  it('reports each time that is longer than all before, and one that does not end as soon as it is over its limit', () => {
    let now = 0;
    const { entries, wrap, look } = watchWith(() => now);
    const one = aFunction('deliver', []);
    const limitMs = one.definition.timeoutSeconds * 1_000;
    void wrap(one, () => new Promise<void>(() => undefined))({});
    now = limitMs;
    look();
    expect(entries).toEqual([]);
    for (const ms of [limitMs + 2_000, limitMs + 2_000, limitMs + 3_000]) {
      now = ms;
      look();
    }
    expect(entries).toEqual(
      [limitMs + 2_000, limitMs + 3_000].map((ms) => ({ kind: 'longest', function: 'deliver', ms, limitMs })),
    );
  });
});

describe('the watch over calls', () => {
  const watched = (...calls: readonly EndedCall[]) => {
    const entries: NewEntry[] = [];
    const watch = createCallWatch({ add: (entry) => void entries.push(entry) }, 'attempts');
    for (const call of calls) watch(call);
    return entries;
  };
  const refused = Object.assign(new Error(), { name: 'ConditionalCheckFailedException' });

  it.each([
    ['recorded', undefined],
    ['exists', refused],
    ['failed', new Error('away')],
  ])('writes down that the record of an attempt was %s', (outcome, error) => {
    const Item = { partition: { S: 'ep_1#3' }, attemptId: { S: 'a' }, message: { S: 'msg_1' }, number: { N: '2' } };
    const command = new PutItemCommand({ TableName: 'attempts', Item });
    const ids = { endpointId: 'ep_1', messageId: 'msg_1', attemptId: 'a', attemptNumber: 2 };
    const call = { command, operation: 'PutItem', ...(error && { error }) };
    expect(watched({ ...call, target: 'attempts' }, { ...call, target: 'messages' })).toEqual([
      { kind: 'record-put', work: '', ...ids, outcome },
    ]);
  });

  it('writes down the deliveries that were put on a queue', () => {
    const ids = { endpointId: 'ep_1', messageId: 'msg_1', attemptNumber: 1 };
    const Entries = [JSON.stringify(ids), '{"kind":"wake","endpointId":"ep_1"}', 'none'];
    const command = new SendMessageBatchCommand({
      QueueUrl: 'jobs',
      Entries: Entries.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
    });
    const call = { command, operation: 'SendMessageBatch', target: 'jobs' };
    expect(watched(call, { ...call, error: refused })).toEqual([{ kind: 'enqueued', work: '', queue: 'jobs', ...ids }]);
  });
});
