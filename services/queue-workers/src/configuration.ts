import { defaultAttemptRetention, parseRetrySchedule, retryScheduleForm } from '@posthorn/core';
import {
  countOr,
  flag,
  list,
  listOr,
  optionalProxy,
  optionalText,
  ports,
  readConfiguration,
  text,
} from '@posthorn/platform';
import * as z from 'zod/mini';

const retrySchedule = z.pipe(
  z
    ._default(z.string(), '')
    .check(z.refine((value) => parseRetrySchedule(value) !== undefined, { error: `must be ${retryScheduleForm}` })),
  z.transform((value) => parseRetrySchedule(value) ?? []),
);

/** The workers' configuration, from their environment. */
export const readWorkerConfiguration = (environment: NodeJS.ProcessEnv) =>
  readConfiguration(
    {
      stage: ['POSTHORN_STAGE', text],
      retrySchedule: ['POSTHORN_RETRY_SCHEDULE', retrySchedule],
      allowedSubnets: ['POSTHORN_ALLOWED_SUBNETS', listOr('none')],
      forbiddenPorts: ['POSTHORN_FORBIDDEN_PORTS', ports],
      allowedPorts: ['POSTHORN_ALLOWED_PORTS', ports],
      egressProxy: ['POSTHORN_EGRESS_PROXY', optionalProxy],
      allowHttp: ['POSTHORN_ALLOW_HTTP', flag],
      nameServers: ['POSTHORN_NAME_SERVERS', list],
      successRetentionDays: ['POSTHORN_SUCCESS_RETENTION_DAYS', countOr(defaultAttemptRetention.successDays)],
      failureRetentionDays: ['POSTHORN_FAILURE_RETENTION_DAYS', countOr(defaultAttemptRetention.failureDays)],
      deflateFrom: ['POSTHORN_DEFLATE_FROM', countOr(1)],
      masterKeyFile: ['POSTHORN_MASTER_KEY_FILE', optionalText],
    },
    environment,
  );
