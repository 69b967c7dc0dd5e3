import { type EmbeddedDynamodb, RequestFailure } from '@posthorn/local-dynamodb';
import type { Change, ListedShard, Page, StreamSource } from '@posthorn/local-event-sources';

/** A stream record as GetRecords returns it in JSON. It has the form of Lambda's event, but for its ARN. */
interface JsonRecord {
  readonly dynamodb: {
    readonly Keys: object;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly ApproximateCreationDateTime: number;
  };
}

interface JsonTable {
  readonly LatestStreamArn?: string;
  readonly StreamSpecification?: { readonly StreamViewType?: string };
}

interface JsonShard {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly SequenceNumberRange: { readonly EndingSequenceNumber?: string };
}

const pageSize = 1_000;

/**
 * The streams of the store in this process. A read at the end of a shard waits for the next change.
 *
 * @param signal - ends the waiting
 */
export function createLocalStreams(dynamodb: EmbeddedDynamodb, signal: AbortSignal): StreamSource {
  // The store's own answers have these forms.
  const call = async <Answer>(operation: string, input: object): Promise<Answer> => {
    try {
      return (await dynamodb.execute(operation, input)) as Answer;
    } catch (error) {
      throw error instanceof RequestFailure ? named(error) : error;
    }
  };
  return {
    async find(TableName) {
      const { Table } = await call<{ Table: JsonTable }>('DescribeTable', { TableName });
      const { LatestStreamArn: streamArn, StreamSpecification } = Table;
      return streamArn === undefined ? undefined : { arn: streamArn, viewType: StreamSpecification?.StreamViewType };
    },
    open: (arn) => ({
      arn,
      async listShards() {
        const shards: ListedShard[] = [];
        for (let last: string | undefined; ; ) {
          const input = { StreamArn: arn, ...(last !== undefined && { ExclusiveStartShardId: last }) };
          const { StreamDescription: found } = await call<{
            StreamDescription: { Shards: readonly JsonShard[]; LastEvaluatedShardId?: string };
          }>('DescribeStream', input);
          shards.push(...found.Shards.map(toListedShard));
          last = found.LastEvaluatedShardId;
          if (last === undefined) return shards;
        }
      },
      async openShard(ShardId, from) {
        const start =
          typeof from === 'string'
            ? { ShardIteratorType: from }
            : {
                ShardIteratorType: from.kind === 'at' ? 'AT_SEQUENCE_NUMBER' : 'AFTER_SEQUENCE_NUMBER',
                SequenceNumber: from.sequenceNumber,
              };
        const input = { StreamArn: arn, ShardId, ...start };
        return (await call<{ ShardIterator?: string }>('GetShardIterator', input)).ShardIterator;
      },
      async read(ShardIterator): Promise<Page> {
        const reading = call<{ Records: readonly JsonRecord[]; NextShardIterator?: string }>('GetRecords', {
          ShardIterator,
          Limit: pageSize,
        });
        const found = await unlessAborted(reading, signal);
        if (found === undefined) return { changes: [], next: ShardIterator };
        const changes = found.Records.map((record) => toChange(record, arn));
        return found.NextShardIterator === undefined ? { changes } : { changes, next: found.NextShardIterator };
      },
    }),
  };
}

/**
 * Resolves with nothing if the signal aborts first. (`Promise.race` with a promise that stays pending would keep every
 * result in memory.)
 */
const unlessAborted = <Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result | undefined> =>
  new Promise((resolve, reject) => {
    const abort = () => resolve(undefined);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });

/** The error with DynamoDB's name, by which the runner knows it. */
function named(failure: RequestFailure): Error {
  const error = new Error(failure.message, { cause: failure });
  error.name = failure.type.slice(failure.type.indexOf('#') + 1);
  return error;
}

const toListedShard = ({ ShardId, ParentShardId, SequenceNumberRange }: JsonShard): ListedShard => ({
  shardId: ShardId,
  closed: SequenceNumberRange.EndingSequenceNumber !== undefined,
  ...(ParentShardId === undefined ? {} : { parentShardId: ParentShardId }),
});

function toChange(record: JsonRecord, arn: string): Change {
  const { Keys, SequenceNumber, SizeBytes, ApproximateCreationDateTime } = record.dynamodb;
  return {
    sequenceNumber: SequenceNumber,
    key: JSON.stringify(Keys),
    arrivedAt: new Date(ApproximateCreationDateTime * 1_000),
    sizeBytes: SizeBytes,
    // It is JSON: the store answers in the form of its protocol.
    record: { ...record, eventSourceARN: arn } as unknown as Change['record'],
  };
}
