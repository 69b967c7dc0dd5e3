import type { AttemptResult, Endpoint } from '@posthorn/core';
import { aDelivery, anAttempt, ids, nthId, secondsLater } from '@posthorn/testing';
import { accepted, anAttemptWorld, gone, rejected } from '../fixtures/attempt-world.ts';
import { createDeliverFifo } from './deliver-fifo.ts';
import { secondsUntilRecheck } from './recheck.ts';

async function aWorker(
  answers: readonly AttemptResult[],
  onExhausted: 'block' | 'skip' = 'block',
  endpoint: Partial<Endpoint> = {},
) {
  const world = await anAttemptWorld({ answers, endpoint: { order: { onExhausted }, ...endpoint } });
  const held: number[] = [];
  const dead: string[] = [];
  const run = createDeliverFifo({
    makeAttempt: world.makeAttempt,
    findAttempt: world.attempts.find,
    listAttempts: world.attempts.listByMessage,
    findEndpoint: world.endpoints.find,
    holdBack: async (_, seconds) => void held.push(seconds),
    sendToDeadLetters: async (_, reason) => void dead.push(reason),
    clock: world.clock,
    log: world.deps.log,
  });
  const job = { delivery: aDelivery(), job: { id: 'sqs-1', body: '', receiptHandle: 'x', group: 'a' } };
  return { ...world, held, dead, deliver: () => run(job) };
}

describe('deliver-fifo', () => {
  it('lets the group go on after a success', async () => {
    const { deliver, held } = await aWorker([accepted]);
    expect(await deliver()).toBe('done');
    expect(held).toEqual([]);
  });

  it('holds the group back for the retry delay after a failure, and goes on behind it', async () => {
    const { deliver, held, sent, moveTo } = await aWorker([rejected, accepted]);
    expect(await deliver()).toBe('held');
    expect(held).toEqual([5]);
    moveTo(secondsLater(2));
    expect(await deliver()).toBe('held');
    expect(held).toEqual([5, 3]);
    expect(sent).toHaveLength(1);
    moveTo(secondsLater(5));
    expect(await deliver()).toBe('done');
    expect(sent).toHaveLength(2);
  });

  it('sends nothing twice when a job comes back after its attempt was recorded', async () => {
    const { deliver, sent } = await aWorker([accepted]);
    await deliver();
    expect(await deliver()).toBe('done');
    expect(sent).toHaveLength(1);
  });

  /** Runs the delivery until its retries are used up. */
  async function exhaust({ deliver, moveTo }: Awaited<ReturnType<typeof aWorker>>): Promise<'done' | 'held'> {
    for (const seconds of [0, 5, 305]) {
      moveTo(secondsLater(seconds));
      expect(await deliver()).toBe('held');
    }
    moveTo(secondsLater(2_105));
    return deliver();
  }

  it('blocks the group when the retries are used up, and looks at it again and again', async () => {
    const world = await aWorker([rejected]);
    expect(await exhaust(world)).toBe('held');
    expect(await world.deliver()).toBe('held');
    expect(world.sent).toHaveLength(4);
    expect(world.held.slice(-2)).toEqual([60, 60]);
  });

  it('lets a blocked group go on once a manual attempt was accepted', async () => {
    const world = await aWorker([rejected]);
    await exhaust(world);
    await world.attempts.record(
      anAttempt({ attemptId: nthId('attempt', 5_000), trigger: 'manual', status: 'succeeded' }),
    );
    expect(await world.deliver()).toBe('done');
  });

  it('goes on without the message where the endpoint says so, and keeps it with the dead letters', async () => {
    const world = await aWorker([rejected], 'skip');
    expect(await exhaust(world)).toBe('done');
    expect(world.dead).toEqual(['retries exhausted']);
  });

  it('lets the group go on when the endpoint is gone', async () => {
    const { deliver, endpoints } = await aWorker([gone]);
    expect(await deliver()).toBe('done');
    expect((await endpoints.find(ids.application, ids.endpoint))?.disabled).toBe(true);
  });

  it('lets the group go on when there is nothing to send any more', async () => {
    const { deliver, sent } = await aWorker([accepted], 'block', { disabled: true });
    expect(await deliver()).toBe('done');
    expect(sent).toEqual([]);
  });
});

describe('a blocked group', () => {
  it('is looked at less often the longer it is blocked, and fewer than 1,000 times in 14 days', () => {
    let looks = 0;
    for (let at = 0; at < 14 * 86_400; looks += 1)
      at += secondsUntilRecheck({ exhaustedAt: secondsLater(0), now: secondsLater(at) });
    expect(looks).toBeLessThan(900);
    expect(secondsUntilRecheck({ exhaustedAt: secondsLater(0), now: secondsLater(6_000) })).toBe(600);
  });
});
