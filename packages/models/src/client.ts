import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type CallLimits, patientLimits } from '@posthorn/aws-calls/call-limits';
import { callTimeLimit } from '@posthorn/aws-calls/call-time-limit';
import { connectionSettings } from '@posthorn/aws-calls/connection-settings';
import { createRetryStrategy } from '@posthorn/aws-calls/retry-strategy';

/** The part of a client that the repositories use. A host in one process passes its own. */
export type TablesClient = Pick<DynamoDBClient, 'send'>;

/**
 * A client for the tables. Region, endpoint and credentials come from the environment, as for every AWS client
 * (`AWS_REGION`, `AWS_ENDPOINT_URL_DYNAMODB`, …).
 */
export function createDynamoClient(limits: CallLimits = patientLimits): DynamoDBClient {
  const client = new DynamoDBClient({
    retryStrategy: createRetryStrategy(),
    requestHandler: connectionSettings(limits),
  });
  client.middlewareStack.use(callTimeLimit(limits));
  return client;
}
