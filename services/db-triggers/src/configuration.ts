import { defaultAttemptRetention } from '@posthorn/core';
import { countOr, readConfiguration, text } from '@posthorn/platform';

/** The triggers' configuration, from their environment. */
export const readTriggerConfiguration = (environment: NodeJS.ProcessEnv) =>
  readConfiguration(
    {
      stage: ['POSTHORN_STAGE', text],
      successRetentionDays: ['POSTHORN_SUCCESS_RETENTION_DAYS', countOr(defaultAttemptRetention.successDays)],
      failureRetentionDays: ['POSTHORN_FAILURE_RETENTION_DAYS', countOr(defaultAttemptRetention.failureDays)],
    },
    environment,
  );
