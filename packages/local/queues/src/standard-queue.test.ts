import type { LocalQueue } from './queue/local-queue.ts';
import { drain, handlesOf, openTestQueues, takeBodies } from './testing/builders.ts';

const jobs = { name: 'jobs', visibilityTimeoutSeconds: 30, deadLetters: { name: 'dead', maxReceiveCount: 2 } };
const dead = { name: 'dead' };

describe('a standard queue', () => {
  it('gives each application one message in turn', async () => {
    const { queue, send } = await openTestQueues([jobs, dead]);
    await send('jobs', 'busy', 'b1', 'b2', 'b3', 'b4');
    await send('jobs', 'quiet', 'q1');
    expect(await takeBodies(queue('jobs'), 3)).toEqual(['b1', 'q1', 'b2']);
    await send('jobs', 'other', 'o1');
    expect(await takeBodies(queue('jobs'), 2)).toEqual(['b3', 'o1']);
  });

  it('leaves the groups that the caller may not take from', async () => {
    const { queue, send } = await openTestQueues([jobs, dead]);
    await send('jobs', 'full', 'f1', 'f2');
    await send('jobs', undefined, 'free');
    const asked: unknown[] = [];
    const taken = await queue('jobs').take(10, ({ groupId }) => asked.push(groupId) > 0 && groupId !== 'full');
    expect(taken.map(({ body }) => body)).toEqual(['free']);
    expect(asked).toEqual(['full', undefined]);
    expect(await takeBodies(queue('jobs'))).toEqual(['f1', 'f2']);
  });

  it('shows a message again after its visibility timeout, and then deletes it no more', async () => {
    const { queue, send, clock } = await openTestQueues([jobs, dead]);
    await send('jobs', undefined, 'x');
    const first = await queue('jobs').take(1);
    clock.now += 30_100;
    const [second] = await queue('jobs').take(1);
    expect(second?.attributes.ApproximateReceiveCount).toBe('2');
    await queue('jobs').remove(handlesOf(first));
    expect(queue('jobs').counts()).toMatchObject({ waiting: 0, inFlight: 1 });
  });

  it('moves a message to the dead letters when it was received too often, also over restarts', async () => {
    let system = await openTestQueues([jobs, dead]);
    await system.send('jobs', 'app', 'poison');
    for (let n = 0; n < 2; n += 1) {
      expect(await takeBodies(system.queue('jobs'))).toEqual(['poison']);
      system = await system.reopen();
    }
    expect(await takeBodies(system.queue('jobs'))).toEqual([]);
    await system.storage.settled();
    const [letter] = await system.queue('dead').take(1);
    expect(letter).toMatchObject({
      body: 'poison',
      groupId: 'app',
      attributes: { DeadLetterQueueSourceArn: 'arn:aws:sqs:us-east-1:000000000000:jobs' },
    });
    expect(system.queue('jobs').counts()).toEqual({ waiting: 0, delayed: 0, inFlight: 0 });
  });

  it('gives delayed messages when they are due, in that order, also after a restart', async () => {
    const first = await openTestQueues([jobs, dead]);
    for (const [MessageBody, DelaySeconds] of [
      ['late', 20],
      ['soon', 10],
    ] as const)
      await first.queues.execute('SendMessage', { QueueUrl: 'jobs', MessageBody, DelaySeconds });
    const { queue, clock } = await first.reopen();
    expect(queue('jobs').counts()).toEqual({ waiting: 0, delayed: 2, inFlight: 0 });
    expect(await takeBodies(queue('jobs'))).toEqual([]);
    clock.now += 10_000;
    expect(await drain(queue('jobs'))).toEqual(['soon']);
    clock.now += 10_000;
    expect(await drain(queue('jobs'))).toEqual(['late']);
    expect(queue('jobs').counts()).toEqual({ waiting: 0, delayed: 0, inFlight: 0 });
  });

  it('forgets messages after the retention period', async () => {
    const { queue, send, clock } = await openTestQueues([{ ...jobs, retentionSeconds: 60 }, dead]);
    await send('jobs', undefined, 'old');
    clock.now += 59_000;
    await send('jobs', undefined, 'new');
    clock.now += 1_000;
    expect(await drain(queue('jobs'))).toEqual(['new']);
  });

  it('gives a large backlog once each, of many groups and of a large one', async () => {
    const limits = { groups: 20, messagesPerGroup: 4, characters: 1_000 };
    const system = await openTestQueues([jobs, dead], { limits });
    const expected: string[] = [];
    for (let n = 0; n < 1_500; n += 1) {
      const group = n % 3 === 0 ? 'large' : `group-${n % 200}`;
      expected.push(`${group}:${n}`);
      await system.send('jobs', group, `${group}:${n}`);
    }
    const { queue } = await system.reopen();
    expect((await drain(queue('jobs'), 7)).toSorted()).toEqual(expected.toSorted());
    expect(queue('jobs').counts()).toEqual({ waiting: 0, delayed: 0, inFlight: 0 });
  });

  it('lets more groups than there is room for take turns', async () => {
    const limits = { groups: 10, messagesPerGroup: 4, characters: 10_000 };
    const { queue, send } = await openTestQueues([jobs, dead], { limits });
    for (let n = 0; n < 400; n += 1) await send('jobs', `group-${n % 40}`, `${n}`);
    const taken = new Map<string, number>();
    for (let n = 0; n < 40; n += 1) {
      const messages = await queue('jobs').take(5);
      for (const { groupId = '' } of messages) taken.set(groupId, (taken.get(groupId) ?? 0) + 1);
      await queue('jobs').remove(handlesOf(messages));
    }
    expect(taken.size).toBe(40);
    expect(Math.max(...taken.values())).toBeLessThanOrEqual(7);
  });

  it('purges what was sent so far', async () => {
    const { queue, send, queues } = await openTestQueues([jobs, dead]);
    await send('jobs', 'a', 'before');
    await queues.execute('PurgeQueue', { QueueUrl: 'jobs' });
    await send('jobs', 'a', 'after');
    expect(await drain(queue('jobs'))).toEqual(['after']);
  });

  it('tells a consumer that waits', async () => {
    const { queue, send } = await openTestQueues([jobs, dead]);
    expect(await takeBodies(queue('jobs'))).toEqual([]);
    const changed = queue('jobs').changed(AbortSignal.timeout(5_000));
    await send('jobs', undefined, 'x');
    await changed;
    expect(await takeBodies(queue('jobs'))).toEqual(['x']);
  });
});

