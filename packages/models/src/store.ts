import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Where a repository's table is: a client, and the stage that the table's physical name is made of. */
export interface Store {
  readonly client: DynamoDBClient;
  readonly stage: string;
}
