import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { OrderStore } from '../order/order-check.ts';
import type { DynamodbStoreOptions } from './dynamodb-store.ts';
import { refusalOf } from './refusal.ts';
import { marshalUpdate } from './update.ts';

/**
 * Remembers positions in a table of DynamoDB: one conditional write for each message. The table can be that of
 * `dynamodbStore`.
 *
 * @param options - `keepSeconds` is how long the position of a key is remembered after its newest message
 * @throws RangeError if `keepSeconds` is not above 0
 */
export function dynamodbOrderStore(options: DynamodbStoreOptions): OrderStore {
  const { tableName, keepSeconds = sevenDaysInSeconds, now = Date.now } = options;
  if (!(keepSeconds > 0)) throw new RangeError('keepSeconds must be above 0.');
  const client = options.client as { send(command: object): Promise<unknown> };
  return {
    advance: async (key, position) => {
      const command = marshalUpdate({
        TableName: tableName,
        // Behind a prefix that no id has: the space.
        Key: { id: `order ${key}` },
        UpdateExpression: 'SET #position = :position, #expiresAt = :expiresAt',
        ConditionExpression: 'attribute_not_exists(id) OR #position < :position',
        ExpressionAttributeNames: { '#position': 'position', '#expiresAt': 'expiresAt' },
        ExpressionAttributeValues: { ':position': position, ':expiresAt': Math.ceil(now() / 1_000 + keepSeconds) },
      });
      const refused = await refusalOf(
        client.send(new UpdateItemCommand({ ...command, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })),
      );
      if (!refused) return 'newer';
      return refused.Item?.position?.S === position ? 'same' : 'older';
    },
  };
}

const sevenDaysInSeconds = 604_800;
