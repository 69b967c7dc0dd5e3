import { attemptIdOf, type Delivery, type DeliveryStatus, type EndpointTask, timeOfId } from '@posthorn/core';
import { anAttempt, anEndpoint, aStoredDelivery, aTask, ids, nthId, secondsLater } from '@posthorn/testing';
import { aSliceJob, aTaskWorld, attemptsOf, runToEnd, setBack } from '../fixtures/a-task-world.ts';

const createdAt = secondsLater(200_000);
const window = { since: secondsLater(10), until: secondsLater(100_000) };
const aRecovery = (overrides: Partial<EndpointTask> = {}) =>
  aTask({ work: { kind: 'endpoint.recover', ...window }, createdAt, ...overrides });
const failed = { state: 'failed', reason: 'exhausted' } as const;
const canceled = { state: 'canceled', reason: 'endpoint_disabled' } as const;
const hasTime = () => true;

/** The nth message's delivery, in this state since an hour before the task. */
const stored = (n: number, status: DeliveryStatus, overrides: Partial<Delivery> = {}) =>
  aStoredDelivery(
    status,
    { messageId: nthId('message', n), attemptNumber: 8, ...overrides },
    { since: secondsLater(196_400) },
  );

async function aWorld(...deliveries: ReturnType<typeof stored>[]) {
  const world = aTaskWorld(secondsLater(200_001));
  await world.endpoints.insert(anEndpoint());
  for (const one of deliveries) await world.deliveries.put(one);
  await world.tasks.insert(aRecovery());
  return world;
}

