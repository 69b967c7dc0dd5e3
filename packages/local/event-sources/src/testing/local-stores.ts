import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { GetQueueUrlCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const common = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

export const createSqsClient = (endpoint: string): SQSClient =>
  new SQSClient({ ...common, endpoint, useQueueUrlAsEndpoint: false });

export const createDynamodbClients = (endpoint: string) => ({
  dynamodb: new DynamoDBClient({ ...common, endpoint }),
  streams: new DynamoDBStreamsClient({ ...common, endpoint }),
});

/** Sends a message. A FIFO queue needs a group. */
export async function send(sqs: SQSClient, queueName: string, body: string, group?: string): Promise<void> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName }));
  const fifo = group === undefined ? {} : { MessageGroupId: group, MessageDeduplicationId: `${group}-${body}` };
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body, ...fifo }));
}

/** Waits up to a second for messages, and returns up to 10 bodies. */
export async function receiveBodies(sqs: SQSClient, queueName: string): Promise<readonly string[]> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName }));
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1, MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body = '' }) => Body);
}

/** Creates a table with the key `id` and a stream with new and old images. */
export async function createTable(dynamodb: DynamoDBClient, name: string): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName: name,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
}
