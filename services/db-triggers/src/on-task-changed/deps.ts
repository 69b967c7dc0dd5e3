import { createLog } from '@posthorn/platform';
import { createSetAside, createTasksQueue } from '@posthorn/queues';
import { readTriggerConfiguration } from '../configuration.ts';
import type { FunctionHost } from '../function-host.ts';

export function loadSendSliceDeps(host: FunctionHost) {
  const { stage } = readTriggerConfiguration(host.environment);
  const queues = { client: host.queues, stage };
  return {
    sendSlice: createTasksQueue(queues).send,
    setAside: createSetAside(queues),
    log: createLog('on-task-changed'),
    counters: host.createCounters('on-task-changed'),
  };
}
