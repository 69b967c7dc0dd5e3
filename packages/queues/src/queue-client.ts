import { SQSClient } from '@aws-sdk/client-sqs';

/** Creates a client for the queues from the AWS environment variables, once per process. */
export const createQueueClient = (): SQSClient => new SQSClient({ maxAttempts: 4, useQueueUrlAsEndpoint: false });
