import { Worker } from 'node:worker_threads';
import type { TransformRequest } from '@posthorn/core';
import { patientLimits } from '@posthorn/threads/testing/patient-limits';
import { createTransform } from './create-transform.ts';
import { threadLimits } from './limits.ts';
import { threadOptions } from './thread-data.ts';

const threads: Worker[] = [];
const start = (path: string): Worker => {
  const thread = new Worker(new URL(path, import.meta.url), threadOptions);
  threads.push(thread);
  return thread;
};
const startThread = () => start('./thread.ts');
const startWithoutClock = () => start('./testing/thread-without-clock.ts');
const limits = patientLimits;
beforeEach(() => {
  threads.length = 0;
});
afterEach(() => Promise.all(threads.map((thread) => thread.terminate())));

const webhook = { method: 'POST', url: 'https://example.com/', body: '{"n":1}', eventType: 'a', headers: {} };
const aRequest = (applicationId: string, code: string): TransformRequest => ({
  organisationId: 'org_1',
  applicationId,
  code,
  variables: {},
  webhook,
});
const same = 'function handler(webhook) { return webhook }';
const endless = 'function handler() { for (;;); }';

describe('tenants on threads', () => {
  it('starts no thread before there is code to run', async () => {
    const transform = createTransform(startWithoutClock, { limits });
    expect(threads).toHaveLength(0);
    expect(await transform(aRequest('app_1', same))).toMatchObject({ kind: 'changed', body: '{"n":1}' });
    expect(threads).toHaveLength(1);
  });

  it('lets others run beside one whose code uses up its limits', async () => {
    const transform = createTransform(startThread, { limits });
    await Promise.all([transform(aRequest('app_1', same)), transform(aRequest('app_2', same))]);
    const order: string[] = [];
    const hostile = Array.from({ length: 10 }, () =>
      transform(aRequest('app_hostile', endless)).then(() => order.push('hostile')),
    );
    const quiet = Array.from({ length: 5 }, () =>
      transform(aRequest('app_quiet', same)).then(() => order.push('quiet')),
    );
    await Promise.all([...hostile, ...quiet]);
    // All of the quiet one have ended before the hostile one has used up more than a few of its turns.
    const lastQuiet = order.lastIndexOf('quiet');
    expect(order.slice(0, lastQuiet).filter((one) => one === 'hostile').length).toBeLessThan(5);
  });

  it('ends a thread that is stuck inside of the sandbox, and pauses the code of its application', async () => {
    let now = 0;
    // A thread that gets little CPU is given more time.
    const transform = createTransform(startThread, {
      limits: { ...limits, maxCpuMs: threadLimits.maxCpuMs },
      now: () => now,
    });
    const stuck = 'function handler() { [].indexOf.call({ length: 2 ** 53 - 1 }, 1); }';
    const ended = { kind: 'failed', reason: expect.stringMatching(/did not end|more than 100 ms of CPU/) };
    expect(await transform(aRequest('app_1', stuck))).toMatchObject(ended);
    expect(await transform(aRequest('app_2', same))).toMatchObject({ kind: 'changed' });
    now = 60_000;
    expect(await transform(aRequest('app_1', same))).toMatchObject({ kind: 'changed' });
  });

  it('goes on with a new thread after one that ended', async () => {
    const transform = createTransform(startWithoutClock, { limits });
    await transform(aRequest('app_1', same));
    const running = transform(aRequest('app_1', endless));
    await threads[0]?.terminate();
    await expect(running).rejects.toThrow('the thread ended');
    expect(await transform(aRequest('app_1', same))).toMatchObject({ kind: 'changed' });
  });

  it('starts a new thread if one has ended while it had nothing to do', async () => {
    const transform = createTransform(startWithoutClock, { limits });
    await transform(aRequest('app_1', same));
    await threads[0]?.terminate();
    expect(await transform(aRequest('app_1', same))).toMatchObject({ kind: 'changed' });
    expect(threads).toHaveLength(2);
  });

  it('has a new sandbox after a run that filled its memory or its stack', async () => {
    const transform = createTransform(startWithoutClock, { limits });
    const greedy = 'function handler() { const a = []; for (;;) a.push(new Uint8Array(4e6)); }';
    const deep = 'function handler() { eval("(".repeat(3e5)); }';
    for (const [code, reason] of [
      [greedy, 'more memory than it may use'],
      [deep, 'stack overflow'],
      [greedy, 'more memory than it may use'],
    ] as const) {
      expect(await transform(aRequest('app_1', code))).toMatchObject({ reason: expect.stringContaining(reason) });
      expect(await transform(aRequest('app_2', same))).toMatchObject({ kind: 'changed' });
    }
    expect(threads).toHaveLength(1);
  });

  it('throws if a thread cannot start, and tries again', async () => {
    let isBroken = true;
    const transform = createTransform(
      () => {
        if (!isBroken) return startWithoutClock();
        const thread = new Worker('throw new Error("no room")', { eval: true });
        threads.push(thread);
        return thread;
      },
      { limits },
    );
    await expect(transform(aRequest('app_1', same))).rejects.toThrow('no room');
    isBroken = false;
    expect(await transform(aRequest('app_1', same))).toMatchObject({ kind: 'changed' });
  });
});
