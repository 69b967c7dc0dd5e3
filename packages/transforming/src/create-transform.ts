import type { Transform, Transformed, TransformRequest } from '@posthorn/core';
import { createThread, type StartThread, type Thread } from './create-thread.ts';
import { createFairQueue } from './fair-queue.ts';

/** One more than a tenant can fill. */
const threadCount = 2;

interface Waiting {
  readonly request: TransformRequest;
  readonly done: (result: Transformed) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Runs tenants' code on threads, which are started when the first code is to run. An application has one run at a time,
 * so that one whose code uses up its limits leaves a thread to the others.
 */
export function createTransform(startThread: StartThread): Transform {
  const queue = createFairQueue<Waiting>();
  const running = new Set<string>();
  const idle: Thread[] = Array.from({ length: threadCount }, () => createThread(startThread));
  const runNext = (): void => {
    const thread = idle.pop();
    if (!thread) return;
    const next = queue.take((applicationId) => !running.has(applicationId));
    if (!next) {
      idle.push(thread);
      return;
    }
    const { applicationId } = next.request;
    running.add(applicationId);
    void thread
      .run(next.request)
      .then(next.done, next.failed)
      .finally(() => {
        running.delete(applicationId);
        idle.push(thread);
        runNext();
      });
    runNext();
  };
  return (request) =>
    new Promise((done, failed) => {
      queue.add(request.applicationId, { request, done, failed });
      runNext();
    });
}
