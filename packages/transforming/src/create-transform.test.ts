import { Worker } from 'node:worker_threads';
import { BusyError, type Transform, type TransformRequest } from '@posthorn/core';
import { createTransform as createImpatient } from './create-transform.ts';
import { threadOptions } from './thread-data.ts';

const threads: Worker[] = [];
const startThread = (): Worker => {
  const thread = new Worker(new URL('./thread.ts', import.meta.url), threadOptions);
  threads.push(thread);
  return thread;
};
beforeEach(() => {
  threads.length = 0;
});
afterEach(() => Promise.all(threads.map((thread) => thread.terminate())));

/** On a machine that is busy, a thread may start late. A job comes back then, as these do. */
function createTransform(...given: Parameters<typeof createImpatient>): Transform {
  const transform = createImpatient(...given);
  const patient: Transform = async (request) => {
    try {
      return await transform(request);
    } catch (error) {
      if (error instanceof BusyError) return patient(request);
      throw error;
    }
  };
  return patient;
}

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
    const transform = createTransform(startThread);
    expect(threads).toHaveLength(0);
    expect(await transform(aRequest('app_1', same))).toMatchObject({ kind: 'changed', body: '{"n":1}' });
    expect(threads).toHaveLength(1);
  });

  it('lets others run beside one whose code uses up its limits', async () => {
    const transform = createTransform(startThread);
    await Promise.all([transform(aRequest('app_1', same)), transform(aRequest('app_2', same))]);
    const order: string[] = [];
    const hostile = Array.from({ length: 10 }, () =>
      transform(aRequest('app_hostile', endless)).then(() => order.push('hostile')),
    );
    const quiet = Array.from({ length: 20 }, () =>
      transform(aRequest('app_quiet', same)).then(() => order.push('quiet')),
    );
    // On a busy machine, some of the hostile ones wait for too long.
    await Promise.all([Promise.allSettled(hostile), ...quiet]);
    // All of the quiet one have ended before the hostile one has used up more than a few of its turns.
    const lastQuiet = order.lastIndexOf('quiet');
    expect(order.slice(0, lastQuiet).filter((one) => one === 'hostile').length).toBeLessThan(5);
  });

  it('ends a thread that is stuck inside of the sandbox, and pauses the code of its application', async () => {
    let now = 0;
    const transform = createTransform(startThread, () => now);
    const stuck = 'function handler() { [].indexOf.call({ length: 2 ** 53 - 1 }, 1); }';
    const ended = { kind: 'failed', reason: expect.stringMatching(/did not end|more than 100 ms of CPU/) };
    expect(await transform(aRequest('app_1', stuck))).toMatchObject(ended);
    expect(await transform(aRequest('app_2', same))).toMatchObject({ kind: 'changed' });
    now = 60_000;
    expect(await transform(aRequest('app_1', same))).toMatchObject({ kind: 'changed' });
  });

  it('goes on with a new thread after one that ended', async () => {
    const transform = createTransform(startThread);
    await transform(aRequest('app_1', same));
    const running = transform(aRequest('app_1', endless));
    await threads[0]?.terminate();
    await expect(running).rejects.toThrow('the thread ended');
    expect(await transform(aRequest('app_1', same))).toMatchObject({ kind: 'changed' });
  });

  it('starts a new thread if one has ended while it had nothing to do', async () => {
    const transform = createTransform(startThread);
    await transform(aRequest('app_1', same));
    await threads[0]?.terminate();
    expect(await transform(aRequest('app_1', same))).toMatchObject({ kind: 'changed' });
    expect(threads).toHaveLength(2);
  });

  it('has a new sandbox after a run that filled its memory or its stack', async () => {
    const transform = createTransform(startThread);
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
    const transform = createTransform(() => {
      if (!isBroken) return startThread();
      const thread = new Worker('throw new Error("no room")', { eval: true });
      threads.push(thread);
      return thread;
    });
    await expect(transform(aRequest('app_1', same))).rejects.toThrow('no room');
    isBroken = false;
    expect(await transform(aRequest('app_1', same))).toMatchObject({ kind: 'changed' });
  });
});
