import type { CheckedRequest } from '../dynalite/checked-request.ts';
import { resourceNotFound, trimmedDataAccess, validationFailure } from '../failure.ts';
import { ranges, sequenceOf } from '../level/keys.ts';
import type { State } from '../state/state.ts';
import { fromIterator, type ShardPlace, toIterator } from '../streams/iterator.ts';
import { shardKey } from '../streams/shard-signals.ts';
import { fromSequenceNumber, type Stream, toSequenceNumber } from '../streams/stream.ts';
import { type StoredRecord, type StreamRecord, toStreamRecord } from '../streams/stream-record.ts';
import type { Body } from '../values.ts';

const maxListed = 100;

export async function listStreams({ catalogue }: State, request: CheckedRequest): Promise<Body> {
  const { TableName, ExclusiveStartStreamArn: start, Limit = maxListed } = request;
  const streams = catalogue
    .streams()
    .filter(({ tableName }) => TableName === undefined || tableName === TableName)
    .filter(({ arn }) => start === undefined || arn > String(start));
  const listed = streams.slice(0, Number(Limit));
  return {
    Streams: listed.map(({ arn, label, tableName }) => ({ StreamArn: arn, StreamLabel: label, TableName: tableName })),
    ...(streams.length > listed.length && { LastEvaluatedStreamArn: listed.at(-1)?.arn }),
  };
}

function findStream({ catalogue }: State, arn: unknown): Stream {
  const stream = catalogue.findStreamByArn(arn);
  if (!stream) throw resourceNotFound(`Requested resource not found: Stream: ${arn} not found`);
  return stream;
}

export async function describeStream(state: State, request: CheckedRequest): Promise<Body> {
  const { ExclusiveStartShardId: start, Limit = maxListed } = request;
  const stream = findStream(state, request.StreamArn);
  const shards = stream.shardIds.filter((shardId) => start === undefined || shardId > String(start));
  const listed = shards.slice(0, Number(Limit));
  return {
    StreamDescription: {
      StreamArn: stream.arn,
      StreamLabel: stream.label,
      StreamStatus: stream.closed ? 'DISABLED' : 'ENABLED',
      StreamViewType: stream.viewType,
      CreationRequestDateTime: new Date(`${stream.label}Z`).getTime() / 1_000,
      TableName: stream.tableName,
      KeySchema: stream.keySchema,
      Shards: listed.map((ShardId) => ({
        ShardId,
        SequenceNumberRange: {
          StartingSequenceNumber: toSequenceNumber(stream.firstSequence),
          ...(stream.closed && { EndingSequenceNumber: toSequenceNumber(stream.closed.lastSequence) }),
        },
      })),
      ...(shards.length > listed.length && { LastEvaluatedShardId: listed.at(-1) }),
    },
  };
}

export async function getShardIterator(state: State, request: CheckedRequest): Promise<Body> {
  const stream = findStream(state, request.StreamArn);
  const shard = stream.shardIds.indexOf(String(request.ShardId));
  if (shard < 0)
    throw resourceNotFound(
      `Requested resource not found: Shard: ${request.ShardId} in Stream: ${stream.arn} not found`,
    );
  const sequence = await findStart(state, stream, shard, request);
  return { ShardIterator: toIterator({ streamId: stream.id, shard, sequence }, state.now()) };
}

async function findStart(state: State, stream: Stream, shard: number, request: CheckedRequest): Promise<number> {
  const { ShardIteratorType: type, SequenceNumber } = request;
  if (type === 'TRIM_HORIZON') return Math.max(stream.firstSequence, trimmedUpTo(state, stream, shard) + 1);
  if (type === 'LATEST') {
    // LATEST is after all planned records, even if they are not durable yet.
    const latest = state.sequences.last() + 1;
    await state.storage.settled();
    return latest;
  }
  if (SequenceNumber === undefined)
    throw validationFailure(`One or more parameter values were invalid: SequenceNumber must be specified for ${type}`);
  const sequence = fromSequenceNumber(String(SequenceNumber));
  if (sequence === undefined) throw validationFailure(`Invalid SequenceNumber: ${SequenceNumber}`);
  const from = type === 'AT_SEQUENCE_NUMBER' ? sequence : sequence + 1;
  if (sequence < stream.firstSequence || isTrimmed(state, stream, shard, sequence))
    throw trimmedDataAccess(pastHorizon);
  return from;
}

