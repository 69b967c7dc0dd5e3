import { on } from 'node:events';
import { type MessagePort, parentPort } from 'node:worker_threads';
import type { Transformed, TransformRequest } from '@posthorn/core';
import { type ThreadAnswer, type ThreadReady, threadCpuMs } from '@posthorn/threads/thread-messages';

/** What a thread is asked for. */
export type ThreadRequest = Omit<TransformRequest, 'organisationId' | 'applicationId'>;

const firstRun: ThreadRequest = {
  code: 'function handler(webhook) { return { ...webhook, payload: [webhook.payload] } }',
  variables: {},
  webhook: { method: 'POST', url: 'https://example.com/', body: '{}', eventType: 'a', headers: {} },
};

/**
 * Runs one transformation after the other, for as long as the thread lives.
 *
 * @param cpuMs - the CPU that a run is limited by
 */
export async function serveThread(port: MessagePort | null = parentPort, cpuMs = threadCpuMs): Promise<void> {
  if (!port) throw new Error('not on a thread of its own');
  const [{ createSandbox }, { runHandler }] = await Promise.all([
    import('./create-sandbox.ts'),
    import('./run-handler.ts'),
  ]);
  let sandbox = await createSandbox();
  // The first run costs the compilation of what it uses, which on a slow machine is as much as a run may use.
  runHandler({ sandbox, cpuMs: () => 0 }, firstRun);
  // Only `createThread` asks this thread for anything.
  const requests = on(port, 'message') as AsyncIterable<[ThreadRequest]>;
  port.postMessage({ cpuMs: threadCpuMs() } satisfies ThreadReady);
  for await (const [request] of requests) {
    const { result, isSpent } = runHandler({ sandbox, cpuMs }, request);
    port.postMessage({ result, cpuMs: threadCpuMs() } satisfies ThreadAnswer<Transformed>);
    if (isSpent) sandbox = await createSandbox();
  }
}
