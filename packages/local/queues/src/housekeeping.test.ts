import { readRows } from './rows/read-rows.ts';
import { drain, openTestQueues } from './testing/builders.ts';

const minute = 60_000;
const limits = { groups: 5, messagesPerGroup: 2, characters: 100 };

describe('housekeeping', () => {
  it('deletes messages after the retention period, in memory or not, in the dead letters too', async () => {
    const dead = { name: 'dead', retentionSeconds: 60 };
    const { queue, send, clock, queues, storage } = await openTestQueues([dead], { limits });
    for (let n = 0; n < 700; n += 1) await send('dead', `group-${n % 50}`, `old ${n}`);
    const [held] = await queue('dead').take(1);
    clock.now += minute;
    await send('dead', 'group-1', 'new');
    await queues.deleteExpired();
    await storage.settled();
    expect(queue('dead').counts()).toMatchObject({ waiting: 1, inFlight: 1 });
    expect(await readRows(storage, { gte: 'q/m/', lt: 'q/n' }, 1_000)).toHaveLength(2);
    await queue('dead').release([held?.receiptHandle ?? '']);
    expect(await drain(queue('dead'))).toEqual(['new']);
  });

  it('deletes purged messages', async () => {
    const { queue, send, queues, storage } = await openTestQueues([{ name: 'jobs' }], { limits });
    for (let n = 0; n < 20; n += 1) await send('jobs', `group-${n}`, 'x');
    await queues.execute('PurgeQueue', { QueueUrl: 'jobs' });
    await queues.deleteExpired();
    await storage.settled();
    expect(queue('jobs').counts()).toEqual({ waiting: 0, delayed: 0, inFlight: 0 });
  });

  it('deletes deduplication ids that are older than five minutes', async () => {
    const { send, clock, queues, storage } = await openTestQueues([{ name: 'jobs.fifo', fifo: true }]);
    await send('jobs.fifo', 'a', 'x');
    const idsLeft = async () => (await readRows(storage, { gte: 'q/u/', lt: 'q/v' }, 10)).length;
    clock.now += 5 * minute - 1;
    await queues.deleteExpired();
    expect(await idsLeft()).toBe(1);
    clock.now += 10 * minute;
    await queues.deleteExpired();
    expect(await idsLeft()).toBe(0);
  });
});
