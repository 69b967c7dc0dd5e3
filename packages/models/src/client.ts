import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/**
 * Longer than the second after which a kernel sends a lost SYN again. A server drops them when many connections arrive at
 * once: DynamoDB Local queues 50. At one second or less the client would give up just before that helps.
 */
const connectionTimeoutMs = 2_500;
const requestTimeoutMs = 5_000;
const maxSockets = 100;
const maxAttempts = 5;

/**
 * A client for the tables. Region, endpoint and credentials come from the environment, as every AWS client's
 * (`AWS_REGION`, `AWS_ENDPOINT_URL_DYNAMODB`, …). Connections are kept; a request that hangs is tried again.
 */
export const createDynamoClient = (): DynamoDBClient =>
  new DynamoDBClient({
    maxAttempts,
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: { keepAlive: true, maxSockets },
      httpsAgent: { keepAlive: true, maxSockets },
    },
  });
