import { createIsAccountedFor } from '@posthorn/delivering';
import { createApplicationNames } from '@posthorn/models/application-names';
import { createRemoveApplicationRows } from '@posthorn/models/application-remains';
import { createAttemptRepository } from '@posthorn/models/attempts';
import { createDeliveryRepository } from '@posthorn/models/deliveries';
import { createFindEndpoint, createListForFanOut } from '@posthorn/models/endpoint-reads';
import { createDeleteEndpoint } from '@posthorn/models/endpoints/delete-endpoint';
import { createMessageContentRepository } from '@posthorn/models/message-content';
import { createMessageRepository } from '@posthorn/models/messages';
import { createStatisticsRepository } from '@posthorn/models/statistics';
import { createTaskRepository } from '@posthorn/models/tasks';
import { createLog, readConfiguration, systemClock, text } from '@posthorn/platform';
import { createDeliveriesQueue, createReceivedJobs } from '@posthorn/queues';
import type { FunctionHost } from '../function-host.ts';
import { createReaders } from './readers.ts';
import type { RunTasksDeps } from './run-tasks.ts';

export function loadRunTasksDeps(host: FunctionHost) {
  const { stage } = readConfiguration({ stage: ['POSTHORN_STAGE', text] }, host.environment);
  const store = { client: host.tables, stage };
  const queues = { client: host.queues, stage };
  const messages = createMessageRepository(store);
  const attempts = createAttemptRepository(store);
  const deliveries = createDeliveryRepository(store);
  const lists = { listMessages: messages.list, listAttempts: attempts.listByMessage, clock: systemClock };
  const readers = createReaders({
    ...lists,
    findMessage: messages.find,
    isAccountedFor: createIsAccountedFor({ ...lists, findAttempt: attempts.find, deliveries }),
    findAttempt: attempts.find,
    listDeliveries: deliveries.list,
    deleteEnded: deliveries.deleteEnded,
    findDelivery: deliveries.find,
  });
  const counters = host.createCounters('run-tasks');
  const listEndpoints = createListForFanOut(store);
  const tasks = createTaskRepository(store);
  const deps: RunTasksDeps = {
    tasks,
    findEndpoint: createFindEndpoint(store),
    listMessages: messages.list,
    expunge: createMessageContentRepository(store).expunge,
    readPage: (task, endpoint, cursor) => readers[task.work.kind](task, endpoint, cursor),
    moveOn: deliveries.moveOn,
    removal: {
      listEndpoints,
      deleteEndpoint: createDeleteEndpoint(store),
      removeRows: createRemoveApplicationRows(store),
    },
    statistics: {
      applications: createApplicationNames(store),
      putResult: tasks.putResult,
      statistics: createStatisticsRepository(store),
      listEndpoints,
    },
    queue: createDeliveriesQueue(queues),
    sendToDeadLetters: createReceivedJobs({ ...queues, queue: 'tasks' }).sendToDeadLetters,
    clock: systemClock,
    log: createLog('run-tasks'),
    counters,
  };
  return { ...deps, counters };
}