describe('recovering', () => {
  it('begins failed and canceled deliveries again after their last attempt, the oldest message first', async () => {
    const world = await aWorld(
      stored(12, failed),
      stored(11, canceled, { attemptNumber: 1 }),
      stored(13, { state: 'failed', reason: 'gone' }),
      stored(14, { state: 'failed', reason: 'aborted' }),
    );
    expect(await runToEnd(world, aRecovery())).toMatchObject({ status: 'finished', sent: 4, skipped: 0 });
    expect(world.sent).toEqual(
      [11, 12, 13, 14].map((n) => ({
        organisationId: ids.organisation,
        applicationId: ids.application,
        messageId: nthId('message', n),
        endpointId: ids.endpoint,
        attemptNumber: n === 11 ? 2 : 9,
        retriesFrom: n === 11 ? 2 : 9,
        ...(n === 11 && { isUntried: true }),
        scheduledAt: createdAt,
        trigger: 'scheduled',
      })),
    );
  });

  it('knows which of them were never tried', async () => {
    const setAside = { state: 'failed', reason: 'set_aside' } as const;
    const untried = { attemptNumber: 2, retriesFrom: 2, isUntried: true } as const;
    const world = await aWorld(
      stored(11, failed, { attemptNumber: 1 }),
      stored(12, setAside, { attemptNumber: 1 }),
      stored(13, canceled, { attemptNumber: 2 }),
      stored(14, canceled, untried),
      stored(15, failed, untried),
    );
    await runToEnd(world, aRecovery());
    expect(world.sent.map(({ isUntried = false }) => isUntried)).toEqual([false, true, false, true, false]);
  });

  it('leaves what waits, what has expired, what is outside of its time, and what ended after it was started', async () => {
    const world = await aWorld(
      stored(9, failed),
      stored(11, { state: 'planned', reason: 'retry' }),
      stored(12, { state: 'held', reason: 'endpoint-failing' }),
      stored(13, { state: 'canceled', reason: 'message_expired' }),
      { ...stored(14, failed), since: createdAt },
      stored(15, failed, { endpointId: nthId('endpoint', 2) }),
      stored(100_001, failed),
    );
    expect(await runToEnd(world, aRecovery())).toMatchObject({ status: 'finished', sent: 0, skipped: 2 });
  });

  it('leaves what was accepted after all by a copy of its job, and removes the row', async () => {
    const accepted = stored(11, canceled, { attemptNumber: 1 });
    const refused = stored(12, { state: 'failed', reason: 'set_aside' }, { attemptNumber: 1 });
    const world = await aWorld(accepted, refused);
    for (const [{ delivery }, status] of [[accepted, 'succeeded'] as const, [refused, 'failed'] as const]) {
      const { messageId } = delivery;
      await world.attempts.record(anAttempt({ messageId, attemptId: attemptIdOf(delivery), status }));
    }
    expect(await runToEnd(world, aRecovery())).toMatchObject({ sent: 1, skipped: 1 });
    expect(world.sent).toMatchObject([{ messageId: nthId('message', 12) }]);
    expect(world.deliveries.all().map(({ delivery: { messageId } }) => messageId)).toEqual([nthId('message', 12)]);
  });

  it('finds each delivery once in lists of any length', async () => {
    const deliveries = Array.from({ length: 700 }, (_, n) =>
      stored(11 + n, n % 3 === 0 || n > 500 ? failed : canceled),
    );
    const world = await aWorld(...deliveries);
    expect(await runToEnd(world, aRecovery())).toMatchObject({ sent: 700 });
    expect(world.sent.map(({ messageId }) => messageId)).toEqual(
      deliveries.map(({ delivery }) => delivery.messageId).toSorted(),
    );
  });

  it('sends nothing twice if its slice is run again after its deliveries have succeeded, failed, or wait', async () => {
    const world = await aWorld(...Array.from({ length: 150 }, (_, n) => stored(11 + n, failed)));
    const job = aSliceJob(aRecovery());
    await world.run([job], hasTime);
    const attempts = attemptsOf(world.sent);
    // What the workers store for the deliveries that the slice has sent, before it is run again.
    for (const [index, delivery] of world.sent.entries()) {
      if (index % 3 === 0) await world.deliveries.delete(delivery);
      else {
        const next = { ...delivery, attemptNumber: delivery.attemptNumber + 1 };
        const status: DeliveryStatus = index % 3 === 1 ? failed : { state: 'planned', reason: 'retry' };
        await world.deliveries.put({ ...status, delivery: next, since: secondsLater(200_100) });
      }
    }
    await setBack(world, aRecovery());
    await world.run([job], hasTime);
    expect(attemptsOf(world.sent)).toEqual(attempts);
  });

  it('gives attempts of another task other ids', async () => {
    const world = await aWorld(stored(11, failed));
    const other = aRecovery({ taskId: nthId('task', 1), createdAt: secondsLater(200_000.5) });
    await world.tasks.insert(other);
    await runToEnd(world, aRecovery());
    await world.deliveries.put(stored(11, failed, { attemptNumber: 9 }));
    await runToEnd(world, other);
    expect(attemptsOf(world.sent).size).toBe(2);
  });

  it('begins nothing that another task has begun, and that was not attempted since', async () => {
    const world = await aWorld(stored(11, failed), stored(12, canceled, { attemptNumber: 1 }));
    const other = aRecovery({ taskId: nthId('task', 1), createdAt: secondsLater(200_000.5) });
    await world.tasks.insert(other);
    await runToEnd(world, aRecovery());
    expect(await runToEnd(world, other)).toMatchObject({ status: 'finished', sent: 0 });
    expect(world.sent).toHaveLength(2);
    expect(await world.deliveries.find(world.sent[0] ?? { endpointId: '', messageId: '' })).toMatchObject({
      state: 'planned',
      delivery: { attemptNumber: 9 },
    });
  });

  it('sends nothing that a late copy of its first job has stored as canceled, and deletes that row', async () => {
    const late = stored(11, canceled, { attemptNumber: 1 });
    const world = await aWorld(late);
    const { endpointId, messageId } = late.delivery;
    await world.attempts.record(anAttempt({ endpointId, messageId, attemptId: attemptIdOf(late.delivery) }));
    expect(await runToEnd(world, aRecovery())).toMatchObject({ status: 'finished', sent: 0 });
    expect(await world.deliveries.find({ endpointId, messageId })).toBeUndefined();
  });

  it('sends to a destination beside its groups', async () => {
    const world = await aWorld(stored(11, failed));
    await world.endpoints.update(anEndpoint({ order: { onExhausted: 'skip' } }), anEndpoint());
    await runToEnd(world, aRecovery());
    expect([world.sent.length, world.groups]).toEqual([1, []]);
  });

  it('says how far it is by the time of the last message', async () => {
    const world = await aWorld(stored(11, failed), stored(500, failed));
    const { cursor = '' } = await runToEnd(world, aRecovery());
    expect(timeOfId(cursor)).toEqual(secondsLater(500));
  });
});
