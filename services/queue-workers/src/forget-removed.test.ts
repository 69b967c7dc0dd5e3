import type { StoredDelivery } from '@posthorn/core';
import { aStoredDelivery, inMemoryDeliveries } from '@posthorn/testing';
import { forgetRemoved } from './forget-removed.ts';

const canceled = (reason: 'endpoint_deleted' | 'endpoint_disabled'): StoredDelivery =>
  aStoredDelivery({ state: 'canceled', reason });
const setAside = aStoredDelivery({ state: 'failed', reason: 'set_aside' });

it('stores nothing of a delivery that ends because its application was deleted', async () => {
  const deliveries = inMemoryDeliveries();
  const { put } = forgetRemoved(deliveries, async () => false);
  expect([await put(canceled('endpoint_deleted')), await put(setAside)]).toEqual(['same', 'same']);
  expect(deliveries.all()).toEqual([]);
});

it('stores that a delivery ended whose endpoint alone was deleted', async () => {
  const deliveries = inMemoryDeliveries();
  const { put } = forgetRemoved(deliveries, async () => true);
  await put(canceled('endpoint_deleted'));
  expect(deliveries.all()).toEqual([canceled('endpoint_deleted')]);
});

it('asks for the application only if its endpoint was deleted', async () => {
  const deliveries = inMemoryDeliveries();
  const { put } = forgetRemoved(deliveries, () => Promise.reject(new Error('a read too many')));
  await put(canceled('endpoint_disabled'));
  expect(deliveries.all()).toEqual([canceled('endpoint_disabled')]);
});
