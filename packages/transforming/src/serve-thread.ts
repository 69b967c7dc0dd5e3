import { on } from 'node:events';
import { type MessagePort, parentPort } from 'node:worker_threads';
import type { Transformed, TransformRequest } from '@posthorn/core';
import { type ThreadAnswer, type ThreadReady, threadCpuMs } from '@posthorn/threads/thread-messages';

/** What a thread is asked for. */
export type ThreadRequest = Omit<TransformRequest, 'organisationId' | 'applicationId'>;

/**
 * Runs one transformation after the other, for as long as the thread lives.
 *
 * @param cpuMs - the CPU that a run is limited by
 */
export async function serveThread(port: MessagePort | null = parentPort, cpuMs = threadCpuMs): Promise<void> {
  if (!port) throw new Error('not on a thread of its own');
  const [{ createSandbox }, { runHandler }, { warmUp }] = await Promise.all([
    import('./create-sandbox.ts'),
    import('./run-handler.ts'),
    import('./warm-up.ts'),
  ]);
  let sandbox = await createSandbox();
  // On a slow machine it takes as much as a run may use, so its clock of CPU stands still.
  warmUp({ sandbox, cpuMs: () => 0 });
  // Only `createThread` asks this thread for anything.
  const requests = on(port, 'message') as AsyncIterable<[ThreadRequest]>;
  port.postMessage({ cpuMs: threadCpuMs() } satisfies ThreadReady);
  for await (const [request] of requests) {
    const { result, isSpent } = runHandler({ sandbox, cpuMs }, request);
    port.postMessage({ result, cpuMs: threadCpuMs() } satisfies ThreadAnswer<Transformed>);
    if (isSpent) sandbox = await createSandbox();
  }
}
