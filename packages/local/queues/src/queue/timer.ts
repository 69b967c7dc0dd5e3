import { moveDue } from './delayed.ts';
import { releaseExpired } from './settle.ts';
import type { QueueState } from './state.ts';

/** Calls a queue when its next message in flight or delayed message is due. */
export function createTimer(findQueue: () => QueueState | undefined) {
  let timer: NodeJS.Timeout | undefined;
  let timerAt = Number.POSITIVE_INFINITY;
  let closed = false;

  const fire = (): void => {
    timerAt = Number.POSITIVE_INFINITY;
    const queue = findQueue();
    if (queue === undefined || closed) return;
    // Both are tried again after a pause.
    Promise.all([releaseExpired(queue), moveDue(queue)]).catch((error: unknown) => {
      process.emitWarning(`local-queues: ${queue.name}: messages could not be made visible: ${String(error)}`);
    });
    schedule();
  };

  const schedule = (): void => {
    const queue = findQueue();
    if (queue === undefined || closed) return;
    const at = Math.min(queue.deadlines.next() ?? timerAt, queue.nextDue ?? timerAt);
    if (at >= timerAt) return;
    clearTimeout(timer);
    timerAt = at;
    // Does not keep the process running: whoever waits for messages does.
    timer = setTimeout(fire, Math.max(1, at - queue.now())).unref();
  };

  return {
    schedule,
    close: (): void => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
