import { countOr, flag, InvalidConfiguration, optionalText, readConfiguration, text } from '@posthorn/platform';

/** What the API's functions are told by their environment. */
export const readApiConfiguration = (environment: NodeJS.ProcessEnv) =>
  readConfiguration(
    {
      stage: ['POSTHORN_STAGE', text],
      allowHttp: ['POSTHORN_ALLOW_HTTP', flag],
      messageRetentionDays: ['POSTHORN_MESSAGE_RETENTION_DAYS', countOr(90)],
      successRetentionDays: ['POSTHORN_SUCCESS_RETENTION_DAYS', countOr(30)],
      failureRetentionDays: ['POSTHORN_FAILURE_RETENTION_DAYS', countOr(90)],
      jwtSecretFile: ['POSTHORN_JWT_SECRET_FILE', optionalText],
      jwtSecretArn: ['POSTHORN_JWT_SECRET_ARN', optionalText],
      masterKeyFile: ['POSTHORN_MASTER_KEY_FILE', optionalText],
      kmsKeyArn: ['POSTHORN_KMS_KEY_ARN', optionalText],
    },
    environment,
  );

export type ApiConfiguration = ReturnType<typeof readApiConfiguration>;

/** Where the secret is that tokens are signed with: a file on one machine, AWS Secrets Manager when deployed. */
export function jwtSecretOf({ jwtSecretFile, jwtSecretArn }: ApiConfiguration) {
  if (jwtSecretFile !== undefined) return { jwtSecretFile };
  if (jwtSecretArn !== undefined) return { jwtSecretId: jwtSecretArn };
  throw new InvalidConfiguration(['POSTHORN_JWT_SECRET_FILE or POSTHORN_JWT_SECRET_ARN: one must be set']);
}

/** The key that endpoints' secrets and headers are sealed with: a file on one machine, AWS KMS when deployed. */
export function sealingKeyOf({ masterKeyFile, kmsKeyArn }: ApiConfiguration) {
  if (masterKeyFile !== undefined) return { masterKeyFile };
  if (kmsKeyArn !== undefined) return { kmsKeyId: kmsKeyArn };
  throw new InvalidConfiguration(['POSTHORN_MASTER_KEY_FILE or POSTHORN_KMS_KEY_ARN: one must be set']);
}
