import { createVirtualTime } from '@posthorn/delivering/fixtures/virtual-time';
import { aDelivery, nthId, startOfTests } from '@posthorn/testing';
import { aGroupWorld } from '../fixtures/a-group-world.ts';
import { aJob, aWakeJob } from '../fixtures/a-job.ts';
import { createRunGroupJobs, type RunGroupJobsDeps } from './run-group-jobs.ts';

/** A worker whose attempts take virtual time, each as long as its group's endpoint. Its invocation has 69 s. */
async function aSharedBatch(
  msOfGroup: Readonly<Record<string, number>>,
  overrides: Partial<RunGroupJobsDeps> = {},
  readMs = 0,
) {
  const time = createVirtualTime();
  const sent: string[] = [];
  const finished: (readonly [number, readonly string[]])[] = [];
  const givenBack: string[] = [];
  const seconds = () => (time.now().getTime() - startOfTests.getTime()) / 1_000;
  const { deps, groups, logged } = await aGroupWorld();
  const run = createRunGroupJobs({
    ...deps,
    clock: time.now,
    sleep: time.sleep,
    groups: {
      ...groups,
      find: async (owner) => {
        if (owner.group === 'x') await time.sleep(readMs);
        return groups.find(owner);
      },
    },
    attemptInOrder: async ({ delivery }) => {
      const group = groupOf.get(delivery.messageId) ?? '';
      await time.sleep(msOfGroup[group] ?? 0);
      sent.push(group);
      return { kind: 'through' };
    },
    finish: async (jobs) => void finished.push([seconds(), jobs.map(({ receiptHandle }) => receiptHandle)]),
    holdBack: async ({ receiptHandle }) => void givenBack.push(receiptHandle),
    ...overrides,
  });
  const groupOf = new Map<string, string>();
  const aJobOf = (n: number, group: string) => {
    groupOf.set(nthId('message', n), group);
    return { ...aJob(n, { group, delivery: aDelivery({ messageId: nthId('message', n) }) }), sequence: String(n) };
  };
  /** Parks messages, whose group waits until now. Returns the job of its wake. */
  const park = async (group: string, messages: readonly number[]) => {
    const { wake } = aWakeJob(1, { group, epoch: 7 }).content;
    for (const [index, n] of messages.entries()) {
      const place = String(n);
      const { delivery } = aJobOf(n, group).content;
      const head = { head: delivery.messageId, place, attempt: 1, notBefore: startOfTests, reason: 'retry' } as const;
      const to = { state: 'waiting', epoch: 7, ...head } as const;
      if (index > 0) await groups.park({ group, place, delivery, now: startOfTests });
      else await groups.open({ owner: { ...wake, group }, to, delivery, now: startOfTests });
    }
    return { ...aWakeJob(1, wake), group, sequence: '1' };
  };
  /** Runs a batch, and returns when it ended and what comes back. */
  const runBatch = async (jobs: Parameters<typeof run>[0]) => {
    const running = run(jobs, () => seconds() < 69).then((returned) => ({ seconds: seconds(), returned }));
    await time.run();
    return running;
  };
  return { runBatch, aJobOf, park, groups, sent, finished, givenBack, logged };
}

describe('a batch with several groups', () => {
  it('ends after one exchange more when one of them has ended, and gives the others back in order', async () => {
    const { runBatch, aJobOf, sent, givenBack } = await aSharedBatch({ x: 14_000, y: 10 });
    const jobs = [aJobOf(1, 'x'), aJobOf(2, 'x'), aJobOf(3, 'x'), aJobOf(4, 'y')];
    const { seconds, returned } = await runBatch(jobs);
    expect(seconds).toBeLessThan(17);
    expect(returned).toEqual(['2', '3']);
    expect(givenBack).toEqual(['handle-2', 'handle-3']);
    expect(sent).toEqual(['y', 'x']);
  });

  it('frees a group that has ended while others run', async () => {
    const { runBatch, aJobOf, finished } = await aSharedBatch({ x: 14_000, y: 10, z: 1_000 });
    await runBatch([aJobOf(1, 'x'), aJobOf(2, 'y'), aJobOf(3, 'y'), aJobOf(4, 'z')]);
    expect(finished).toEqual([
      [0.2, ['handle-2', 'handle-3']],
      [1.2, ['handle-4']],
    ]);
  });

  it('frees nothing by itself if it ends soon, or has one group', async () => {
    const { runBatch, aJobOf, finished } = await aSharedBatch({ x: 14_000, y: 10, z: 150 });
    await runBatch([aJobOf(1, 'y'), aJobOf(2, 'z')]);
    const alone = await runBatch([aJobOf(3, 'x'), aJobOf(4, 'x'), aJobOf(5, 'x')]);
    expect(alone).toMatchObject({ returned: [], seconds: expect.closeTo(42.2, 0) });
    expect(finished).toEqual([]);
  });

  it('ends as it would if groups cannot be freed', async () => {
    const finish = () => Promise.reject(new Error('the queue is away'));
    const { runBatch, aJobOf, logged } = await aSharedBatch({ x: 14_000, y: 10 }, { finish });
    expect(await runBatch([aJobOf(1, 'x'), aJobOf(2, 'y')])).toMatchObject({ returned: [] });
    expect(logged).toContainEqual(expect.objectContaining({ level: 'warn', event: 'group.not_released', jobs: 1 }));
  });

  it('hands a drain over after an attempt, and not before, even if its reads took long', async () => {
    const handedOver: number[] = [];
    const world = await aSharedBatch(
      { x: 14_000, y: 10 },
      {
        sendWakes: async (entries) => {
          handedOver.push(...entries.map(({ wake }) => wake.slice));
          return [];
        },
      },
      3_000,
    );
    const wake = await world.park('x', [11, 12, 13]);
    const { seconds } = await world.runBatch([wake, world.aJobOf(2, 'y')]);
    expect(seconds).toBeLessThan(20);
    expect(world.sent).toEqual(['y', 'x']);
    expect(world.groups.allParked()).toHaveLength(2);
    expect(handedOver).toEqual([1]);
  });
});
