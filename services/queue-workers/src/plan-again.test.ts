import { markedAsStored, unplacedGroupOf } from '@posthorn/core';
import { aDelivery, ids, nthId } from '@posthorn/testing';
import { aGroupWorld } from './fixtures/a-group-world.ts';
import { aStandardWorker } from './fixtures/a-standard-worker.ts';

const head = (n: number) => nthId('message', n);
const unplaced = unplacedGroupOf({ endpointId: ids.endpoint });

describe('a delivery that was set aside before its group was known, and is put back', () => {
  it('goes into its group, in order, and is not attempted beside it', async () => {
    const world = await aGroupWorld();
    for (const n of [1, 2]) await world.accept(n, unplaced);
    await world.receive();
    expect(world.sentNumbers()).toEqual([]);
    expect(world.queue().map(({ group }) => group?.startsWith(`${ids.endpoint}_`))).toEqual([true, true]);
    await world.settle();
    expect(world.sentNumbers()).toEqual([1, 2]);
  });

  it('goes to the standard queue if its endpoint is no destination, and is stored there until it succeeds', async () => {
    const world = await aGroupWorld();
    const [endpoint] = world.endpoints.all();
    if (endpoint) {
      const { order: _, ...withoutOrder } = endpoint;
      await world.endpoints.update(withoutOrder, endpoint);
    }
    await world.accept(1, unplaced);
    await world.receive();
    expect(world.standard).toEqual([markedAsStored(aDelivery({ messageId: head(1) }), world.clock())]);
    expect(world.queue()).toEqual([]);
  });

  it('is set aside again if its message still cannot be read', async () => {
    const world = await aGroupWorld({ unreadableMessage: head(1) });
    for (const n of [1, 2]) await world.accept(n, unplaced);
    await world.settle();
    expect(world.dead).toMatchObject([{ reason: 'row has an invalid attribute: body' }]);
    expect(world.sentNumbers()).toEqual([2]);
  });

  it('ends if its endpoint was deleted', async () => {
    const world = await aGroupWorld();
    await world.accept(1, unplaced);
    for (const endpoint of world.endpoints.all()) await world.endpoints.delete(endpoint, world.clock());
    await world.settle();
    expect(world.deliveries.all()).toMatchObject([{ state: 'canceled', reason: 'endpoint_deleted' }]);
  });
});

describe('a delivery that was set aside, and whose message has expired', () => {
  it('ends when it is put back', async () => {
    const world = await aGroupWorld();
    await world.deps.planAgain(aDelivery({ messageId: head(4) }));
    expect(world.deliveries.all()).toMatchObject([{ state: 'canceled', reason: 'message_expired' }]);
  });
});

describe('a delivery to a destination that comes on the standard queue', () => {
  const order = { onExhausted: 'block' } as const;

  it('is sent into its group', async () => {
    const { deliver, inGroup, sent, attempts } = await aStandardWorker({ endpoint: { order } });
    expect(await deliver(aDelivery())).toBe('done');
    expect(inGroup).toEqual([aDelivery()]);
    expect([sent, attempts.all()]).toEqual([[], []]);
  });

  it.each([
    ['someone asked for', aDelivery({ trigger: 'manual', attemptId: nthId('attempt', 9) })],
    ['a task has begun again', aDelivery({ attemptNumber: 5, retriesFrom: 5 })],
  ])('is made there if %s it', async (_, delivery) => {
    const { deliver, inGroup, sent } = await aStandardWorker({ endpoint: { order } });
    await deliver(delivery);
    expect(inGroup).toEqual([]);
    expect(sent).toHaveLength(1);
  });
});
