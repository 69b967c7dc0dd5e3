import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { Endpoint } from '@posthorn/core';
import { daysAfter, toEpochSeconds } from '../rows/expiry.ts';
import { ifPresent, type Row, textOf, toItem } from '../rows/row.ts';
import { getRow } from '../rows/row-access.ts';
import type { Store } from '../store.ts';

/** Far longer than a request takes: none reads the row and writes after it has expired. */
const keptDays = 2;

/** The row with the id of the endpoint that was created last in an application. Each creation changes it. */
const key = (applicationId: string): Row => ({ applicationId, endpointId: 'created#last' });

/** The id of the endpoint that was created last, if that was lately. */
export async function readLastCreated({ client, stage }: Store, applicationId: string): Promise<string | undefined> {
  const row = await getRow({ client }, { tableName: tableName(stage, 'endpoints'), key: key(applicationId) });
  return row && ifPresent(row, 'last', textOf);
}

/** Notes a creation, if no other one was noted since `lastCreated` was read. */
export const markCreation = (
  { stage }: Pick<Store, 'stage'>,
  { applicationId, endpointId }: Pick<Endpoint, 'applicationId' | 'endpointId'>,
  lastCreated: string | undefined,
): TransactWriteItem => ({
  Put: {
    TableName: tableName(stage, 'endpoints'),
    Item: toItem({
      ...key(applicationId),
      last: endpointId,
      expiresAt: toEpochSeconds(daysAfter(new Date(), keptDays)),
    }),
    ExpressionAttributeNames: { '#last': 'last' },
    ...(lastCreated === undefined
      ? { ConditionExpression: 'attribute_not_exists(#last)' }
      : {
          ConditionExpression: '#last = :last',
          ExpressionAttributeValues: toItem({ ':last': lastCreated }),
        }),
  },
});
