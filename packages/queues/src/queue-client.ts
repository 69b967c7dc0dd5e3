import { SQSClient } from '@aws-sdk/client-sqs';
import { type CallLimits, patientLimits } from '@posthorn/aws-calls/call-limits';
import { callTimeLimit } from '@posthorn/aws-calls/call-time-limit';
import { connectionSettings } from '@posthorn/aws-calls/connection-settings';
import { createRetryStrategy } from '@posthorn/aws-calls/retry-strategy';

/** The part of a client that is used here. A host in one process passes its own. */
export type QueuesClient = Pick<SQSClient, 'send'>;

/** Creates a client for the queues from the AWS environment variables, once per process. */
export function createQueueClient(limits: CallLimits = patientLimits): SQSClient {
  const client = new SQSClient({
    retryStrategy: createRetryStrategy(),
    useQueueUrlAsEndpoint: false,
    requestHandler: connectionSettings(limits),
  });
  client.middlewareStack.use(callTimeLimit(limits));
  return client;
}
