import { attemptIdOf } from '@posthorn/core';
import { aDelivery, ids, secondsLater } from '@posthorn/testing';
import { accepted, anAttemptWorld, gone, rejected } from '../fixtures/attempt-world.ts';
import { createMakeAttempt } from './make-attempt.ts';

describe('makeAttempt', () => {
  it('sends the message and records what came back', async () => {
    const { makeAttempt, attempts, sent } = await anAttemptWorld();
    const attempt = await makeAttempt(aDelivery());
    expect(sent).toHaveLength(1);
    expect(attempt).toMatchObject({
      attemptId: attemptIdOf(aDelivery()),
      status: 'succeeded',
      responseStatusCode: 200,
      response: 'ok',
      trigger: 'scheduled',
    });
    expect(attempts.all()).toEqual([attempt]);
  });

  it('sends nothing once the attempt is recorded', async () => {
    const { makeAttempt, sent } = await anAttemptWorld();
    const first = await makeAttempt(aDelivery());
    expect(await makeAttempt(aDelivery())).toEqual(first);
    expect(sent).toHaveLength(1);
  });

  it('plans the next attempt of a failed one', async () => {
    const { makeAttempt } = await anAttemptWorld({ answers: [rejected] });
    expect(await makeAttempt(aDelivery())).toMatchObject({ status: 'failed', nextAttemptAt: secondsLater(5) });
  });

  it('plans none after the last, nor after a manual one', async () => {
    const { makeAttempt } = await anAttemptWorld({ answers: [rejected] });
    expect(await makeAttempt(aDelivery({ attemptNumber: 4 }))).not.toHaveProperty('nextAttemptAt');
    const manual = aDelivery({ trigger: 'manual', attemptId: ids.attempt });
    expect(await makeAttempt(manual)).not.toHaveProperty('nextAttemptAt');
  });

  it('disables an endpoint that is gone, also when it died before it had', async () => {
    const world = await anAttemptWorld({ answers: [gone] });
    const dying = createMakeAttempt({ ...world.deps, disableEndpoint: () => Promise.reject(new Error('died')) });
    await expect(dying(aDelivery())).rejects.toThrow('died');
    await world.makeAttempt(aDelivery());
    expect(world.sent).toHaveLength(1);
    expect((await world.endpoints.find(ids.application, ids.endpoint))?.disabled).toBe(true);
  });

  it('takes the record of another worker that was faster', async () => {
    const world = await anAttemptWorld({ answers: [rejected, accepted] });
    const racing = createMakeAttempt({
      ...world.deps,
      sendMessage: async (request) => {
        await world.makeAttempt(aDelivery());
        return world.deps.sendMessage(request);
      },
    });
    expect(await racing(aDelivery())).toMatchObject({ status: 'failed', nextAttemptAt: secondsLater(5) });
    expect(world.attempts.all()).toHaveLength(1);
  });

  it.each([
    ['a disabled endpoint', { endpoint: { disabled: true } }],
    ['an expired message', { message: { expiresAt: secondsLater(-1) } }],
  ])('sends nothing for %s', async (_, given) => {
    const { makeAttempt, sent, attempts } = await anAttemptWorld(given);
    expect(await makeAttempt(aDelivery())).toBeUndefined();
    expect([sent.length, attempts.all().length]).toEqual([0, 0]);
  });

  it('sends nothing to an endpoint that was deleted', async () => {
    const { makeAttempt, endpoints, sent } = await anAttemptWorld();
    const endpoint = await endpoints.find(ids.application, ids.endpoint);
    if (endpoint) await endpoints.delete(endpoint);
    expect(await makeAttempt(aDelivery())).toBeUndefined();
    expect(sent).toEqual([]);
  });

  it('keeps no credentials of a URL in the record', async () => {
    const { makeAttempt } = await anAttemptWorld({ endpoint: { url: 'https://user:secret@example.com/a?b=c' } });
    expect(await makeAttempt(aDelivery())).toMatchObject({ url: 'https://example.com/a?b=c' });
  });
});
