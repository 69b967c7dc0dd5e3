import { jwtSecretName } from '@posthorn/contracts';
import { defaultAttemptRetention, defaultMaxEndpoints, defaultMessageRetentionDays } from '@posthorn/core';
import {
  countOr,
  flag,
  onOrOff,
  optionalCount,
  optionalPage,
  optionalText,
  ports,
  readConfiguration,
  text,
} from '@posthorn/platform';

/** The configuration of the API's functions. */
export const readApiConfiguration = (environment: NodeJS.ProcessEnv) =>
  readConfiguration(
    {
      stage: ['POSTHORN_STAGE', text],
      allowHttp: ['POSTHORN_ALLOW_HTTP', flag],
      allowedPorts: ['POSTHORN_ALLOWED_PORTS', ports],
      maxEndpoints: ['POSTHORN_MAX_ENDPOINTS', countOr(defaultMaxEndpoints)],
      messageRetentionDays: ['POSTHORN_MESSAGE_RETENTION_DAYS', countOr(defaultMessageRetentionDays)],
      successRetentionDays: ['POSTHORN_SUCCESS_RETENTION_DAYS', countOr(defaultAttemptRetention.successDays)],
      failureRetentionDays: ['POSTHORN_FAILURE_RETENTION_DAYS', countOr(defaultAttemptRetention.failureDays)],
      deflateFrom: ['POSTHORN_DEFLATE_FROM', countOr(1)],
      portalUrl: ['POSTHORN_PORTAL_URL', optionalPage],
      rateLimit: ['POSTHORN_RATE_LIMIT', optionalCount],
      jwtSecretFile: ['POSTHORN_JWT_SECRET_FILE', optionalText],
      accessLog: ['POSTHORN_ACCESS_LOG', onOrOff],
      masterKeyFile: ['POSTHORN_MASTER_KEY_FILE', optionalText],
    },
    environment,
  );

export type ApiConfiguration = ReturnType<typeof readApiConfiguration>;

/** The source of the secret that signs tokens: a file on one machine, AWS Secrets Manager when deployed. */
export const jwtSecretOf = ({ stage, jwtSecretFile }: ApiConfiguration) =>
  jwtSecretFile === undefined ? { jwtSecretId: jwtSecretName(stage) } : { jwtSecretFile };
