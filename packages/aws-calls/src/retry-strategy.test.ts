import { createRetryStrategy, retryPauseMs } from './retry-strategy.ts';

/** Counts the tries of a call that always fails with this type of error. There are no pauses. */
async function countTries(errorType: 'THROTTLING' | 'TRANSIENT' | 'CLIENT_ERROR'): Promise<number> {
  const strategy = createRetryStrategy(() => 0);
  let token = await strategy.acquireInitialRetryToken('');
  for (let tries = 1; ; tries += 1) {
    const next = await strategy.refreshRetryTokenForRetry(token, { errorType }).catch(() => undefined);
    if (next === undefined) return tries;
    token = next;
  }
}

it('pauses longer after each try, for a second at most', () => {
  expect([1, 2, 3, 4, 5, 6, 7].map((tries) => retryPauseMs(tries, 1))).toEqual([
    100, 200, 400, 800, 1_000, 1_000, 1_000,
  ]);
  expect(retryPauseMs(3, 0.5)).toBe(200);
});

it('tries 8 times after throttles and outages, and once when AWS refuses the request', async () => {
  expect(await countTries('THROTTLING')).toBe(8);
  expect(await countTries('TRANSIENT')).toBe(8);
  expect(await countTries('CLIENT_ERROR')).toBe(1);
});
