import { defaultAttemptRetention, defaultMessageRetentionDays } from '@posthorn/core';
import { countOr, optionalText, readConfiguration, text } from '@posthorn/platform';

/** The triggers' configuration, from their environment. */
export const readTriggerConfiguration = (environment: NodeJS.ProcessEnv) =>
  readConfiguration(
    {
      stage: ['POSTHORN_STAGE', text],
      successRetentionDays: ['POSTHORN_SUCCESS_RETENTION_DAYS', countOr(defaultAttemptRetention.successDays)],
      failureRetentionDays: ['POSTHORN_FAILURE_RETENTION_DAYS', countOr(defaultAttemptRetention.failureDays)],
      messageRetentionDays: ['POSTHORN_MESSAGE_RETENTION_DAYS', countOr(defaultMessageRetentionDays)],
    },
    environment,
  );

/** The configuration of triggers that accept messages. */
export const readAcceptingConfiguration = (environment: NodeJS.ProcessEnv) =>
  readConfiguration(
    {
      stage: ['POSTHORN_STAGE', text],
      /** The organisation of events that name none. */
      organisationId: ['POSTHORN_ORGANISATION', optionalText],
      deflateFrom: ['POSTHORN_DEFLATE_FROM', countOr(1)],
      messageRetentionDays: ['POSTHORN_MESSAGE_RETENTION_DAYS', countOr(defaultMessageRetentionDays)],
    },
    environment,
  );
