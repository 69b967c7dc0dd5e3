import { GetQueueAttributesCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SqsServer } from '@posthorn/local-queues';
import { startSqs } from '@posthorn/local-queues/testing/start-sqs';
import { createFaults, type FaultPlan } from '../faults/fault-plan.ts';
import type { JsonObject } from '../json.ts';
import type { Invoke, QueueMapping, RunningMapping } from '../mapping.ts';
import { aQueueMapping } from '../testing/builders.ts';
import { eventually } from '../testing/eventually.ts';
import { createSqsClient, receiveBodies, send } from '../testing/local-stores.ts';
import { runQueueMapping } from './run-queue-mapping.ts';

let server: SqsServer;
let sqs: SQSClient;
let running: RunningMapping;
/** The clock of the queues. Only a test moves it. */
let now: number;

const visibilityTimeoutSeconds = 3_600;
/** A queue may be late by a second. */
const timeoutMs = (visibilityTimeoutSeconds + 1) * 1_000;
beforeEach(async () => {
  now = Date.now();
  const deadLetters = { name: 'dead-jobs', maxReceiveCount: 2 };
  const queues = [
    { name: 'jobs', visibilityTimeoutSeconds, deadLetters },
    { name: 'jobs.fifo', fifo: true, visibilityTimeoutSeconds },
    { name: 'dead-jobs' },
  ];
  server = await startSqs({ queues, now: () => now });
  sqs = createSqsClient(server.endpoint);
});
afterEach(async () => {
  await running.stop(60_000);
  sqs.destroy();
  await server.stop();
});

/** How many messages wait in a queue and how many are in flight. */
async function countMessages(queueName: string): Promise<readonly [number, number]> {
  const QueueUrl = `${server.endpoint}/000000000000/${queueName}`;
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return [Number(Attributes?.ApproximateNumberOfMessages), Number(Attributes?.ApproximateNumberOfMessagesNotVisible)];
}
/** Waits until so many are left in flight: those that have failed. Then lets their visibility timeout pass. */
async function letTimeout(queueName: string, failed: number): Promise<void> {
  await eventually(async () => (await countMessages(queueName))[1] === failed);
  now += timeoutMs;
}

const noChance = { random: () => 0, die: () => undefined };

interface Handled {
  readonly bodies: readonly string[];
  readonly records: readonly JsonObject[];
}

