import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { noFaults, type QueueMapping, type RunningMapping } from '@posthorn/local-event-sources';
import { createInProcessSqsClient, type LocalQueue, type LocalQueues, openQueues } from '@posthorn/local-queues';
import { openStorage, type Storage } from '@posthorn/local-storage';
import { runLocalQueue } from './run-local-queue.ts';
import { createShares } from './shares.ts';
import { createStartingJobs } from './starting-jobs.ts';

const mapping: QueueMapping = {
  kind: 'queue',
  functionKey: 'work',
  queueName: 'jobs',
  batchSize: 10,
  windowSeconds: 0,
  reportFailures: true,
  filterPatterns: [],
  maximumConcurrency: 1_000,
};
const limits = { total: 10, application: 5, endpoint: 3 };

let storage: Storage;
let queues: LocalQueues;
let running: RunningMapping | undefined;
let now = 0;
beforeEach(async () => {
  now = 0;
  storage = await openStorage({});
  const visibilityTimeoutSeconds = 60;
  queues = await openQueues({
    storage,
    queues: [
      { name: 'jobs', fifo: false, visibilityTimeoutSeconds },
      { name: 'jobs.fifo', fifo: true, visibilityTimeoutSeconds },
    ],
  });
});
afterEach(async () => {
  await running?.stop(0);
  await queues.close();
  await storage.close();
});

/** A job's text is `application/endpoint/number`. */
async function send(...bodies: readonly string[]): Promise<void> {
  const client = createInProcessSqsClient(queues);
  for (const MessageBody of bodies)
    await client.send(
      new SendMessageCommand({
        QueueUrl: `http://localhost/000000000000/${mapping.queueName}`,
        MessageBody,
        MessageGroupId: MessageBody.split('/')[0],
      }),
    );
}

const find = (name: string): LocalQueue => {
  const queue = queues.find(name);
  if (!queue) throw new Error(`no queue ${name}`);
  return queue;
};

function run(
  queueName: 'jobs' | 'jobs.fifo',
  mostStarting = 1_000,
  mayStart = () => true,
  queue: LocalQueue = find(queueName),
) {
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<unknown>>();
  running = runLocalQueue(
    { ...mapping, queueName },
    {
      queue,
      region: 'us-east-1',
      ownerOf: (body) => {
        const [application = '', endpoint = ''] = body.split('/');
        return { application, endpoint };
      },
      shares: createShares(limits),
      starting: createStartingJobs(mostStarting, mostStarting, { idle: () => now, now: () => now }),
      mayStart,
      faults: noFaults,
      log: () => undefined,
      invoke: (event) => {
        const { Records } = event as { readonly Records: readonly { readonly body: string }[] };
        const body = Records.map((record) => record.body).join();
        const end = Promise.withResolvers<unknown>();
        ends.set(body, end);
        begun.push(body);
        return end.promise;
      },
    },
  );
  const end = (...bodies: readonly string[]) => {
    for (const body of bodies) ends.get(body)?.resolve({ batchItemFailures: [] });
  };
  return { begun, end };
}

