import { attemptIdOf, type BulkReplayFilters, firstDeliveryOf, type Message } from '@posthorn/core';
import { aMessage, anAttempt, anEndpoint, aStoredDelivery, aTask, ids, nthId, secondsLater } from '@posthorn/testing';
import { aSliceJob, aTaskWorld, attemptsOf, runToEnd, setBack } from '../fixtures/a-task-world.ts';

const createdAt = secondsLater(200_000);
const aBulkReplay = (filters: BulkReplayFilters = {}) =>
  aTask({
    createdAt,
    work: { kind: 'endpoint.bulk-replay', since: secondsLater(0), until: secondsLater(100_000), filters },
  });
const message = (n: number, overrides: Partial<Message> = {}) =>
  aMessage({ messageId: nthId('message', n), ...overrides });

/** Messages that succeeded (0), failed (1), are sent (2), wait untried (3), were canceled (4), and were never sent (5). */
async function aWorld(filters?: BulkReplayFilters) {
  const world = aTaskWorld(secondsLater(200_001));
  await world.endpoints.insert(anEndpoint());
  const labels: readonly Partial<Message>[] = [{ tags: ['red'] }, { channels: ['c'] }, { eventType: 'other' }];
  for (let n = 0; n <= 5; n += 1) await world.messages.insert(message(n, labels[n]));
  const attempt = (n: number, code: number) =>
    world.attempts.record(
      anAttempt({
        messageId: message(n).messageId,
        attemptId: attemptIdOf(firstDeliveryOf(message(n), ids.endpoint)),
        responseStatusCode: code,
        ...(code !== 200 && { status: 'failed', next: { kind: 'retry', at: secondsLater(9) } }),
      }),
    );
  await attempt(0, 200);
  await attempt(1, 500);
  await attempt(2, 0);
  const since = secondsLater(100);
  const at = (n: number, attemptNumber: number) => ({ messageId: message(n).messageId, attemptNumber });
  await world.deliveries.put(aStoredDelivery({ state: 'failed', reason: 'exhausted' }, at(1, 8), { since }));
  await world.deliveries.put(aStoredDelivery({ state: 'planned', reason: 'retry' }, at(2, 2), { since }));
  await world.deliveries.put(aStoredDelivery({ state: 'held', reason: 'endpoint-failing' }, at(3, 1), { since }));
  await world.deliveries.put(aStoredDelivery({ state: 'canceled', reason: 'endpoint_disabled' }, at(4, 1), { since }));
  await world.tasks.insert(aBulkReplay(filters));
  return world;
}

const numberOf = new Map(Array.from({ length: 6 }, (_, n) => [message(n).messageId, n]));

describe('bulk replay', () => {
  it.each<[BulkReplayFilters, readonly number[]]>([
    [{}, [0, 1, 4]],
    [{ status: 'success' }, [0]],
    [{ status: 'fail' }, [1]],
    [{ status: 'sending' }, [2]],
    [{ status: 'pending' }, [3]],
    [{ status: 'canceled' }, [4]],
    [{ tag: 'red' }, [0]],
    [{ channel: 'c' }, [1]],
    [{ eventTypes: ['invoice.paid'] }, [0, 1, 4]],
    [{ eventTypes: ['other'] }, []],
    [{ eventTypes: ['other'], status: 'sending' }, [2]],
    [{ statusCodeClass: 200 }, [0]],
    [{ statusCodeClass: 500 }, [1]],
    [{ statusCodeClass: 0, status: 'sending' }, [2]],
    [{ status: 'success', statusCodeClass: 500 }, []],
  ])('with the filters %j sends the messages %j', async (filters, expected) => {
    const world = await aWorld(filters);
    expect(await runToEnd(world, aBulkReplay())).toMatchObject({ status: 'finished', sent: expected.length });
    expect(world.sent.map(({ messageId }) => numberOf.get(messageId))).toEqual(expected);
  });

  it('sends nothing of a message that was expunged', async () => {
    const world = await aWorld();
    await world.messages.expunge(ids.application, message(1).messageId, secondsLater(1_000));
    expect(await runToEnd(world, aBulkReplay())).toMatchObject({ status: 'finished', sent: 2, skipped: 4 });
    expect(world.sent.map(({ messageId }) => numberOf.get(messageId))).toEqual([0, 4]);
  });

  it('begins what has ended again with retries, and makes one attempt beside what goes on', async () => {
    const world = await aWorld({ status: 'success' });
    await runToEnd(world, aBulkReplay());
    expect(world.sent).toMatchObject([
      { attemptNumber: 2, retriesFrom: 2, trigger: 'scheduled', scheduledAt: createdAt },
    ]);
    const open = await aWorld({ status: 'sending' });
    await runToEnd(open, aBulkReplay());
    expect(open.sent).toMatchObject([
      { attemptNumber: 1, trigger: 'manual', attemptId: expect.stringMatching(/^atmpt_/) },
    ]);
  });

  it.each<BulkReplayFilters>([{}, { status: 'fail' }])(
    'leaves the head that blocks a group to it: %j',
    async (filters) => {
      const world = await aWorld(filters);
      await world.endpoints.update(anEndpoint({ order: { onExhausted: 'block' } }), anEndpoint());
      const head = message(1);
      await world.deliveries.delete({ endpointId: ids.endpoint, messageId: head.messageId });
      const attemptId = nthId('attempt', 1);
      const next = { kind: 'exhausted' } as const;
      await world.attempts.record(anAttempt({ messageId: head.messageId, attemptId, status: 'failed', next }));
      await runToEnd(world, aBulkReplay());
      expect(world.sent.map(({ messageId }) => messageId)).not.toContain(head.messageId);
    },
  );

  it('sends nothing twice if its slice is run again after its attempts were made', async () => {
    const world = await aWorld();
    await world.run([aSliceJob(aBulkReplay())], () => true);
    const attempts = attemptsOf(world.sent);
    for (const { messageId, attemptNumber, ...delivery } of world.sent) {
      const attemptId = attemptIdOf({ ...delivery, messageId, attemptNumber });
      await world.attempts.record(anAttempt({ messageId, attemptNumber, attemptId }));
      await world.deliveries.delete({ endpointId: ids.endpoint, messageId });
    }
    await setBack(world, aBulkReplay());
    await world.run([aSliceJob(aBulkReplay())], () => true);
    expect(attemptsOf(world.sent)).toEqual(attempts);
  });
});
