import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
} from '@aws-sdk/client-dynamodb-streams';
import type { InProcessClient } from '@posthorn/local-dynamodb';

/** Reads all streams from their beginning, and returns the number of records. */
export async function readStreams(client: InProcessClient): Promise<number> {
  let records = 0;
  const { Streams = [] } = await client.send(new ListStreamsCommand({}));
  for (const { StreamArn } of Streams) {
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn }));
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      const place = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
      let { ShardIterator } = await client.send(new GetShardIteratorCommand(place));
      while (ShardIterator !== undefined) {
        const page = await client.send(new GetRecordsCommand({ ShardIterator, Limit: 1_000 }));
        records += page.Records?.length ?? 0;
        ShardIterator = page.Records?.length ? page.NextShardIterator : undefined;
      }
    }
  }
  return records;
}
