import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  ListStreamsCommand,
  type _Record as StreamRecord,
} from '@aws-sdk/client-dynamodb-streams';
import { openStream } from '../stream.ts';
import { type Contract, n, s, withStream } from './contract.ts';

/** ListStreams, DescribeStream, GetShardIterator, GetRecords, and which writes create which records. */
export function streamPromises({ store, createTable, put }: Contract): void {
  const streamOf = async (TableName: string) =>
    (await store().dynamodb.send(new DescribeTableCommand({ TableName }))).Table?.LatestStreamArn ?? '';
  const update = (TableName: string, id: string, a: number) =>
    store().dynamodb.send(
      new UpdateItemCommand({
        TableName,
        Key: { id: s(id) },
        UpdateExpression: 'SET a = :a',
        ExpressionAttributeValues: { ':a': n(a) },
      }),
    );
  const remove = (TableName: string, id: string) =>
    store().dynamodb.send(new DeleteItemCommand({ TableName, Key: { id: s(id) } }));
  const recordsOf = async (table: string) => (await openStream(store().streams, table)).readNew();

  it.each([
    ['NEW_AND_OLD_IMAGES', { new: true, old: true }],
    ['NEW_IMAGE', { new: true, old: false }],
    ['OLD_IMAGE', { new: false, old: true }],
    ['KEYS_ONLY', { new: false, old: false }],
  ] as const)('records insert, change and removal with the view %s', async (view, shown) => {
    const table = await createTable(withStream(view));
    await put(table, { id: s('1'), a: n(1) });
    await update(table, '1', 2);
    await remove(table, '1');
    const [one, two] = [
      { id: s('1'), a: n(1) },
      { id: s('1'), a: n(2) },
    ];
    const records = await recordsOf(table);
    expect(records.map(({ eventName, dynamodb }) => [eventName, dynamodb?.NewImage, dynamodb?.OldImage])).toEqual([
      ['INSERT', shown.new ? one : undefined, undefined],
      ['MODIFY', shown.new ? two : undefined, shown.old ? one : undefined],
      ['REMOVE', undefined, shown.old ? two : undefined],
    ]);
    for (const { eventSource, eventVersion, eventID, awsRegion, dynamodb } of records) {
      expect({ eventSource, eventVersion }).toEqual({ eventSource: 'aws:dynamodb', eventVersion: '1.1' });
      expect(dynamodb).toMatchObject({ Keys: { id: s('1') }, StreamViewType: view });
      expect(dynamodb?.ApproximateCreationDateTime).toBeInstanceOf(Date);
      expect(dynamodb?.SizeBytes).toBeGreaterThan(0);
      expect(typeof eventID).toBe('string');
      expect(typeof awsRegion).toBe('string');
    }
  });

  it('has no record for a write that changes nothing', async () => {
    const table = await createTable(withStream('NEW_AND_OLD_IMAGES'));
    await put(
      table,
      { id: s('1'), a: n(1), set: { SS: ['a', 'b'] } },
      { id: s('1'), a: n('1.0'), set: { SS: ['b', 'a'] } },
    );
    await update(table, '1', 1);
    await remove(table, 'none');
    const { dynamodb } = store();
    await dynamodb.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { ConditionCheck: { TableName: table, Key: { id: s('1') }, ConditionExpression: 'attribute_exists(id)' } },
          { Delete: { TableName: table, Key: { id: s('none') } } },
        ],
      }),
    );
    await expect(
      dynamodb.send(
        new DeleteItemCommand({
          TableName: table,
          Key: { id: s('1') },
          ConditionExpression: 'attribute_not_exists(id)',
        }),
      ),
    ).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect((await recordsOf(table)).map(({ eventName }) => eventName)).toEqual(['INSERT']);
  });

  it('records each write of a batch and of a transaction once', async () => {
    const table = await createTable(withStream('NEW_IMAGE'));
    const { dynamodb } = store();
    const puts = (...ids: readonly string[]) => ids.map((id) => ({ Item: { id: s(id) } }));
    await dynamodb.send(
      new BatchWriteItemCommand({ RequestItems: { [table]: puts('a', 'b').map((PutRequest) => ({ PutRequest })) } }),
    );
    await dynamodb.send(
      new TransactWriteItemsCommand({
        TransactItems: puts('c', 'd').map((one) => ({ Put: { ...one, TableName: table } })),
      }),
    );
    const ids = (await recordsOf(table)).map(({ dynamodb: change }) => change?.Keys?.id?.S);
    expect(ids.sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it("keeps each key's records in order, with increasing sequence numbers", async () => {
    const table = await createTable(withStream('NEW_IMAGE'));
    for (let round = 1; round <= 10; round += 1) for (const id of ['a', 'b', 'c']) await update(table, id, round);
    const records = await recordsOf(table);
    expect(records).toHaveLength(30);
    for (const id of ['a', 'b', 'c']) {
      const own = records.filter(({ dynamodb }) => dynamodb?.Keys?.id?.S === id);
      expect(own.map(({ dynamodb }) => Number(dynamodb?.NewImage?.a?.N))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
      const numbers = own.map(({ dynamodb }) => BigInt(dynamodb?.SequenceNumber ?? 0));
      expect(numbers).toEqual([...numbers].sort((one, other) => (one < other ? -1 : 1)));
    }
  });

  /** Reads the shard that has records, from a position on. */
  const readShard = async (
    StreamArn: string,
    from: Omit<GetShardIteratorCommandInput, 'StreamArn' | 'ShardId'>,
    Limit?: number,
  ) => {
    const { streams } = store();
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
    const found: StreamRecord[] = [];
    let open = false;
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      const input = { StreamArn, ShardId, ...from };
      const answer = await streams.send(new GetShardIteratorCommand(input)).catch((error: Error) => error);
      // Other shards have no record with that number.
      if (answer instanceof Error) continue;
      const page = await streams.send(
        new GetRecordsCommand({ ShardIterator: answer.ShardIterator, ...(Limit === undefined ? {} : { Limit }) }),
      );
      found.push(...(page.Records ?? []));
      open ||= page.NextShardIterator !== undefined;
    }
    return { values: found.map(({ dynamodb }) => Number(dynamodb?.NewImage?.a?.N)), found, open };
  };

  it('starts reading at the oldest record, at a record or after it', async () => {
    const table = await createTable(withStream('NEW_IMAGE'));
    for (const a of [1, 2, 3]) await update(table, '1', a);
    const arn = await streamOf(table);
    const { values, found, open } = await readShard(arn, { ShardIteratorType: 'TRIM_HORIZON' });
    expect(values).toEqual([1, 2, 3]);
    expect(open).toBe(true);
    const SequenceNumber = found[1]?.dynamodb?.SequenceNumber;
    expect((await readShard(arn, { ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber })).values).toEqual([2, 3]);
    expect((await readShard(arn, { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber })).values).toEqual([3]);
    expect((await readShard(arn, { ShardIteratorType: 'TRIM_HORIZON' }, 2)).values).toEqual([1, 2]);
  });

  it('starts reading at the next record', async () => {
    const table = await createTable(withStream('NEW_IMAGE'));
    await update(table, '1', 1);
    const StreamArn = await streamOf(table);
    const { streams } = store();
    const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
    const iterators = await Promise.all(
      (StreamDescription?.Shards ?? []).map(({ ShardId }) =>
        streams.send(new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'LATEST' })),
      ),
    );
    await update(table, '1', 2);
    const pages = await Promise.all(
      iterators.map(({ ShardIterator }) => streams.send(new GetRecordsCommand({ ShardIterator }))),
    );
    const values = pages.flatMap(({ Records = [] }) => Records.map(({ dynamodb }) => dynamodb?.NewImage?.a?.N));
    expect(values).toEqual(['2']);
  });

  it('lists and describes a stream', async () => {
    const table = await createTable(withStream('KEYS_ONLY'));
    const StreamArn = await streamOf(table);
    const { Streams } = await store().streams.send(new ListStreamsCommand({ TableName: table }));
    expect(Streams).toMatchObject([{ StreamArn, TableName: table }]);
    const { StreamDescription } = await store().streams.send(new DescribeStreamCommand({ StreamArn }));
    expect(StreamDescription).toMatchObject({
      StreamArn,
      StreamStatus: 'ENABLED',
      StreamViewType: 'KEYS_ONLY',
      TableName: table,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    });
    for (const { SequenceNumberRange } of StreamDescription?.Shards ?? []) {
      expect(SequenceNumberRange?.StartingSequenceNumber).toBeDefined();
      expect(SequenceNumberRange?.EndingSequenceNumber).toBeUndefined();
    }
  });

  it('can be read to its end after it was disabled', async () => {
    const table = await createTable(withStream('NEW_IMAGE'));
    await update(table, '1', 1);
    const StreamArn = await streamOf(table);
    await store().dynamodb.send(
      new UpdateTableCommand({ TableName: table, StreamSpecification: { StreamEnabled: false } }),
    );
    const { StreamDescription } = await store().streams.send(new DescribeStreamCommand({ StreamArn }));
    expect(StreamDescription?.StreamStatus).toBe('DISABLED');
    const { values, open } = await readShard(StreamArn, { ShardIteratorType: 'TRIM_HORIZON' });
    expect(values).toEqual([1]);
    expect(open).toBe(false);
  });

  it('refuses a stream that does not exist', async () => {
    const StreamArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/nowhere/stream/2026-01-01T00:00:00.000';
    await expect(store().streams.send(new DescribeStreamCommand({ StreamArn }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const ShardId = 'shardId-00000001600000000000-00000000';
    await expect(
      store().streams.send(new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'LATEST' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
}
