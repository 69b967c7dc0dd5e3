import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '@posthorn/contracts';
import type { LocalCloud } from '@posthorn/local-supervisor/local-cloud-file';
import type { Subscribed } from '../history/event.ts';

/**
 * Sets the URL in the row of an endpoint, past the API. With one that is no URL, jobs for it are set aside among the dead
 * letters, as for a row that was damaged.
 */
export async function setStoredUrl(
  { dynamodb, region, stage, ...cloud }: LocalCloud,
  { applicationId, endpointId }: Subscribed,
  url: string,
): Promise<void> {
  const client = new DynamoDBClient({ endpoint: dynamodb, region, credentials: cloud.system ?? cloud });
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: tableName(stage, 'endpoints'),
        Key: { applicationId: { S: applicationId }, endpointId: { S: endpointId } },
        UpdateExpression: 'SET #url = :url',
        ConditionExpression: 'attribute_exists(endpointId)',
        ExpressionAttributeNames: { '#url': 'url' },
        ExpressionAttributeValues: { ':url': { S: url } },
      }),
    );
  } finally {
    client.destroy();
  }
}
