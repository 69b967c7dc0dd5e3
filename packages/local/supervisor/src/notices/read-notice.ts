import {
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import * as z from 'zod/mini';

/** A record of a table's stream, by the row that it is about. */
export interface NoticedRecord {
  readonly table: string;
  readonly key: Readonly<Record<string, string>>;
}

/** The records that a notice is about. */
export type Notice =
  | { readonly kind: 'records'; readonly records: readonly NoticedRecord[] }
  | { readonly kind: 'unknown'; readonly why: string };

/** A record that a trigger has set aside. */
const recordNotice = z.object({ table: z.string(), key: z.record(z.string(), z.string()) });

/** Records that Lambda gave up. It names their places in the stream. */
const batchNotice = z.object({
  DDBStreamBatchInfo: z.object({
    streamArn: z.string(),
    shardId: z.string(),
    startSequenceNumber: z.string(),
    endSequenceNumber: z.string(),
  }),
});
type Batch = z.infer<typeof batchNotice>['DDBStreamBatchInfo'];

/** Reads a notice, and if Lambda sent it, the keys of its records in the stream. That has them for 24 hours. */
export async function readNotice(
  { streams }: { readonly streams: DynamoDBStreamsClient },
  body: string,
): Promise<Notice> {
  const notice = parse(body);
  const record = z.safeParse(recordNotice, notice);
  if (record.success) return { kind: 'records', records: [record.data] };
  const batch = z.safeParse(batchNotice, notice);
  if (!batch.success) return { kind: 'unknown', why: 'it is not a notice of stream records' };
  try {
    return { kind: 'records', records: await readBatch(streams, batch.data.DDBStreamBatchInfo) };
  } catch (error) {
    if (!(error instanceof Error) || !noLongerThere.has(error.name)) throw error;
    return {
      kind: 'unknown',
      why: 'the stream no longer has its records. For messages, run reconcile: statistics stay without its attempts',
    };
  }
}

const noLongerThere: ReadonlySet<string> = new Set(['TrimmedDataAccessException', 'ResourceNotFoundException']);

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function readBatch(
  streams: DynamoDBStreamsClient,
  { streamArn, shardId, startSequenceNumber, endSequenceNumber }: Batch,
): Promise<readonly NoticedRecord[]> {
  const table = streamArn.split('/')[1] ?? '';
  const last = BigInt(endSequenceNumber);
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({
      StreamArn: streamArn,
      ShardId: shardId,
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      SequenceNumber: startSequenceNumber,
    }),
  );
  const found: NoticedRecord[] = [];
  for (let iterator = ShardIterator; iterator !== undefined; ) {
    const { Records = [], NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator: iterator }));
    for (const { dynamodb } of Records) {
      const place = BigInt(dynamodb?.SequenceNumber ?? '0');
      if (place > last) return found;
      const entries = Object.entries(dynamodb?.Keys ?? {}).map(([name, value]) => [name, value.S ?? '']);
      found.push({ table, key: Object.fromEntries(entries) });
      if (place === last) return found;
    }
    iterator = NextShardIterator;
  }
  return found;
}
