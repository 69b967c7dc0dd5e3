import { BusyError, type Transformed, transformPatienceMs } from '@posthorn/core';
import type { RunResult, Thread } from '@posthorn/threads';
import { threadLimits } from './limits.ts';
import type { ThreadRequest } from './serve-thread.ts';
import { shareThreads } from './share-threads.ts';

const { jest } = import.meta;
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'hrtime'] });
});
afterEach(() => {
  jest.useRealTimers();
});

const webhook = { method: 'POST', url: 'https://example.com/', body: '1', eventType: 'a', headers: {} };
const { longestWaitMs, longestStartMs, longestRunMs } = threadLimits;
type Result = RunResult<Transformed>;
const changed: Result = {
  kind: 'done',
  answer: { kind: 'changed', method: 'POST', url: '', body: '', headers: {} },
};
const aRequest = (applicationId: string, organisationId = 'org_1') => ({
  organisationId,
  applicationId,
  code: applicationId,
  variables: {},
  webhook,
});
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Two threads, on which each run takes so many milliseconds. `runs` has the applications in the order of their runs. */
function aShare(runMs: number, resultOf: (applicationId: string) => Result = () => changed) {
  const runs: string[] = [];
  const aThread = (): Thread<ThreadRequest, Transformed> => ({
    // The code is the name of its application.
    run: async ({ code: applicationId }) => {
      runs.push(applicationId);
      await wait(runMs);
      return resultOf(applicationId);
    },
  });
  return { runs, transform: shareThreads([aThread(), aThread()], longestWaitMs) };
}

it('fits into the time that an attempt has for it', () => {
  expect(longestWaitMs + longestStartMs + longestRunMs).toBe(transformPatienceMs);
});

describe('code that is slow', () => {
  it('is run for all of 1,024 jobs that come back, while another application waits for none of them', async () => {
    const { runs, transform } = aShare(100);
    const receives = new Map<number, number>();
    let longestWait = 0;
    // As the worker does: a job that got no turn comes back after some seconds, more each time.
    const deliver = async (n: number): Promise<void> => {
      for (let received = 1; ; received += 1) {
        receives.set(n, received);
        const since = performance.now();
        try {
          await transform(aRequest('app_slow'));
          return;
        } catch (error) {
          if (!(error instanceof BusyError)) throw error;
          longestWait = Math.max(longestWait, performance.now() - since);
        }
        await wait(1_000 + ((n * 0.618) % 1) * Math.min(5_000 * received, 120_000));
      }
    };
    const all = Promise.all(Array.from({ length: 1_024 }, (_, n) => deliver(n)));
    await jest.advanceTimersByTimeAsync(150);
    const before = runs.length;
    const other = transform(aRequest('app_other', 'org_2'));
    expect(runs.slice(before)).toEqual(['app_other']);
    await jest.advanceTimersByTimeAsync(1_000_000);
    await Promise.all([all, other]);
    expect(runs.filter((one) => one === 'app_slow')).toHaveLength(1_024);
    expect(longestWait).toBe(longestWaitMs);
    // Nothing is set aside for it: a job of our own faults would be at the thirtieth receive, and a queue's at the 1,000th.
    expect(Math.max(...receives.values())).toBeLessThan(30);
  });
});

describe('code that does not end', () => {
  const { kind, reason } = { kind: 'failed', reason: expect.stringContaining('did not end') };

  it('is not run for what waits behind it, nor for a minute', async () => {
    const { runs, transform } = aShare(1_000, () => ({ kind: 'stuck' }));
    const all = Promise.all(Array.from({ length: 100 }, () => transform(aRequest('app_1'))));
    await jest.advanceTimersByTimeAsync(1_000);
    for (const result of await all) expect(result).toMatchObject({ kind, reason });
    expect(await transform(aRequest('app_1'))).toMatchObject({ kind, reason });
    expect(runs).toEqual(['app_1']);
    await jest.advanceTimersByTimeAsync(60_000);
    const again = transform(aRequest('app_1'));
    await jest.advanceTimersByTimeAsync(1_000);
    await again;
    expect(runs).toHaveLength(2);
  });

  it('keeps another organisation waiting for one more run, however many applications have such code', async () => {
    const { runs, transform } = aShare(1_000, () => ({ kind: 'stuck' }));
    const hostile = Array.from({ length: 50 }, (_, n) => transform(aRequest(`app_${n}`)).catch(() => undefined));
    const other = transform(aRequest('app_other', 'org_2'));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(runs.slice(0, 4)).toEqual(['app_0', 'app_1', 'app_2', 'app_other']);
    await jest.advanceTimersByTimeAsync(60_000);
    await Promise.all([...hostile, other]);
  });
});
