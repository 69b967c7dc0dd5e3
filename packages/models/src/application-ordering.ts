import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import { type ApplicationRepository, DomainError } from '@posthorn/core';
import { toItem } from './rows/row.ts';
import { tryConditionalWrite } from './rows/row-access.ts';
import type { Store } from './store.ts';

type ApplicationKey = Parameters<ApplicationRepository['startOrdering']>[0];
type OrderingRepository = Pick<ApplicationRepository, 'startOrdering' | 'stopOrdering'>;

/**
 * Stores since when an application's messages are ordered. No update writes this, so the revision stays as it is. Pollers
 * need nothing else of applications, so it does not use Dynamoose.
 */
export function createOrdering({ client, stage }: Store): OrderingRepository {
  const update = ({ organisationId, applicationId }: ApplicationKey, at: Date) => ({
    TableName: tableName(stage, 'applications'),
    Key: toItem({ organisationId, applicationId }),
    ExpressionAttributeValues: toItem({ ':at': at.toISOString() }),
  });
  return {
    startOrdering: async (application, at) => {
      const command = new UpdateItemCommand({
        ...update(application, at),
        UpdateExpression: 'SET orderedAt = :at',
        ConditionExpression: 'attribute_exists(applicationId)',
        ReturnValues: 'UPDATED_OLD',
      });
      const written = await tryConditionalWrite(client.send(command));
      if (written.refused) throw new DomainError('not_found', 'Entity not found');
      return { orderedBefore: written.answer.Attributes?.orderedAt !== undefined };
    },
    stopOrdering: async (application, orderedAt) => {
      const command = new UpdateItemCommand({
        ...update(application, orderedAt),
        UpdateExpression: 'REMOVE orderedAt',
        ConditionExpression: 'orderedAt = :at',
      });
      await tryConditionalWrite(client.send(command));
    },
  };
}
