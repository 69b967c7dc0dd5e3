import { aDelivery, anAttempt, anEndpoint, ids, nthId, secondsLater } from '@posthorn/testing';
import { createAttemptRepository } from './attempts.ts';
import { createTestStore } from './test-store.ts';
import { createListWaitingRetries } from './waiting-retries.ts';

const aFailure = (n: number, nextSeconds: number, overrides: Parameters<typeof anAttempt>[0] = {}) =>
  anAttempt({
    attemptId: nthId('attempt', n),
    messageId: nthId('message', n),
    status: 'failed',
    attemptNumber: 3,
    next: { kind: 'retry', at: secondsLater(nextSeconds) },
    ...overrides,
  });

async function aStoreWith(...attempts: readonly ReturnType<typeof anAttempt>[]) {
  const store = await createTestStore('attempts');
  for (const attempt of attempts) await createAttemptRepository(store).record(attempt);
  return store;
}

it('lists the retries of an endpoint that are planned for later', async () => {
  const store = await aStoreWith(
    aFailure(1, 7_200),
    aFailure(2, 100),
    aFailure(3, 7_200, { endpointId: nthId('endpoint', 1) }),
    anAttempt({ attemptId: nthId('attempt', 4) }),
    anAttempt({ attemptId: nthId('attempt', 5), status: 'failed' }),
  );
  const { retries, isComplete } = await createListWaitingRetries(store)(anEndpoint(), secondsLater(600));
  expect(isComplete).toBe(true);
  expect(retries).toEqual([
    {
      failedAt: secondsLater(1),
      delivery: aDelivery({ messageId: nthId('message', 1), attemptNumber: 4, scheduledAt: secondsLater(7_200) }),
    },
  ]);
});

it('reads a limited number of attempts, and says so', async () => {
  const store = await aStoreWith(...Array.from({ length: 60 }, (_, n) => aFailure(n, 7_200)));
  const list = createListWaitingRetries({ ...store, maxRowsRead: 16 });
  const { retries, isComplete } = await list({ endpointId: ids.endpoint }, secondsLater(600));
  expect(isComplete).toBe(false);
  expect(retries.length).toBeGreaterThan(0);
  expect(retries.length).toBeLessThanOrEqual(16);
});
