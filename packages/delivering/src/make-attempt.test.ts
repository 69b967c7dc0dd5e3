import { attemptIdOf, UnusableData } from '@posthorn/core';
import { aDelivery, anAttempt, ids, secondsLater, startOfTests } from '@posthorn/testing';
import { accepted, anAttemptWorld, gone, rejected, unreachable } from './fixtures/attempt-world.ts';
import { createMakeAttempt } from './make-attempt.ts';

async function aMaker(given: Parameters<typeof anAttemptWorld>[0] = {}) {
  const world = await anAttemptWorld(given);
  return { ...world, makeAttempt: createMakeAttempt(world.deps) };
}

describe('makeAttempt', () => {
  it('sends the message and records the attempt', async () => {
    const { makeAttempt, attempts, sent } = await aMaker({ message: { eventType: 'a.b', channels: ['eu'] } });
    const report = await makeAttempt(aDelivery());
    expect(sent).toMatchObject([{ message: { messageId: ids.message }, endpoint: { endpointId: ids.endpoint } }]);
    expect(sent[0]?.now).toEqual(startOfTests);
    expect(report).toEqual({
      kind: 'attempted',
      attempt: {
        organisationId: ids.organisation,
        applicationId: ids.application,
        messageId: ids.message,
        endpointId: ids.endpoint,
        attemptId: attemptIdOf(aDelivery()),
        attemptNumber: 1,
        trigger: 'scheduled',
        status: 'succeeded',
        url: 'https://example.com/webhooks',
        responseStatusCode: 200,
        response: 'ok',
        responseDurationMs: 5,
        attemptedAt: startOfTests,
        next: { kind: 'done' },
        eventType: 'a.b',
        channels: ['eu'],
      },
    });
    expect(attempts.all()).toEqual([expect.objectContaining({ attemptId: attemptIdOf(aDelivery()) })]);
  });

  it.each([
    [
      'a failure',
      rejected,
      { status: 'failed', responseStatusCode: 500, next: { kind: 'retry', at: secondsLater(5) } },
    ],
    [
      'no answer',
      unreachable,
      { status: 'failed', responseStatusCode: 0, next: { kind: 'retry', at: secondsLater(60) } },
    ],
    ['a 410', gone, { status: 'failed', responseStatusCode: 410, next: { kind: 'gone' } }],
  ])('stores what follows %s', async (_, answer, expected) => {
    const { makeAttempt, attempts } = await aMaker({ answers: [answer] });
    expect(await makeAttempt(aDelivery())).toMatchObject({ kind: 'attempted', attempt: expected });
    expect(attempts.all()).toMatchObject([expected]);
  });

  it('stores that the retries are exhausted after the last attempt, and that a manual attempt is done', async () => {
    const { makeAttempt } = await aMaker({ answers: [rejected] });
    expect(await makeAttempt(aDelivery({ attemptNumber: 3 }))).toMatchObject({ attempt: { next: { kind: 'retry' } } });
    expect(await makeAttempt(aDelivery({ attemptNumber: 4 }))).toMatchObject({
      attempt: { next: { kind: 'exhausted' } },
    });
    const manual = aDelivery({ trigger: 'manual', attemptId: ids.attempt });
    expect(await makeAttempt(manual)).toMatchObject({ attempt: { attemptId: ids.attempt, next: { kind: 'done' } } });
  });

  it('asks for the retry schedule only after a failure that may be tried again', async () => {
    const readsAfter = async (answer: typeof accepted, delivery = {}) => {
      const { makeAttempt, scheduleReads } = await aMaker({ answers: [answer] });
      await makeAttempt(aDelivery(delivery));
      return scheduleReads.count;
    };
    expect(await readsAfter(accepted)).toBe(0);
    expect(await readsAfter(gone)).toBe(0);
    expect(await readsAfter(rejected, { trigger: 'manual', attemptId: ids.attempt })).toBe(0);
    expect([await readsAfter(rejected), await readsAfter(unreachable)]).toEqual([1, 1]);
  });

  it('plans the retry from the time of the answer', async () => {
    const world = await anAttemptWorld({ answers: [rejected] });
    const makeAttempt = createMakeAttempt({
      ...world.deps,
      sendMessage: async (request) => {
        world.moveTo(secondsLater(12));
        return world.deps.sendMessage(request);
      },
    });
    expect(await makeAttempt(aDelivery())).toMatchObject({
      attempt: { attemptedAt: startOfTests, next: { kind: 'retry', at: secondsLater(17) } },
    });
  });

  it('sends nothing once the attempt is recorded, and returns its record', async () => {
    const { makeAttempt, sent } = await aMaker({ answers: [rejected, accepted] });
    const first = await makeAttempt(aDelivery());
    expect(await makeAttempt(aDelivery())).toEqual({ ...first, kind: 'recorded' });
    expect(sent).toHaveLength(1);
  });

  it('reads the attempt once', async () => {
    const { makeAttempt, reads } = await aMaker();
    await makeAttempt(aDelivery());
    expect(reads).toEqual([attemptIdOf(aDelivery())]);
  });

  it('returns the record of another worker that was faster', async () => {
    const world = await aMaker({ answers: [rejected, accepted] });
    const racing = createMakeAttempt({
      ...world.deps,
      sendMessage: async (request) => {
        await world.makeAttempt(aDelivery());
        return world.deps.sendMessage(request);
      },
    });
    expect(await racing(aDelivery())).toMatchObject({
      kind: 'recorded',
      attempt: { status: 'failed', next: { kind: 'retry', at: secondsLater(5) } },
    });
    expect(world.attempts.all()).toHaveLength(1);
  });

  it('returns its own attempt if the one that was recorded first has expired', async () => {
    const world = await anAttemptWorld();
    const makeAttempt = createMakeAttempt({ ...world.deps, recordAttempt: async () => 'exists' });
    expect(await makeAttempt(aDelivery())).toMatchObject({ kind: 'recorded', attempt: { status: 'succeeded' } });
  });

  it('sends nothing of a message that was expunged while its attempt waited', async () => {
    const { makeAttempt, messages, sent } = await aMaker();
    await messages.expunge(ids.application, ids.message, secondsLater(0));
    expect(await makeAttempt(aDelivery())).toEqual({ kind: 'canceled', reason: 'message_expired' });
    expect(sent).toEqual([]);
  });

  it.each([
    ['a disabled endpoint', { endpoint: { disabled: true } }, 'endpoint_disabled'],
    ['an expired message', { message: { expiresAt: secondsLater(-1) } }, 'message_expired'],
    [
      'an expired message of a disabled endpoint',
      { message: { expiresAt: secondsLater(-1) }, endpoint: { disabled: true } },
      'message_expired',
    ],
  ])('sends nothing for %s, and says why', async (_, given, reason) => {
    const { makeAttempt, sent, attempts, logged, counted } = await aMaker(given);
    expect(await makeAttempt(aDelivery())).toEqual({ kind: 'canceled', reason });
    expect([sent.length, attempts.all().length]).toEqual([0, 0]);
    expect(logged).toEqual([
      {
        level: 'warn',
        event: 'delivery.canceled',
        messageId: ids.message,
        endpointId: ids.endpoint,
        attemptNumber: 1,
        reason,
      },
    ]);
    expect(counted).toEqual({ DeliveriesCanceled: 1 });
  });

  it('sends nothing to an endpoint that was deleted', async () => {
    const { makeAttempt, endpoints, sent } = await aMaker();
    const endpoint = await endpoints.find(ids.application, ids.endpoint);
    if (endpoint) await endpoints.delete(endpoint, secondsLater(0));
    expect(await makeAttempt(aDelivery())).toEqual({ kind: 'canceled', reason: 'endpoint_deleted' });
    expect(sent).toEqual([]);
  });

  it('acts on a recorded attempt even if there is nothing to send any more', async () => {
    const { makeAttempt, attempts } = await aMaker({ endpoint: { disabled: true } });
    const attempt = anAttempt({ attemptId: attemptIdOf(aDelivery()), status: 'failed', responseStatusCode: 410 });
    await attempts.record(attempt);
    expect(await makeAttempt(aDelivery())).toEqual({ kind: 'recorded', attempt });
  });

  it('reads and sends nothing before the end of a deferral, and attempts the same attempt then', async () => {
    const { makeAttempt, reads, sent, attempts, moveTo } = await aMaker();
    const deferred = aDelivery({ notBefore: secondsLater(60) });
    moveTo(secondsLater(59.999));
    expect(await makeAttempt(deferred)).toEqual({ kind: 'not_due', until: secondsLater(60) });
    expect([reads, sent]).toEqual([[], []]);
    moveTo(secondsLater(60));
    expect(await makeAttempt(deferred)).toMatchObject({ kind: 'attempted' });
    expect(attempts.all()).toMatchObject([{ attemptId: attemptIdOf(aDelivery()), attemptNumber: 1 }]);
  });

  it('does not check the planned time: the queue waits for it, and its clock may be ahead', async () => {
    const { makeAttempt } = await aMaker();
    expect(await makeAttempt(aDelivery({ scheduledAt: secondsLater(1) }))).toMatchObject({ kind: 'attempted' });
  });

  it('sends with the credentials of a URL, and does not record them', async () => {
    const url = 'https://user:secret@example.com/a?b=c';
    const { makeAttempt, sent } = await aMaker({ endpoint: { url } });
    expect(await makeAttempt(aDelivery())).toMatchObject({ attempt: { url: 'https://example.com/a?b=c' } });
    expect(sent).toMatchObject([{ endpoint: { url } }]);
  });

  it('throws our own fault, and records no attempt for it', async () => {
    const { makeAttempt, attempts, logged } = await aMaker({ answers: [new TypeError('x is not a function')] });
    await expect(makeAttempt(aDelivery())).rejects.toThrow(new TypeError('x is not a function'));
    expect(attempts.all()).toEqual([]);
    expect(logged).toEqual([]);
  });

  it('sends nothing for an endpoint whose stored URL cannot be recorded', async () => {
    const { makeAttempt, attempts, sent } = await aMaker({ endpoint: { url: 'no url' } });
    await expect(makeAttempt(aDelivery())).rejects.toThrow(new UnusableData('the endpoint has an invalid URL'));
    expect([sent.length, attempts.all().length]).toEqual([0, 0]);
  });

  it('logs one line for an attempt, and counts it', async () => {
    const { makeAttempt, logged, counted } = await aMaker({ answers: [rejected, accepted] });
    await makeAttempt(aDelivery());
    await makeAttempt(aDelivery({ attemptNumber: 2 }));
    await makeAttempt(aDelivery({ attemptNumber: 3 }));
    const line = { level: 'info', event: 'attempt.finished', messageId: ids.message, endpointId: ids.endpoint };
    expect(logged).toEqual([
      { ...line, attemptNumber: 1, outcome: 'rejected', status: 500, durationMs: 6, next: 'retry' },
      { ...line, attemptNumber: 2, outcome: 'accepted', status: 200, durationMs: 5, next: 'done' },
      { ...line, attemptNumber: 3, outcome: 'accepted', status: 200, durationMs: 5, next: 'done' },
    ]);
    expect(counted).toEqual({ AttemptsFailed: 1, AttemptsSucceeded: 2 });
  });
});
