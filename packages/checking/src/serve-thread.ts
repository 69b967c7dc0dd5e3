import { type MessagePort, parentPort } from 'node:worker_threads';
import { createSizedMemory } from '@posthorn/core/memory/sized-memory';
import { type ThreadAnswer, type ThreadReady, threadCpuMs } from '@posthorn/threads/thread-messages';
import { type CheckResult, checkPayload, prepareSchema, type ReadySchema } from './check-payload.ts';
import { maxKeptBytes } from './limits.ts';

/** What a thread is asked for. */
export interface ThreadRequest {
  /** Names the schemas: other schemas have another key. */
  readonly key: string;
  /** Their text. Absent if the thread may know them. */
  readonly schemas?: string;
  readonly payload?: string | undefined;
}

/**
 * `unknown-schema`: the thread does not know the schemas of the key, or not any more. `failed`: a fault of our own, with its
 * text. The thread lives on.
 */
export type ThreadResult =
  | CheckResult
  | { readonly kind: 'unknown-schema' }
  | { readonly kind: 'failed'; readonly error: string };

/** Does one check after the other, for as long as the thread lives. */
export function serveThread(port: MessagePort | null = parentPort): void {
  if (!port) throw new Error('not on a thread of its own');
  const known = createSizedMemory<ReadySchema>(maxKeptBytes);
  const answer = ({ key, schemas, payload }: ThreadRequest): ThreadResult => {
    const kept = known.find(key);
    if (kept) return checkPayload(kept, payload);
    if (schemas === undefined) return { kind: 'unknown-schema' };
    const ready = prepareSchema(schemas);
    known.keep(key, ready, ready.size);
    return checkPayload(ready, payload);
  };
  const answerSafely = (request: ThreadRequest): ThreadResult => {
    try {
      return answer(request);
    } catch (error) {
      return { kind: 'failed', error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
  };
  port.on('message', (request: ThreadRequest) => {
    const result = answerSafely(request);
    port.postMessage({ result, cpuMs: threadCpuMs() } satisfies ThreadAnswer<ThreadResult>);
  });
  port.postMessage({ cpuMs: threadCpuMs() } satisfies ThreadReady);
}
