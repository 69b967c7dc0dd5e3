import {
  CreateTableCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  type _Record,
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { refusalOf, say, startLocalTables } from './local-tables.ts';

const { client, streams, stop } = await startLocalTables();
const TableName = 'orders';

const { TableDescription } = await client.send(
  new CreateTableCommand({
    TableName,
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  }),
);
const StreamArn = TableDescription?.LatestStreamArn;

const put = (id: string, status: string) =>
  client.send(new PutItemCommand({ TableName, Item: { id: { S: id }, status: { S: status } } }));
const setStatus = (id: string, from: string, to: string) => ({
  TableName,
  Key: { id: { S: id } },
  UpdateExpression: 'SET #status = :to',
  ConditionExpression: '#status = :from',
  ExpressionAttributeNames: { '#status': 'status' },
  ExpressionAttributeValues: { ':from': { S: from }, ':to': { S: to } },
});

await put('7', 'placed');
await client.send(new UpdateItemCommand(setStatus('7', 'placed', 'paid')));
await put('7', 'paid'); // changes nothing
say(`refused: ${await refusalOf(client.send(new UpdateItemCommand(setStatus('7', 'placed', 'cancelled'))))}`);

const both = [{ Update: setStatus('7', 'paid', 'shipped') }, { Update: setStatus('8', 'paid', 'shipped') }];
const cancelled = await refusalOf(client.send(new TransactWriteItemsCommand({ TransactItems: both })));
say(`cancelled: ${cancelled.slice(-'[None, ConditionalCheckFailed]'.length)}`);

/** Reads the stream from its beginning, as a function does that was deployed a little later. */
async function readFromStart(): Promise<readonly _Record[]> {
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
  const place = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
  const { ShardIterator } = await streams.send(new GetShardIteratorCommand(place));
  const { Records = [] } = await streams.send(new GetRecordsCommand({ ShardIterator }));
  return Records;
}

const first = await readFromStart();
for (const { eventName, dynamodb } of first)
  say(`${eventName}: ${dynamodb?.OldImage?.status?.S ?? 'nothing'} -> ${dynamodb?.NewImage?.status?.S}`);

const again = await readFromStart();
const same = again.every(({ eventID }, n) => eventID === first[n]?.eventID);
say(`read again: ${again.length} records, ${same ? 'the same' : 'other'} ids`);
await stop();
