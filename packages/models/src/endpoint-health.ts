import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { EndpointHealth } from '@posthorn/core/endpoint/endpoint-health';
import type { EndpointHealthRepository } from '@posthorn/core/endpoint/endpoint-health-repository';
import { parseHealth, readHealth, toHealthText } from './endpoints/health-text.ts';
import { flagOf, textOf, toItem, toRow } from './rows/row.ts';
import { tryConditionalWrite } from './rows/row-access.ts';
import type { Store } from './store.ts';

type Key = Parameters<EndpointHealthRepository['find']>[0];

/** The health of endpoints in DynamoDB: one attribute of the endpoint's row. */
export function createEndpointHealthRepository({ client, stage }: Store): EndpointHealthRepository {
  const TableName = tableName(stage, 'endpoints');
  return {
    find: async (endpoint, read) => {
      const { Item } = await client.send(
        new GetItemCommand({
          TableName,
          Key: keyOf(endpoint),
          ConsistentRead: read === 'latest',
          ProjectionExpression: 'organisationId, disabled, health',
        }),
      );
      if (!Item) return undefined;
      const row = toRow(Item);
      const health = readHealth(row, 'health');
      return {
        organisationId: textOf(row, 'organisationId'),
        disabled: flagOf(row, 'disabled'),
        ...(health && { health }),
      };
    },
    replace: async (endpoint, { previous, next }) => {
      const replaceText = (text: string | undefined) =>
        tryConditionalWrite(client.send(new UpdateItemCommand(replacing({ TableName, endpoint, text, next }))));
      const text = previous && toHealthText(previous);
      const write = await replaceText(text);
      if (!write.refused) return 'stored';
      const { health: stored } = write.by;
      // Written by another version, which knows other fields: what this version knows of it is the same.
      if (typeof stored !== 'string' || stored === text || textOfKnown(stored) !== text) return 'changed';
      return (await replaceText(stored)).refused ? 'changed' : 'stored';
    },
  };
}

/** The text without what this version does not know. */
function textOfKnown(text: string): string | undefined {
  const health = parseHealth(text);
  return health && toHealthText(health);
}

const keyOf = ({ applicationId, endpointId }: Key) => toItem({ applicationId, endpointId });

const replacing = ({
  TableName,
  endpoint,
  text,
  next,
}: {
  readonly TableName: string;
  readonly endpoint: Key;
  readonly text: string | undefined;
  readonly next: EndpointHealth;
}) => ({
  TableName,
  Key: keyOf(endpoint),
  UpdateExpression: 'SET health = :next',
  ConditionExpression:
    text === undefined ? 'attribute_exists(endpointId) AND attribute_not_exists(health)' : 'health = :previous',
  ExpressionAttributeValues: toItem({
    ':next': toHealthText(next),
    ...(text !== undefined && { ':previous': text }),
  }),
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
});
