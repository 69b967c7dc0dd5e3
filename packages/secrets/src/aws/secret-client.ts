/** The part of the client that is used. A bundle of `import('@aws-sdk/client-secrets-manager')` would have all of it. */
export { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
