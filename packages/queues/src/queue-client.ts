import { SQSClient } from '@aws-sdk/client-sqs';

/** A client for the queues, set up once per process from the AWS environment variables. */
export const createQueueClient = (): SQSClient => new SQSClient({ maxAttempts: 4, useQueueUrlAsEndpoint: false });