/** Several turns of the event loop, in which everything that can begin has begun. */
const settle = async () => {
  for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
const jobs = (owner: string, count: number) => Array.from({ length: count }, (_, number) => `${owner}/${number}`);

describe('the jobs of a standard queue', () => {
  it('run at the same time, up to the share of their endpoint', async () => {
    await send(...jobs('a/e1', 5));
    const { begun, end } = run('jobs');
    await settle();
    expect(begun).toEqual(jobs('a/e1', 3));
    end('a/e1/1');
    await settle();
    expect(begun).toEqual(jobs('a/e1', 4));
  });

  it('run beside an application whose endpoints hang', async () => {
    await send(...jobs('a/e1', 3), ...jobs('a/e2', 20));
    const { begun, end } = run('jobs');
    await settle();
    expect(begun).toHaveLength(limits.application);
    await send(...jobs('b/e3', 3));
    await settle();
    expect(begun.slice(limits.application)).toEqual(jobs('b/e3', 3));
    end(...jobs('b/e3', 3));
    await send('b/e3/again');
    await settle();
    expect(begun.at(-1)).toBe('b/e3/again');
  });

  it('start in turns of their applications, and only some of them at a time', async () => {
    await send(...jobs('a/e1', 3), ...jobs('b/e2', 3));
    const { begun, end } = run('jobs', 4);
    await settle();
    expect(begun.map((body) => body[0]).toSorted()).toEqual(['a', 'a', 'b', 'b']);
    now = 50;
    await send('c/e3/0');
    end('a/e1/0');
    await settle();
    expect(begun.slice(4).toSorted()).toEqual(['a/e1/2', 'b/e2/2', 'c/e3/0']);
  });

  it('do not start while what they lead to cannot be stored, and start when it can', async () => {
    let mayStart = false;
    let looks = 0;
    await send('a/e1/0');
    const { begun } = run('jobs', 1_000, () => {
      looks += 1;
      return mayStart;
    });
    while (looks < 2) await settle();
    expect(begun).toEqual([]);
    mayStart = true;
    while (begun.length === 0) await settle();
    expect(begun).toEqual(['a/e1/0']);
  });

  it('are deleted when they have succeeded', async () => {
    await send('a/e1/0');
    const { end } = run('jobs');
    await settle();
    end('a/e1/0');
    await settle();
    expect(find('jobs').counts()).toMatchObject({ waiting: 0, inFlight: 0 });
  });

  it('end before a stop, also if they were being taken when it began', async () => {
    await send('a/e1/0');
    const taken = Promise.withResolvers<void>();
    const jobs = find('jobs');
    const slow: LocalQueue = {
      ...jobs,
      take: async (...args) => {
        const messages = await jobs.take(...args);
        await taken.promise;
        return messages;
      },
    };
    const { begun, end } = run('jobs', 1_000, undefined, slow);
    await settle();
    let isStopped = false;
    const stopping = running?.stop(60_000).then(() => {
      isStopped = true;
    });
    taken.resolve();
    await settle();
    expect([begun, isStopped]).toEqual([['a/e1/0'], false]);
    end('a/e1/0');
    await stopping;
    expect(jobs.counts()).toMatchObject({ waiting: 0, inFlight: 0 });
  });
});

describe('the jobs of a FIFO queue', () => {
  const sendFifo = async (...bodies: readonly string[]) => {
    const client = createInProcessSqsClient(queues);
    for (const MessageBody of bodies)
      await client.send(
        new SendMessageCommand({
          QueueUrl: 'http://localhost/000000000000/jobs.fifo',
          MessageBody,
          MessageGroupId: MessageBody.split('/').slice(0, 2).join(),
          MessageDeduplicationId: MessageBody,
        }),
      );
  };

  it('run one after the other in a group, and at the same time in different groups', async () => {
    await sendFifo(...jobs('a/e1', 3), ...jobs('a/e2', 2));
    const { begun, end } = run('jobs.fifo');
    await settle();
    expect(begun.toSorted()).toEqual(['a/e1/0', 'a/e2/0']);
    end('a/e1/0');
    await settle();
    expect(begun.slice(2)).toEqual(['a/e1/1']);
    end('a/e1/1', 'a/e2/0');
    await settle();
    expect(begun.slice(3).toSorted()).toEqual(['a/e1/2', 'a/e2/1']);
  });

  it('run beside an application whose groups hang', async () => {
    await sendFifo(...Array.from({ length: 20 }, (_, group) => `a/g${group}/0`));
    const { begun } = run('jobs.fifo');
    await settle();
    expect(begun).toHaveLength(limits.application);
    await sendFifo('b/g/0');
    await settle();
    expect(begun.at(-1)).toBe('b/g/0');
  });
});
