import { defaultRetrySchedule, maxRetryDelaySeconds, type RetrySchedule } from '@posthorn/core';
import { countOr, flag, list, optionalText, readConfiguration, text } from '@posthorn/platform';
import * as z from 'zod/mini';

const delay = z.string().check(
  z.refine((value) => /^\d{1,5}$/.test(value) && Number(value) <= maxRetryDelaySeconds, {
    error: `must be seconds from 0 to ${maxRetryDelaySeconds}, comma-separated`,
  }),
);

/** Seconds, comma-separated; the default when absent. */
const retrySchedule = z.pipe(
  z.pipe(list, z.array(delay)),
  z.transform((delays): RetrySchedule => (delays.length === 0 ? defaultRetrySchedule : delays.map(Number))),
);

/** What the workers are told by their environment. */
export const readWorkerConfiguration = (environment: NodeJS.ProcessEnv) =>
  readConfiguration(
    {
      stage: ['POSTHORN_STAGE', text],
      retrySchedule: ['POSTHORN_RETRY_SCHEDULE', retrySchedule],
      allowedSubnets: ['POSTHORN_ALLOWED_SUBNETS', list],
      allowHttp: ['POSTHORN_ALLOW_HTTP', flag],
      successRetentionDays: ['POSTHORN_SUCCESS_RETENTION_DAYS', countOr(30)],
      failureRetentionDays: ['POSTHORN_FAILURE_RETENTION_DAYS', countOr(90)],
      masterKeyFile: ['POSTHORN_MASTER_KEY_FILE', optionalText],
    },
    environment,
  );
