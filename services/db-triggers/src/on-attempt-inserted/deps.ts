import { createStatisticsRepository } from '@posthorn/models/statistics';
import { createLog } from '@posthorn/platform';
import { createSetAside } from '@posthorn/queues';
import { readTriggerConfiguration } from '../configuration.ts';
import type { FunctionHost } from '../function-host.ts';

/** Statistics are kept for this many days, and at least as long as attempts: their lists use the rows. */
const minKeptDays = 90;

export function loadCountAttemptsDeps(host: FunctionHost) {
  const { stage, successRetentionDays, failureRetentionDays } = readTriggerConfiguration(host.environment);
  const keptDays = Math.max(minKeptDays, successRetentionDays, failureRetentionDays);
  return {
    count: createStatisticsRepository({ client: host.tables, stage, keptDays }).count,
    setAside: createSetAside({ client: host.queues, stage }),
    log: createLog('on-attempt-inserted'),
    counters: host.createCounters('on-attempt-inserted'),
  };
}
