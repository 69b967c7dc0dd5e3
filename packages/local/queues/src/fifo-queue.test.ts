import { drain, handlesOf, openTestQueues, takeBodies } from './testing/builders.ts';

const jobs = { name: 'jobs.fifo', fifo: true };
const minute = 60_000;

describe('a FIFO queue', () => {
  it('gives each group in order, other groups first', async () => {
    const { queue, send } = await openTestQueues([jobs]);
    for (const body of ['a1', 'a2', 'b1', 'a3', 'b2']) await send('jobs.fifo', body[0], body);
    expect(await takeBodies(queue('jobs.fifo'))).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
  });

  it('gives nothing of a group while one of its messages is in flight', async () => {
    const { queue, send } = await openTestQueues([jobs]);
    await send('jobs.fifo', 'a', 'a1', 'a2', 'a3');
    const first = await queue('jobs.fifo').take(2);
    await send('jobs.fifo', 'b', 'b1');
    expect(await takeBodies(queue('jobs.fifo'))).toEqual(['b1']);
    await queue('jobs.fifo').remove(handlesOf(first).slice(0, 1));
    expect(await takeBodies(queue('jobs.fifo'))).toEqual([]);
    await queue('jobs.fifo').remove(handlesOf(first).slice(1));
    expect(await takeBodies(queue('jobs.fifo'))).toEqual(['a3']);
  });

  it('keeps a released message in front of its group, also one that is released later', async () => {
    const { queue, send, clock } = await openTestQueues([jobs]);
    await send('jobs.fifo', 'a', 'a1', 'a2', 'a3');
    await queue('jobs.fifo').release(handlesOf(await queue('jobs.fifo').take(2)));
    const again = await queue('jobs.fifo').take(1);
    expect(again.map(({ body }) => body)).toEqual(['a1']);
    await queue('jobs.fifo').release(handlesOf(again), minute);
    expect(await takeBodies(queue('jobs.fifo'))).toEqual([]);
    clock.now += minute + 100;
    expect(await drain(queue('jobs.fifo'))).toEqual(['a1', 'a2', 'a3']);
  });

  it('knows a deduplication id for five minutes, also after a delete and a restart', async () => {
    const first = await openTestQueues([jobs]);
    await first.send('jobs.fifo', 'a', 'once');
    expect(await drain(first.queue('jobs.fifo'))).toEqual(['once']);
    const { queue, send, clock } = await first.reopen();
    clock.now += 5 * minute - 1;
    await send('jobs.fifo', 'b', 'once');
    expect(await drain(queue('jobs.fifo'))).toEqual([]);
    clock.now += 1;
    await send('jobs.fifo', 'b', 'once');
    expect(await drain(queue('jobs.fifo'))).toEqual(['once']);
  });

  it('answers a repeated send with the first message', async () => {
    const { queues } = await openTestQueues([jobs]);
    const message = { MessageBody: 'x', MessageGroupId: 'a', MessageDeduplicationId: 'id' };
    const entries = ['1', '2'].map((Id) => ({ ...message, Id }));
    const first = await queues.execute('SendMessage', { QueueUrl: 'jobs.fifo', ...message });
    const { Successful } = (await queues.execute('SendMessageBatch', { QueueUrl: 'jobs.fifo', Entries: entries })) as {
      Successful: readonly object[];
    };
    expect(Successful).toEqual([
      { Id: '1', ...first },
      { Id: '2', ...first },
    ]);
    expect(queues.find('jobs.fifo')?.counts().waiting).toBe(1);
  });

  it('keeps the order when its delay is removed', async () => {
    const { queue, send, clock, queues } = await openTestQueues([{ ...jobs, delaySeconds: 10 }]);
    await send('jobs.fifo', 'a', 'a1');
    await queues.execute('SetQueueAttributes', { QueueUrl: 'jobs.fifo', Attributes: { DelaySeconds: '0' } });
    await send('jobs.fifo', 'a', 'a2');
    expect(await takeBodies(queue('jobs.fifo'))).toEqual([]);
    clock.now += 10_000;
    expect(await drain(queue('jobs.fifo'))).toEqual(['a1', 'a2']);
  });

  it('goes on in order after a restart, with what was in flight first', async () => {
    const first = await openTestQueues([jobs]);
    await first.send('jobs.fifo', 'a', 'a1', 'a2', 'a3');
    await first.queue('jobs.fifo').take(2);
    const { queue, send } = await first.reopen();
    await send('jobs.fifo', 'a', 'a4');
    const messages = await queue('jobs.fifo').take(10);
    expect(messages.map(({ body, attributes }) => [body, attributes.ApproximateReceiveCount])).toEqual([
      ['a1', '2'],
      ['a2', '2'],
      ['a3', '1'],
      ['a4', '1'],
    ]);
  });
});
