import { attemptIdOf, firstDeliveryOf } from '@posthorn/core';
import {
  aMessage,
  anAttempt,
  aStoredDelivery,
  ids,
  inMemoryAttempts,
  inMemoryDeliveries,
  nthId,
  secondsLater,
} from '@posthorn/testing';
import { createIsAccountedFor } from './is-accounted-for.ts';

const message = aMessage();
const endpoint = { endpointId: ids.endpoint };
const destination = { ...endpoint, order: { onExhausted: 'block' } } as const;

function aWorld() {
  const attempts = inMemoryAttempts();
  const deliveries = inMemoryDeliveries();
  const isAccountedFor = createIsAccountedFor({
    findAttempt: attempts.find,
    listAttempts: attempts.listByMessage,
    deliveries,
    clock: () => secondsLater(3_600),
  });
  return { attempts, deliveries, isAccountedFor };
}

describe('a message at an endpoint', () => {
  it('is not accounted for without attempt and row', async () => {
    const { isAccountedFor, attempts } = aWorld();
    await attempts.record(anAttempt({ endpointId: nthId('endpoint', 1) }));
    expect(await isAccountedFor(message, endpoint)).toBe(false);
    expect(await isAccountedFor(message, destination)).toBe(false);
  });

  it('is accounted for by its first attempt', async () => {
    const { isAccountedFor, attempts } = aWorld();
    const attemptId = attemptIdOf(firstDeliveryOf(message, ids.endpoint));
    await attempts.record(anAttempt({ attemptId, status: 'failed' }));
    expect(await isAccountedFor(message, endpoint)).toBe(true);
  });

  it('is accounted for by an attempt that was asked for by hand', async () => {
    const { isAccountedFor, attempts } = aWorld();
    await attempts.record(anAttempt({ attemptId: nthId('attempt', 7), trigger: 'manual' }));
    expect(await isAccountedFor(message, endpoint)).toBe(true);
  });

  it('is accounted for if it waits or was canceled', async () => {
    const { isAccountedFor, deliveries } = aWorld();
    await deliveries.put(aStoredDelivery({ state: 'canceled', reason: 'endpoint_disabled' }));
    expect(await isAccountedFor(message, endpoint)).toBe(true);
  });

  it('is accounted for if it is parked behind others of its group', async () => {
    const { isAccountedFor, deliveries } = aWorld();
    const place = { group: 'g', sequence: '1'.padStart(20, '0') };
    await deliveries.put(aStoredDelivery({ state: 'parked', reason: 'behind' }, {}, { place }));
    expect(await isAccountedFor(message, destination)).toBe(true);
    expect(await isAccountedFor(aMessage({ messageId: nthId('message', 1) }), destination)).toBe(false);
  });
});
