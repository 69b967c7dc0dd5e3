import { PassingError, type RefusedDelivery } from '@posthorn/core';
import { aDelivery, inMemoryDeliveries, startOfTests } from '@posthorn/testing';
import { aSetAsideWorld } from '../fixtures/set-aside-world.ts';
import { createSetAsideWithReceipt } from './set-aside-with-receipt.ts';

function aWorld(put = inMemoryDeliveries().put) {
  const world = aSetAsideWorld();
  const { log, setAside } = world;
  const receipts = createSetAsideWithReceipt(setAside, { storeDelivery: put, clock: () => startOfTests, log });
  const refuse = (queue: RefusedDelivery['queue'], delivery = aDelivery()) =>
    receipts.delivery({ queue, delivery }, 'row has an invalid attribute: url');
  return { ...world, refuse };
}

describe('a delivery that fan-out sets aside', () => {
  it('is stored as failed, however often it is set aside, and its job says so', async () => {
    const deliveries = inMemoryDeliveries();
    const world = aWorld(deliveries.put);
    await world.refuse('standard');
    await world.refuse('standard');
    const delivery = aDelivery({ notBefore: startOfTests });
    expect(world.deliveries.map((one) => one.delivery)).toEqual([delivery, delivery]);
    expect(deliveries.all()).toEqual([{ state: 'failed', reason: 'set_aside', delivery, since: startOfTests }]);
  });

  it('is stored too if it is one to a destination, whose worker looks for it', async () => {
    const deliveries = inMemoryDeliveries();
    const world = aWorld(deliveries.put);
    await world.refuse('fifo');
    expect(world.deliveries.map((one) => one.delivery)).toEqual([aDelivery()]);
    expect(deliveries.all()).toMatchObject([{ reason: 'set_aside', delivery: aDelivery() }]);
  });

  it('leaves no row if it was asked for by hand', async () => {
    const deliveries = inMemoryDeliveries();
    await aWorld(deliveries.put).refuse('standard', aDelivery({ trigger: 'manual' }));
    expect(deliveries.all()).toEqual([]);
  });

  it('is set aside again with its record if its row cannot be stored now', async () => {
    const away = () => Promise.reject(new PassingError('the table is away'));
    await expect(aWorld(away).refuse('standard')).rejects.toThrow('the table is away');
  });
});
