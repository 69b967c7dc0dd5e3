import { on } from 'node:events';
import { type MessagePort, parentPort } from 'node:worker_threads';
import type { Transformed, TransformRequest } from '@posthorn/core';
import { type ThreadAnswer, type ThreadReady, threadCpuMs } from '@posthorn/threads/thread-messages';

/** What a thread is asked for. */
export type ThreadRequest = Omit<TransformRequest, 'organisationId' | 'applicationId'>;

/** Runs one transformation after the other, for as long as the thread lives. */
export async function serveThread(port: MessagePort | null = parentPort): Promise<void> {
  if (!port) throw new Error('not on a thread of its own');
  const [{ createSandbox }, { runHandler }] = await Promise.all([
    import('./create-sandbox.ts'),
    import('./run-handler.ts'),
  ]);
  let sandbox = await createSandbox();
  // Only `createThread` asks this thread for anything.
  const requests = on(port, 'message') as AsyncIterable<[ThreadRequest]>;
  port.postMessage({ cpuMs: threadCpuMs() } satisfies ThreadReady);
  for await (const [request] of requests) {
    const { result, isSpent } = runHandler({ sandbox, cpuMs: threadCpuMs }, request);
    port.postMessage({ result, cpuMs: threadCpuMs() } satisfies ThreadAnswer<Transformed>);
    if (isSpent) sandbox = await createSandbox();
  }
}
