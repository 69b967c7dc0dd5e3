import { createDynamoClient } from '@posthorn/models/client';
import { createStatisticsRepository } from '@posthorn/models/statistics';
import { createCounters, createLog } from '@posthorn/platform';
import { readTriggerConfiguration } from '../configuration.ts';
import type { CountAttemptsDeps } from './count-attempts.ts';

export function loadCountAttemptsDeps(environment: NodeJS.ProcessEnv) {
  const { stage } = readTriggerConfiguration(environment);
  const { count } = createStatisticsRepository({ client: createDynamoClient(), stage });
  const deps: CountAttemptsDeps = { count };
  return { deps, log: createLog('on-attempt-inserted'), counters: createCounters('on-attempt-inserted') };
}
