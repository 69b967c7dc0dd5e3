import { createStatisticsRepository } from '@posthorn/models/statistics';
import { createLog } from '@posthorn/platform';
import { createSetAside } from '@posthorn/queues';
import { readTriggerConfiguration } from '../configuration.ts';
import type { FunctionHost } from '../function-host.ts';

export function loadCountAttemptsDeps(host: FunctionHost) {
  const { stage } = readTriggerConfiguration(host.environment);
  return {
    count: createStatisticsRepository({ client: host.tables, stage }).count,
    setAside: createSetAside({ client: host.queues, stage }),
    log: createLog('on-attempt-inserted'),
    counters: host.createCounters('on-attempt-inserted'),
  };
}
