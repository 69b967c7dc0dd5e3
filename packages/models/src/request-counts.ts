import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { RequestCountRepository } from '@posthorn/core/rate-limit/request-count-repository';
import { numberOf, toItem, toRow } from './rows/row.ts';
import type { Store } from './store.ts';

/** Counts of requests in DynamoDB: a row for each second of each caller that has a limit. */
export function createRequestCounts({ client, stage }: Store): RequestCountRepository {
  const TableName = tableName(stage, 'throttles');
  return {
    async add({ caller, second }, requests) {
      const command = new UpdateItemCommand({
        TableName,
        Key: toItem({ limit: `requests#${caller}#${second}` }),
        UpdateExpression: 'ADD requests :requests SET expiresAt = :expiresAt',
        ExpressionAttributeValues: toItem({ ':requests': requests, ':expiresAt': second + keptSeconds }),
        ReturnValues: 'UPDATED_NEW',
      });
      const { Attributes = {} } = await client.send(command);
      return numberOf(toRow(Attributes), 'requests');
    },
  };
}

/** A row is of no use when its second is over. */
const keptSeconds = 60;
