import { UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { type Application, type ApplicationRepository, DomainError } from '@posthorn/core';
import { numberOf, toItem, toRow } from './rows/row.ts';
import { tryConditionalWrite } from './rows/row-access.ts';
import type { Store } from './store.ts';

type OrderingRepository = Pick<ApplicationRepository, 'startOrdering' | 'settleOrdering' | 'stopOrdering'>;

/**
 * Stores since when an application's messages are ordered, and how often that was asked for. No update writes this, so the
 * revision stays as it is. Pollers need nothing else of applications, so it does not use Dynamoose.
 */
export function createOrdering({ client, stage }: Store): OrderingRepository {
  const update = (
    { organisationId, applicationId }: Pick<Application, 'organisationId' | 'applicationId'>,
    change: Partial<UpdateItemCommandInput>,
  ) => {
    const table = { TableName: tableName(stage, 'applications'), Key: toItem({ organisationId, applicationId }) };
    return tryConditionalWrite(client.send(new UpdateItemCommand({ ...table, ...change })));
  };
  return {
    startOrdering: async (application, at) => {
      const written = await update(application, {
        UpdateExpression: 'SET orderedAt = if_not_exists(orderedAt, :at) ADD orderStarts :one',
        ConditionExpression: 'attribute_exists(applicationId)',
        ExpressionAttributeValues: toItem({ ':at': at.toISOString(), ':one': 1 }),
        ReturnValues: 'ALL_NEW',
      });
      if (written.refused) throw new DomainError('not_found', 'Entity not found');
      const row = toRow(written.answer.Attributes ?? {});
      return { orderStarts: numberOf(row, 'orderStarts'), isSettled: row.orderSettled === true };
    },
    settleOrdering: async (application, orderStarts) => {
      await update(application, {
        UpdateExpression: 'SET orderSettled = :true',
        ConditionExpression: 'attribute_exists(orderedAt) AND orderStarts = :starts',
        ExpressionAttributeValues: toItem({ ':true': true, ':starts': orderStarts }),
      });
    },
    // The count stays: it must not come to the same number again.
    stopOrdering: async ({ orderStarts, ...application }) => {
      await update(application, {
        UpdateExpression: 'REMOVE orderedAt, orderSettled',
        ...(orderStarts === undefined
          ? { ConditionExpression: 'attribute_exists(applicationId) AND attribute_not_exists(orderStarts)' }
          : {
              ConditionExpression: 'orderStarts = :starts',
              ExpressionAttributeValues: toItem({ ':starts': orderStarts }),
            }),
      });
    },
  };
}
