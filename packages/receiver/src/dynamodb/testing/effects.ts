import {
  type DynamoDBClient,
  GetItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { DynamodbStore } from '../dynamodb-store.ts';
import { tableName } from './start-table.ts';

export type CrashPoint = 'after the claim' | 'after the effect' | 'after the transaction';

/** The effect of a message: a number that grows by one. */
export function createEffects(client: DynamoDBClient) {
  const keyOf = (id: string) => ({ id: { S: `effect of ${id}` } });
  const increment = (id: string) => ({
    TableName: tableName,
    Key: keyOf(id),
    UpdateExpression: 'ADD #count :one',
    ExpressionAttributeNames: { '#count': 'count' },
    ExpressionAttributeValues: { ':one': { N: '1' } },
  });
  return {
    add: (id: string): Promise<unknown> => client.send(new UpdateItemCommand(increment(id))),
    /** The same in a transaction with the note that the message is done. */
    addWith: (completion: ReturnType<DynamodbStore['marshalledCompletion']>, id: string): Promise<unknown> =>
      client.send(new TransactWriteItemsCommand({ TransactItems: [{ Update: increment(id) }, completion] })),
    count: async (id: string): Promise<number> => {
      const { Item } = await client.send(new GetItemCommand({ TableName: tableName, Key: keyOf(id) }));
      return Number(Item?.count?.N ?? 0);
    },
  };
}
