import { createDynamoClient } from '@posthorn/models/client';
import { createStatisticsRepository } from '@posthorn/models/statistics';
import { createCounters, createLog } from '@posthorn/platform';
import { createQueueClient, createSetAside } from '@posthorn/queues';
import { readTriggerConfiguration } from '../configuration.ts';
import { callLimits } from '../time-limits.ts';

export function loadCountAttemptsDeps(environment: NodeJS.ProcessEnv) {
  const { stage } = readTriggerConfiguration(environment);
  return {
    count: createStatisticsRepository({ client: createDynamoClient(callLimits), stage }).count,
    setAside: createSetAside({ client: createQueueClient(callLimits), stage }),
    log: createLog('on-attempt-inserted'),
    counters: createCounters('on-attempt-inserted'),
  };
}
