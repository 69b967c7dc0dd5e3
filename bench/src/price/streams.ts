import {
  type AttributeValue,
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  type _Record as StreamRecord,
} from '@aws-sdk/client-dynamodb-streams';

/** The records of a table's stream from its beginning, as Lambda passes them to a function. */
export async function readRecords(endpoint: string, tableName: string): Promise<readonly LambdaRecord[]> {
  const client = new DynamoDBStreamsClient({ endpoint });
  const records: LambdaRecord[] = [];
  const { Streams = [] } = await client.send(new ListStreamsCommand({ TableName: tableName }));
  for (const { StreamArn } of Streams) {
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn }));
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      const place = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
      let { ShardIterator } = await client.send(new GetShardIteratorCommand(place));
      while (ShardIterator !== undefined) {
        const page = await client.send(new GetRecordsCommand({ ShardIterator, Limit: 1_000 }));
        records.push(...(page.Records ?? []).map((record) => toLambdaRecord(record, StreamArn ?? '')));
        ShardIterator = page.Records?.length ? page.NextShardIterator : undefined;
      }
    }
  }
  client.destroy();
  return records;
}

/** The part of a record that the functions read, and its size. */
export interface LambdaRecord {
  readonly eventName: string;
  readonly eventSourceARN: string;
  readonly dynamodb: object;
  /** The bytes of the row. */
  readonly bytes: number;
}

const toLambdaRecord = ({ eventName, dynamodb = {} }: StreamRecord, arn: string): LambdaRecord => ({
  eventName: eventName ?? '',
  eventSourceARN: arn,
  dynamodb: {
    ...dynamodb,
    ApproximateCreationDateTime: (dynamodb.ApproximateCreationDateTime?.getTime() ?? 0) / 1000,
    ...(dynamodb.NewImage && { NewImage: toImage(dynamodb.NewImage) }),
  },
  bytes: dynamodb.SizeBytes ?? 0,
});

/** Lambda's event is JSON, with binary values as base64. */
const toImage = (image: Record<string, AttributeValue>) =>
  Object.fromEntries(
    Object.entries(image).map(([name, value]) => [
      name,
      value.B ? { B: Buffer.from(value.B).toString('base64') } : value,
    ]),
  );
