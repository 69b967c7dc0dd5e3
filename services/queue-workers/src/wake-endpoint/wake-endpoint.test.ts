import { type Recovery, runRecovery } from '../fixtures/a-recovering-endpoint.ts';

const held = 20;
const arrivals = [10, 29.9, 30, 30.1, 33, 36, 41, 60, 200];
const count = held + arrivals.length;
const recovery: Recovery = { held, arrivals, deadSeconds: 20 };

describe('held deliveries', () => {
  it('are drained after a probe that succeeds, at a rising rate, and the breaker closes', async () => {
    const { delivered, failedAttempts, unrecorded, stored, breaker } = await runRecovery(recovery);
    expect(delivered.size).toBe(count);
    expect([failedAttempts, unrecorded]).toEqual([0, 0]);
    expect([stored, breaker]).toEqual([[], undefined]);
  });

  it('cost one request for each probe while the endpoint stays dead', async () => {
    // Probes after 30 s, 90 s, 210 s, 450 s and 930 s.
    const { delivered, failedAttempts, stored, breaker } = await runRecovery({ ...recovery, deadSeconds: 900 });
    expect([delivered.size, failedAttempts]).toEqual([count, 4]);
    expect([stored, breaker]).toEqual([[], undefined]);
  });

  it('need no wake: without any, the next delivery is the probe', async () => {
    const { delivered, stored, breaker } = await runRecovery({ held: 0, arrivals: [300, 301, 400], deadSeconds: 20 });
    expect([delivered.size, stored, breaker]).toEqual([3, [], undefined]);
  });

  it.each([1.5, 30, 59])('are all found although the index is %d s behind', async (lagSeconds) => {
    const { delivered, stored, breaker } = await runRecovery({ ...recovery, lagSeconds });
    expect([delivered.size, stored, breaker]).toEqual([count, [], undefined]);
  });

  it('end as canceled, with the reason, if the endpoint is disabled', async () => {
    const { delivered, stored } = await runRecovery({ ...recovery, deadSeconds: 900, disabledAfter: 25 });
    expect(delivered.size).toBe(0);
    expect(stored).toHaveLength(count);
    for (const one of stored) expect(one).toMatchObject({ state: 'canceled', reason: 'endpoint_disabled' });
  });
});

describe('a worker that dies at any effect', () => {
  it.each([
    ['of a recovery', recovery],
    ['of a recovery with probes that fail', { ...recovery, deadSeconds: 100 }],
    ['of a recovery with an index that is behind', { ...recovery, lagSeconds: 3 }],
    ['while the endpoint is disabled', { ...recovery, deadSeconds: 900, disabledAfter: 25 }],
  ] as const)(
    'leaves no delivery behind, and sends at most one request again: %s',
    async (_, setup) => {
      const { effects, delivered: all, stored: left } = await runRecovery(setup);
      for (let effect = 1; effect <= effects; effect += 1)
        for (const when of ['before', 'after'] as const) {
          const end = await runRecovery({ ...setup, crash: { effect, when } });
          expect({ effect, when, delivered: end.delivered.size, left: end.stored.length }).toEqual({
            effect,
            when,
            delivered: all.size,
            left: left.length,
          });
          expect(end.unrecorded).toBeLessThanOrEqual(1);
          if (setup.deadSeconds < 900) expect(end.breaker).toBeUndefined();
        }
    },
    60_000,
  );
});
