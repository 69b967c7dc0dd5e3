import { Worker } from 'node:worker_threads';
import { BusyError } from '@posthorn/core';
import { createThread, type ThreadLimits } from './create-thread.ts';
import { patientLimits } from './testing/patient-limits.ts';

const threads: Worker[] = [];
// Native code is not ended before it returns, and uses the CPU of the process, which the next test looks at.
afterEach(() => Promise.all(threads.splice(0).map((thread) => thread.terminate())));

interface ThreadOfTest extends Partial<ThreadLimits> {
  /** What the first thread does for a message. Others answer it. */
  readonly first: string;
}

function aThread({ first, ...limits }: ThreadOfTest) {
  return createThread<number, number>({
    ...patientLimits,
    ...limits,
    startThread: () => {
      const answer = 'parentPort.postMessage({ result: 1, cpuMs: 0 })';
      const code = `const { parentPort } = require('node:worker_threads');
        parentPort.on('message', () => { ${threads.length === 0 ? first : answer}; });
        parentPort.postMessage({ cpuMs: 0 });`;
      const thread = new Worker(code, { eval: true });
      threads.push(thread);
      return thread;
    },
  });
}

it.each([
  ['a hash', "require('node:crypto').pbkdf2Sync('a', 'b', 10_000_000, 64, 'sha512')"],
  ['a regular expression', "new RegExp('[' + '\\\\p{L}'.repeat(12_000) + ']', 'u').test('\u0436')"],
])('that does not end is stuck in native code: %s', async (_, first) => {
  // On a machine that is busy, it has used up so little CPU in this time too.
  const thread = aThread({ first, maxCpuMs: 5, longestRunMs: 2_000 });
  expect(await thread.run(1)).toEqual({ kind: 'stuck' });
  expect(await thread.run(1)).toEqual({ kind: 'done', answer: 1 });
});

it('that does not end is stuck in JavaScript, once it has used too much CPU', async () => {
  const thread = aThread({ first: 'for (;;);', maxCpuMs: 100 });
  expect(await thread.run(1)).toEqual({ kind: 'stuck' });
  expect(await thread.run(1)).toEqual({ kind: 'done', answer: 1 });
});

it('that gets no CPU is not stuck', async () => {
  const first = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)';
  const thread = aThread({ first, longestRunMs: 1_000 });
  await expect(thread.run(1)).rejects.toThrow(BusyError);
  expect(await thread.run(1)).toEqual({ kind: 'done', answer: 1 });
});
