import { type Message, PassingError, UnusableData } from '@posthorn/core';
import { aMessage, aPurgeTask, ids, nthId, nthMessageId, secondsLater } from '@posthorn/testing';
import { aSliceJob, aTaskWorld, runToEnd } from '../fixtures/a-task-world.ts';

const createdAt = secondsLater(100_000);
const now = secondsLater(200_000);
const aPurge = () => aPurgeTask({ createdAt, work: { kind: 'application.purge_content', until: createdAt } });
const hasTime = () => true;
const message = (n: number, overrides: Partial<Message> = {}) =>
  aMessage({ messageId: nthId('message', n), ...overrides });

async function aWorld(count: number, change?: Parameters<typeof aTaskWorld>[1]) {
  const world = aTaskWorld(now, change);
  for (let n = 0; n < count; n += 1) await world.messages.insert(message(n));
  await world.tasks.insert(aPurge());
  const withBody = () => world.messages.all().filter(({ body }) => body !== '');
  return { ...world, withBody };
}

describe('expunging all messages of an application', () => {
  it('removes every body, in slices that keep to the rate, and says how many', async () => {
    const world = await aWorld(450);
    expect(await world.run([aSliceJob(aPurge())], hasTime)).toEqual([]);
    expect(await world.tasks.find(ids.organisation, ids.task)).toEqual({
      ...aPurge(),
      slice: 1,
      cursor: nthId('message', 199),
      purged: 200,
      pauseSeconds: 2,
      updatedAt: now,
    });
    expect(world.withBody()).toHaveLength(250);
    expect(await runToEnd(world, aPurge())).toMatchObject({ status: 'finished', slice: 3, purged: 450, skipped: 0 });
    expect(world.withBody()).toEqual([]);
    expect(world.sent).toEqual([]);
  });

  it('leaves what was accepted after it was started, and other applications', async () => {
    const world = await aWorld(2);
    const later = message(100_000);
    const other = message(1, { applicationId: nthId('application', 1) });
    await world.messages.insert(later);
    await world.messages.insert(other);
    expect(await runToEnd(world, aPurge())).toMatchObject({ purged: 2 });
    expect(world.withBody()).toEqual([later, other]);
  });

  it('finds messages of both placements, however old', async () => {
    const world = await aWorld(0);
    const old = { expiresAt: secondsLater(10_000_000) };
    for (const placement of ['sharded', 'ordered'] as const)
      await world.messages.insert(aMessage({ messageId: nthMessageId(-9_000_000, placement), ...old }));
    expect(await runToEnd(world, aPurge())).toMatchObject({ status: 'finished', purged: 2 });
  });

  it('ends at once if there is no message', async () => {
    const world = await aWorld(0);
    expect(await runToEnd(world, aPurge())).toMatchObject({ status: 'finished', slice: 1, purged: 0, skipped: 0 });
  });

  it('does not count a message that was expunged before, but removes what a crash has left of its body', async () => {
    const expunged: string[] = [];
    const world = await aWorld(3, ({ expunge }) => ({
      expunge: async (applicationId, messageId, at) => {
        expunged.push(messageId);
        return expunge(applicationId, messageId, at);
      },
    }));
    await world.messages.expunge(ids.application, nthId('message', 1), secondsLater(5));
    expect(await runToEnd(world, aPurge())).toMatchObject({ purged: 2, skipped: 1 });
    expect(expunged).toEqual([0, 1, 2].map((n) => nthId('message', n)));
  });

  it('skips a message that expires while it runs', async () => {
    const world = await aWorld(2, ({ expunge }) => ({
      expunge: async (applicationId, messageId, at) =>
        messageId === nthId('message', 0) ? 'missing' : expunge(applicationId, messageId, at),
    }));
    expect(await runToEnd(world, aPurge())).toMatchObject({ status: 'finished', purged: 1, skipped: 1 });
  });

  it('ends its slice after a page if the time of its function is nearly over', async () => {
    const world = await aWorld(250);
    await world.run([aSliceJob(aPurge())], () => false);
    expect(await world.tasks.find(ids.organisation, ids.task)).toMatchObject({ purged: 100, slice: 1 });
  });

  it('is done once if two workers run a slice at the same time', async () => {
    const world = await aWorld(150);
    const job = aSliceJob(aPurge());
    expect(await world.run([job, { ...job, id: 'copy' }], hasTime)).toEqual([]);
    expect(await world.tasks.find(ids.organisation, ids.task)).toMatchObject({ purged: 150, slice: 1 });
  });

  it.each(['at a message', 'before the store', 'after the store'] as const)(
    'goes on after a crash %s, and counts every message once',
    async (step) => {
      let deaths = 0;
      const dieAt = (reached: typeof step) => {
        if (reached !== step || deaths > 0) return;
        deaths += 1;
        throw new PassingError('the process died');
      };
      const world = await aWorld(450, ({ expunge, tasks }) => ({
        expunge: async (applicationId, messageId, at) => {
          if (messageId === nthId('message', 130)) dieAt('at a message');
          return expunge(applicationId, messageId, at);
        },
        tasks: {
          ...tasks,
          find: tasks.find,
          advance: async (next, from) => {
            dieAt('before the store');
            const stored = await tasks.advance(next, from);
            dieAt('after the store');
            return stored;
          },
        },
      }));
      const job = aSliceJob(aPurge());
      // The queue brings the job of a dead worker again.
      expect(await world.run([job], hasTime)).toEqual([job.id]);
      expect(await world.run([job], hasTime)).toEqual([]);
      expect(deaths).toBe(1);
      expect(await runToEnd(world, aPurge())).toMatchObject({ status: 'finished', purged: 450, skipped: 0 });
      expect(world.withBody()).toEqual([]);
    },
  );

  it('fails with the reason if a message cannot be read, and goes on if its slice is redriven', async () => {
    let isBroken = true;
    const world = await aWorld(10, ({ listMessages }) => ({
      listMessages: async (...query) => {
        if (isBroken) throw new UnusableData('row has an invalid attribute: at');
        return listMessages(...query);
      },
    }));
    expect(await runToEnd(world, aPurge())).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('a message cannot be expunged: row has an invalid attribute: at'),
    });
    expect(world.dead).toEqual(['row has an invalid attribute: at']);
    isBroken = false;
    await world.run([world.deadJob()], hasTime);
    const task = await world.tasks.find(ids.organisation, ids.task);
    expect(task).toMatchObject({ status: 'finished', purged: 10 });
    expect(task).not.toHaveProperty('error');
  });
});