async function listAll(queue: LocalQueue, limit: number) {
  const listed = [];
  for await (const messages of queue.list(limit)) listed.push(...messages);
  return listed;
}

describe('a list of messages', () => {
  it('has those that wait, are in flight and are delayed, without taking them', async () => {
    const { queues, queue, send, clock } = await openTestQueues([jobs, dead]);
    await send('jobs', 'app', 'in flight', 'waits');
    clock.now += 1_000;
    await queues.execute('SendMessage', { QueueUrl: 'jobs', MessageBody: 'later', DelaySeconds: 60 });
    await queue('jobs').take(1);
    const listed = await listAll(queue('jobs'), 10);
    const sentAt = clock.now - 1_000;
    expect(listed).toEqual([
      { body: 'in flight', sentAt, isDelayed: false },
      { body: 'waits', sentAt, isDelayed: false },
      { body: 'later', sentAt: clock.now, isDelayed: true },
    ]);
    expect((await listAll(queue('jobs'), 1)).map(({ body }) => body)).toEqual(['in flight', 'later']);
    expect(await takeBodies(queue('jobs'))).toEqual(['waits']);
  });

  it('has nothing that was purged', async () => {
    const { queues, queue, send } = await openTestQueues([jobs, dead]);
    await send('jobs', 'app', 'old');
    await queues.execute('PurgeQueue', { QueueUrl: 'jobs' });
    await send('jobs', 'app', 'new');
    expect((await listAll(queue('jobs'), 10)).map(({ body }) => body)).toEqual(['new']);
  });
});
