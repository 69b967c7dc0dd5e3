import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { isPassingError } from '@posthorn/core';
import { aFunction } from '../testing/builders.ts';
import { readFaultFiles } from './fault-plan.ts';
import { createFaultyQueues, type QueueFaultDeps } from './faulty-queues.ts';
import { type NewEntry, openJournal, readJournal } from './journal.ts';
import { createKillPoints } from './kill-points.ts';
import { readCommand } from './read-command.ts';
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
  it('reports two workers with one job, and each time that is longer than all before', async () => {
    const entries: NewEntry[] = [];
    const { wrap: watch } = createInvocationWatch({ add: (entry) => void entries.push(entry) }, () => undefined);
    const ends: (() => void)[] = [];
    const invoke = watch(aFunction('deliver', []), () => new Promise<void>((resolve) => ends.push(resolve)));
    const job = { Records: [{ body: 'job' }] };
    const running = [invoke(job), invoke(job), invoke({ Records: [{ body: 'another' }] }), invoke({})];
    for (const end of ends.splice(0)) end();
    await Promise.all(running);
    const later = invoke(job);
    for (const end of ends) end();
    await later;
    expect(entries.filter(({ kind }) => kind === 'two-workers')).toEqual([{ kind: 'two-workers', job: 'job' }]);
    const times = entries.flatMap((entry) => (entry.kind === 'longest' ? [entry.ms] : []));
    expect(times.length).toBeGreaterThan(0);
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  });

  it('reports one that does not end as soon as it is over its time limit', () => {
    const entries: NewEntry[] = [];
    let now = 0;
    const { wrap, look } = createInvocationWatch(
      { add: (entry) => void entries.push(entry) },
      () => undefined,
      () => now,
    );
    const one = aFunction('deliver', []);
    const limitMs = one.definition.timeoutSeconds * 1_000;
    void wrap(one, () => new Promise<void>(() => undefined))({});
    now = limitMs;
    look();
    expect(entries).toEqual([]);
    now = limitMs + 2_000;
    look();
    expect(entries).toEqual([{ kind: 'longest', function: 'deliver', ms: limitMs + 2_000, limitMs }]);
  });
});
