import { Worker } from 'node:worker_threads';
import { BusyError } from '@posthorn/core';
import { createThread } from './create-thread.ts';

const threads: Worker[] = [];
afterAll(() => Promise.all(threads.map((thread) => thread.terminate())));

/** A thread that does something for its first message, and another one that answers each. */
function aThread(first: string) {
  return createThread<number, number>({
    startThread: () => {
      const answer = 'parentPort.postMessage({ result: 1, cpuMs: 0 })';
      const code = `const { parentPort } = require('node:worker_threads');
        parentPort.on('message', () => { ${threads.length === count ? first : answer}; });
        parentPort.postMessage({ cpuMs: 0 });`;
      const thread = new Worker(code, { eval: true });
      threads.push(thread);
      return thread;
    },
    maxCpuMs: 100,
    longestRunMs: 2_000,
    longestStartMs: 10_000,
  });
}
let count = 0;
beforeEach(() => {
  count = threads.length;
});

it.each([
  ['JavaScript', 'for (;;);'],
  ['a hash', "require('node:crypto').pbkdf2Sync('a', 'b', 10_000_000, 64, 'sha512')"],
  ['a regular expression', "new RegExp('[' + '\\\\p{L}'.repeat(12_000) + ']', 'u').test('\u0436')"],
])('that does not end is stuck, also in native code: %s', async (_, endless) => {
  const thread = aThread(endless);
  expect(await thread.run(1)).toEqual({ kind: 'stuck' });
  expect(await thread.run(1)).toEqual({ kind: 'done', answer: 1 });
});

it('that gets no CPU is not stuck', async () => {
  const thread = aThread('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)');
  await expect(thread.run(1)).rejects.toThrow(BusyError);
  expect(await thread.run(1)).toEqual({ kind: 'done', answer: 1 });
});
