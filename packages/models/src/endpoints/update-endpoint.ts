import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { Endpoint } from '@posthorn/core';
import { toItem } from '../rows/row.ts';
import type { Store } from '../store.ts';
import { endpointAttributes, toEndpointRow } from './endpoint-row.ts';

/** What an update of an endpoint writes: everything but the keys and what others write meanwhile. */
const updatedAttributes = Object.keys(endpointAttributes).filter(
  (name) => name !== 'health' && name !== 'autoDisabled',
);

/**
 * Changes an endpoint's row to `next`, if it still has the revision. `health` stays as it is, whatever `next` says: it is
 * written by itself at any time, without a new revision. So does `autoDisabled`. Only an endpoint that is enabled again
 * loses them. The row says since when it is enabled, so that an attempt from before cannot disable it again.
 */
export function updateEndpoint(
  { stage }: Pick<Store, 'stage'>,
  next: Endpoint,
  previous: Pick<Endpoint, 'revision' | 'disabled'>,
): TransactWriteItem {
  const row = toEndpointRow(next);
  const present = updatedAttributes.filter((name) => row[name] !== undefined);
  const isEnabled = previous.disabled && !next.disabled;
  const forgotten = isEnabled ? ['health', 'autoDisabled'] : [];
  const absent = [...updatedAttributes.filter((name) => row[name] === undefined), ...forgotten];
  const name = (attribute: string): string => `#${attribute}`;
  const names = Object.fromEntries(
    [...updatedAttributes, ...forgotten].map((attribute) => [name(attribute), attribute]),
  );
  const values = Object.fromEntries(present.map((attribute) => [`:${attribute}`, row[attribute]]));
  const set = [
    ...present.map((attribute) => `${name(attribute)} = :${attribute}`),
    ...(isEnabled ? ['enabledAt = :updatedAt'] : []),
  ].join(', ');
  return {
    Update: {
      TableName: tableName(stage, 'endpoints'),
      Key: toItem({ applicationId: next.applicationId, endpointId: next.endpointId }),
      UpdateExpression: absent.length === 0 ? `SET ${set}` : `SET ${set} REMOVE ${absent.map(name).join(', ')}`,
      ConditionExpression: `${name('revision')} = :read`,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: toItem({ ...values, ':read': previous.revision }),
    },
  };
}