const pastHorizon = 'The operation attempted to read past the oldest stream record in a shard.';

/** Returns the highest sequence number that was trimmed from the shard. */
const trimmedUpTo = ({ trimMarks }: State, { id }: Stream, shard: number): number => trimMarks.of(id, shard);

const isTrimmed = (state: State, stream: Stream, shard: number, sequence: number): boolean =>
  sequence <= trimmedUpTo(state, stream, shard);

const maxRecords = 1_000;
const maxBytes = 1_024 * 1_024;

export async function getRecords(state: State, request: CheckedRequest): Promise<Body> {
  const place = fromIterator(String(request.ShardIterator), state.now());
  const stream = state.catalogue.findStream(place.streamId);
  if (!stream) throw resourceNotFound('Requested resource not found: the stream of this iterator is gone');
  if (isTrimmed(state, stream, place.shard, place.sequence)) throw trimmedDataAccess(pastHorizon);
  const limit = (request.Limit as number | undefined) ?? maxRecords;
  // The last records of a stream that was just closed may not be durable yet.
  if (stream.closed) await state.storage.settled();
  const found = await readOrWait(state, stream, { place, limit });
  const isOver = stream.closed !== undefined && found.isAll;
  return {
    Records: found.records,
    ...(!isOver && { NextShardIterator: toIterator({ ...place, sequence: found.next }, state.now()) }),
  };
}

/** A page of records, the place after it, and whether the shard has no more records now. */
interface Page {
  readonly records: readonly StreamRecord[];
  readonly next: number;
  readonly isAll: boolean;
}

async function readOrWait(
  state: State,
  stream: Stream,
  { place, limit }: { readonly place: ShardPlace; readonly limit: number },
): Promise<Page> {
  const from = state.tails.from(place.streamId, place.shard);
  const found = readTail(state, place, limit) ?? (await readStored(state, place, limit));
  if (found.records.length > 0 || stream.closed) return found;
  // All later records are in memory. There is no pause between looking for them and waiting for one.
  const end = { ...place, sequence: Math.max(place.sequence, from) };
  const late = readTail(state, end, limit);
  if (late && (late.records.length > 0 || state.streamWaitMs === 0)) return late;
  await state.signals.wait(shardKey(place.streamId, place.shard), state.streamWaitMs);
  return readTail(state, end, limit) ?? readStored(state, end, limit);
}

function readTail({ tails }: State, { streamId, shard, sequence }: ShardPlace, limit: number): Page | undefined {
  const tail = tails.read(streamId, shard, sequence, limit);
  if (!tail) return undefined;
  const records: StreamRecord[] = [];
  let next = sequence;
  let bytes = 0;
  for (const { sequence: own, bytes: ownBytes, record } of tail) {
    if (bytes > 0 && bytes + ownBytes > maxBytes) return { records, next, isAll: false };
    bytes += ownBytes;
    records.push(record);
    next = own + 1;
  }
  return { records, next, isAll: records.length < limit };
}

async function readStored(
  { storage, region }: State,
  { streamId, shard, sequence }: ShardPlace,
  limit: number,
): Promise<Page> {
  const records: StreamRecord[] = [];
  let next = sequence;
  let bytes = 0;
  for await (const rows of storage.rows({ ...ranges.recordsFrom(streamId, shard, sequence), limit }))
    for (const [key, text] of rows) {
      if (bytes > 0 && bytes + text.length > maxBytes) return { records, next, isAll: false };
      bytes += text.length;
      const own = sequenceOf(key);
      // Only `planRecord` creates these rows.
      const { record } = JSON.parse(text) as { record: StoredRecord };
      records.push(toStreamRecord(record, { streamId, sequence: own, region }));
      next = own + 1;
    }
  return { records, next, isAll: records.length < limit };
}
