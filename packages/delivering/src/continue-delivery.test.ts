import { attemptIdOf, type Delivery } from '@posthorn/core';
import { aDelivery, secondsLater } from '@posthorn/testing';
import { createContinueDelivery } from './continue-delivery.ts';
import { accepted, anAttemptWorld, gone, rejected } from './fixtures/attempt-world.ts';

async function aContinuation(given: Parameters<typeof anAttemptWorld>[0] = {}) {
  const world = await anAttemptWorld(given);
  return { ...world, continueDelivery: createContinueDelivery(world.deps) };
}
const nth = (attemptNumber: number, seconds: number): Delivery =>
  aDelivery({ attemptNumber, scheduledAt: secondsLater(seconds) });

describe('continueDelivery', () => {
  it('makes the first attempt, after one read', async () => {
    const { continueDelivery, reads } = await aContinuation();
    expect(await continueDelivery(aDelivery())).toMatchObject({ kind: 'attempted', attempt: { attemptNumber: 1 } });
    expect(reads).toEqual([attemptIdOf(aDelivery())]);
  });

  it('makes the attempt behind the last recorded one when it is due, and reads each record once', async () => {
    const { continueDelivery, reads, sent, moveTo } = await aContinuation({ answers: [rejected, rejected, accepted] });
    await continueDelivery(aDelivery());
    moveTo(secondsLater(5));
    await continueDelivery(aDelivery());
    moveTo(secondsLater(305));
    reads.length = 0;
    expect(await continueDelivery(aDelivery())).toMatchObject({
      kind: 'attempted',
      attempt: { attemptNumber: 3, attemptId: attemptIdOf(nth(3, 305)), next: { kind: 'done' } },
    });
    expect(reads).toEqual([nth(1, 0), nth(2, 5), nth(3, 305)].map(attemptIdOf));
    expect(sent).toHaveLength(3);
  });

  it('sends nothing until the next attempt is due', async () => {
    const { continueDelivery, sent, moveTo } = await aContinuation({ answers: [rejected] });
    await continueDelivery(aDelivery());
    moveTo(secondsLater(4.999));
    expect(await continueDelivery(aDelivery())).toEqual({ kind: 'not_due', until: secondsLater(5) });
    expect(sent).toHaveLength(1);
  });

  it('waits for the end of a deferral, which does not outlive its attempt', async () => {
    const { continueDelivery, sent, moveTo } = await aContinuation({ answers: [rejected, accepted] });
    const deferred = aDelivery({ notBefore: secondsLater(60) });
    expect(await continueDelivery(deferred)).toEqual({ kind: 'not_due', until: secondsLater(60) });
    expect(sent).toEqual([]);
    moveTo(secondsLater(60));
    expect(await continueDelivery(deferred)).toMatchObject({ attempt: { attemptId: attemptIdOf(aDelivery()) } });
    expect(await continueDelivery({ ...deferred, notBefore: secondsLater(1_000) })).toEqual({
      kind: 'not_due',
      until: secondsLater(65),
    });
  });

  it.each([
    ['accepted', accepted, 'done'],
    ['gone', gone, 'gone'],
  ])('returns the record that ended the delivery: %s', async (_, answer, next) => {
    const { continueDelivery, sent } = await aContinuation({ answers: [answer] });
    await continueDelivery(aDelivery());
    expect(await continueDelivery(aDelivery())).toMatchObject({ kind: 'recorded', attempt: { next: { kind: next } } });
    expect(sent).toHaveLength(1);
  });

  it('says that there is nothing to send', async () => {
    const { continueDelivery } = await aContinuation({ endpoint: { disabled: true } });
    expect(await continueDelivery(aDelivery())).toEqual({
      kind: 'canceled',
      reason: 'endpoint_disabled',
      delivery: aDelivery(),
    });
  });

  it('throws our own fault, and records no attempt for it', async () => {
    const { continueDelivery, attempts } = await aContinuation({ answers: [new TypeError('x is not a function')] });
    await expect(continueDelivery(aDelivery())).rejects.toThrow(TypeError);
    expect(attempts.all()).toEqual([]);
  });
});
