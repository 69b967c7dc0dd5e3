import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Where a repository's table is: a client, and the stage, which is part of the table's physical name. */
export interface Store {
  readonly client: DynamoDBClient;
  readonly stage: string;
}
