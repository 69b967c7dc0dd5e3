import { createLog } from '@posthorn/platform';
import { createSetAside, createTasksQueue } from '@posthorn/queues';
import type { FunctionHost } from '../function-host.ts';
import { loadEventTelling } from '../load-event-telling.ts';
import type { ActOnTaskDeps } from './act-on-task.ts';

export function loadActOnTaskDeps(host: FunctionHost) {
  const { store, beginTelling } = loadEventTelling(host);
  const queues = { client: host.queues, stage: store.stage };
  return {
    sendSlice: createTasksQueue(queues).send,
    beginTelling,
    setAside: createSetAside(queues),
    log: createLog('on-task-changed'),
    counters: host.createCounters('on-task-changed'),
  } satisfies ActOnTaskDeps;
}
