import { UnusableData } from '@posthorn/core';
import { createAttemptRepository } from '@posthorn/models/attempts';
import { createFindEndpoint } from '@posthorn/models/endpoint-reads';
import { createMessageRepository } from '@posthorn/models/messages';
import { createTaskRepository } from '@posthorn/models/tasks';
import { createLog, readConfiguration, systemClock, text } from '@posthorn/platform';
import { createDeliveriesQueue, createReceivedJobs } from '@posthorn/queues';
import type { FunctionHost } from '../function-host.ts';
import { createReadReplayPage } from './replay-page.ts';
import type { RunTasksDeps } from './run-tasks.ts';

export function loadRunTasksDeps(host: FunctionHost) {
  const { stage } = readConfiguration({ stage: ['POSTHORN_STAGE', text] }, host.environment);
  const store = { client: host.tables, stage };
  const queues = { client: host.queues, stage };
  const messages = createMessageRepository(store);
  const attempts = createAttemptRepository(store);
  const readReplayPage = createReadReplayPage({
    listMessages: messages.list,
    findMessage: messages.find,
    findAttempt: attempts.find,
    listAttempts: attempts.listByMessage,
    clock: systemClock,
  });
  const counters = host.createCounters('run-tasks');
  const deps: RunTasksDeps = {
    tasks: createTaskRepository(store),
    findEndpoint: createFindEndpoint(store),
    readPage: (task, endpoint, cursor) => {
      if (task.work.kind === 'endpoint.replay') return readReplayPage(task, endpoint, cursor);
      throw new UnusableData(`tasks of the kind ${task.work.kind} do not exist yet`);
    },
    queue: createDeliveriesQueue(queues),
    sendToDeadLetters: createReceivedJobs({ ...queues, queue: 'tasks' }).sendToDeadLetters,
    clock: systemClock,
    log: createLog('run-tasks'),
    counters,
  };
  return { ...deps, counters };
}