/** Runs the mapping with a handler that decides which bodies fail, and records every batch. */
function run(
  mapping: QueueMapping,
  failing: (body: string, time: number) => boolean = () => false,
  plan: FaultPlan = {},
) {
  const batches: Handled[] = [];
  const log: string[] = [];
  const times = new Map<string, number>();
  const invoke: Invoke = async ({ Records }) => {
    const bodies = Records.map(({ body }) => String(body));
    batches.push({ bodies, records: Records });
    const failures = Records.filter(({ body }) => {
      const time = (times.get(String(body)) ?? 0) + 1;
      times.set(String(body), time);
      return failing(String(body), time);
    });
    return { batchItemFailures: failures.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
  const faults = createFaults(plan, noChance);
  running = runQueueMapping(mapping, { sqs, invoke, faults, log: (line) => log.push(line) });
  return { batches, log, seen: () => batches.flatMap(({ bodies }) => bodies) };
}

describe('the mapping of a standard queue', () => {
  it('redelivers only the messages that failed', async () => {
    for (const body of ['a', 'b', 'c']) await send(sqs, 'jobs', body);
    const { seen } = run(aQueueMapping(), (body, time) => body === 'b' && time === 1);
    await eventually(() => seen().length === 3);
    expect(seen().toSorted()).toEqual(['a', 'b', 'c']);
    await letTimeout('jobs', 1);
    await eventually(() => seen().length === 4);
    expect(seen()[3]).toBe('b');
    await eventually(async () => (await countMessages('jobs')).join() === '0,0');
  });

  it('passes records in the format of Lambda', async () => {
    await send(sqs, 'jobs', 'a');
    const { batches } = run(aQueueMapping());
    await eventually(() => batches.length === 1);
    expect(batches[0]?.records[0]).toEqual({
      messageId: expect.any(String),
      receiptHandle: expect.any(String),
      body: 'a',
      attributes: expect.objectContaining({ ApproximateReceiveCount: '1', SentTimestamp: expect.any(String) }),
      messageAttributes: {},
      md5OfBody: '0cc175b9c0f1b6a831c399e269772661',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:jobs',
      awsRegion: 'us-east-1',
    });
  });

  it('fails the whole batch for a thrown error, until the queue moves it to its dead-letter queue', async () => {
    await send(sqs, 'jobs', 'poison');
    const log: string[] = [];
    const invoke = () => Promise.reject(new Error('broken'));
    const faults = createFaults({}, { random: () => 1, die: () => undefined });
    running = runQueueMapping(aQueueMapping(), { sqs, invoke, faults, log: (line) => log.push(line) });
    const dead: string[] = [];
    await eventually(async () => {
      now += timeoutMs;
      dead.push(...(await receiveBodies(sqs, 'dead-jobs')));
      return dead.length > 0;
    });
    expect(dead).toEqual(['poison']);
    expect(log).toEqual(Array(2).fill('handle: batch of 1 failed: Error: broken'));
  });

  it('deletes messages that match no filter pattern', async () => {
    await send(sqs, 'jobs', '{"kind":"open"}');
    await send(sqs, 'jobs', '{"kind":"paid"}');
    const { seen } = run(aQueueMapping({ filterPatterns: [{ body: { kind: ['paid'] } }] }));
    await eventually(() => seen().length === 1);
    expect(seen()).toEqual(['{"kind":"paid"}']);
    await eventually(async () => (await countMessages('jobs')).join() === '0,0');
  });

  it('waits up to a window for a full batch', async () => {
    const { batches } = run(aQueueMapping({ batchSize: 12, windowSeconds: 300 }));
    for (let index = 0; index < 12; index += 1) await send(sqs, 'jobs', String(index));
    await eventually(() => batches.length > 0);
    expect(batches[0]?.bodies).toHaveLength(12);
  });

  it('does not exceed its concurrency limit', async () => {
    for (let index = 0; index < 6; index += 1) await send(sqs, 'jobs', String(index));
    let [now, most, all] = [0, 0, 0];
    const turn = Promise.withResolvers<void>();
    const invoke = async () => {
      now += 1;
      all += 1;
      most = Math.max(most, now);
      if (now === 2) turn.resolve();
      await turn.promise;
      await new Promise((resolve) => setTimeout(resolve, 20));
      now -= 1;
    };
    const faults = createFaults({}, { random: () => 1, die: () => undefined });
    const mapping = aQueueMapping({ batchSize: 1, maximumConcurrency: 2 });
    running = runQueueMapping(mapping, { sqs, invoke, faults, log: () => undefined });
    await eventually(() => all === 6 && now === 0);
    expect(most).toBe(2);
  });

  it('waits before one more batch while the process is busy, and not while nothing runs', async () => {
    for (const body of ['a', 'b']) await send(sqs, 'jobs', body);
    const starts: number[] = [];
    const mayEnd = Promise.withResolvers<void>();
    const invoke = () => {
      starts.push(performance.now());
      return mayEnd.promise;
    };
    const faults = createFaults({}, noChance);
    let turns = 0;
    const turnMs = async () => {
      turns += 1;
      return 700;
    };
    running = runQueueMapping(aQueueMapping({ batchSize: 1 }), { sqs, invoke, faults, log: () => undefined, turnMs });
    await eventually(() => starts.length === 1);
    expect(turns).toBeLessThanOrEqual(1);
    await eventually(() => starts.length === 2);
    const [first = 0, second = 0] = starts;
    // Timers can be a little early.
    expect(second - first).toBeGreaterThan(1_300);
    mayEnd.resolve();
  });

  it('ends a receive that waits when it is stopped, which takes no message that comes later', async () => {
    const waiting = Promise.withResolvers<void>();
    const patient: Pick<SQSClient, 'send'> = {
      // The mapping uses this form alone.
      send: ((command: ReceiveMessageCommand, options: object) => {
        if (command instanceof ReceiveMessageCommand) {
          command.input.WaitTimeSeconds = 20;
          waiting.resolve();
        }
        return sqs.send(command, options);
      }) as SQSClient['send'],
    };
    const invoke: Invoke = async () => ({ batchItemFailures: [] });
    const client = { config: sqs.config, ...patient } as SQSClient;
    running = runQueueMapping(aQueueMapping(), {
      sqs: client,
      invoke,
      faults: createFaults({}, noChance),
      log: () => 0,
    });
    await waiting.promise;
    await running.stop(15_000);
    await send(sqs, 'jobs', 'late');
    expect(await receiveBodies(sqs, 'jobs')).toEqual(['late']);
  });

  it('waits for its queue, and logs that once', async () => {
    const { log } = run(aQueueMapping({ queueName: 'not-there' }));
    await eventually(() => log.length > 0);
    await running.stop(60_000);
    expect(log).toEqual([expect.stringContaining('queue not-there')]);
  });

  it('delivers twice on request, and deletes only messages that succeeded both times', async () => {
    await send(sqs, 'jobs', 'a');
    const { seen } = run(aQueueMapping(), (_, time) => time === 2, { duplicate: 0.5 });
    await eventually(() => seen().length === 2);
    await letTimeout('jobs', 1);
    await eventually(() => seen().length === 4);
    expect(seen()).toEqual(['a', 'a', 'a', 'a']);
  });
});

describe('the mapping of a FIFO queue', () => {
  it('keeps a group in order after a failure, while other groups continue', async () => {
    for (const body of ['1', '2', '3']) await send(sqs, 'jobs.fifo', `a${body}`, 'a');
    for (const body of ['1', '2', '3']) await send(sqs, 'jobs.fifo', `b${body}`, 'b');
    const handled: string[] = [];
    // A batch can have more of a group. The function must not handle what comes after a failure.
    const { seen } = run(aQueueMapping({ queueName: 'jobs.fifo' }), (body, time) => {
      const fails = body.startsWith('a') && time === 1;
      if (!fails) handled.push(body);
      return fails;
    });
    await eventually(() => handled.length === 3);
    await letTimeout('jobs.fifo', 3);
    await eventually(() => handled.length === 6);
    expect(handled.filter((body) => body.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    expect(handled.filter((body) => body.startsWith('b'))).toEqual(['b1', 'b2', 'b3']);
    expect(handled.indexOf('b3')).toBeLessThan(handled.indexOf('a2'));
    expect(seen().filter((body) => body.startsWith('a'))).toEqual(['a1', 'a2', 'a3', 'a1', 'a2', 'a3']);
  });
});
