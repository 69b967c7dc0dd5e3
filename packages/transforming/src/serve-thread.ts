import { type MessagePort, parentPort } from 'node:worker_threads';
import type { Transformed, TransformRequest } from '@posthorn/core';

/** What a thread is asked for. */
export type ThreadRequest = Omit<TransformRequest, 'applicationId'>;

/** Runs one transformation after the other, for as long as the thread lives. */
export async function serveThread(port: MessagePort | null = parentPort): Promise<void> {
  if (!port) throw new Error('not on a thread of its own');
  const [{ newQuickJSWASMModuleFromVariant }, variant, { runHandler }] = await Promise.all([
    import('quickjs-emscripten-core'),
    import('@jitl/quickjs-singlefile-cjs-release-sync'),
    import('./run-handler.ts'),
  ]);
  const sandbox = await newQuickJSWASMModuleFromVariant(variant.default.default);
  port.on('message', (request: ThreadRequest) => {
    const answer: Transformed = runHandler({ sandbox, cpuMs: threadCpuMs }, request);
    port.postMessage(answer);
  });
  port.postMessage('ready');
}

/** The CPU that this thread has used, in milliseconds. */
export function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
