/** The part of the client that is used. A bundle of `import('@aws-sdk/client-kms')` would have all of it. */
export { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
