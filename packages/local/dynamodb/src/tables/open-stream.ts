import { randomBytes } from 'node:crypto';
import type { StreamViewType, Table } from '../schema/table.ts';
import type { State } from '../state/state.ts';
import type { Stream } from '../streams/stream.ts';

/** Returns the table with a new stream, and the stream. The caller must save both. */
export function openStream(state: State, table: Table, viewType: StreamViewType): { table: Table; stream: Stream } {
  const { TableArn, TableName, KeySchema } = table.description;
  const label = newLabel(state, TableName);
  const createdAt = String(state.now()).padStart(20, '0');
  const stream: Stream = {
    id: state.catalogue.newId(),
    arn: `${TableArn}/stream/${label}`,
    label,
    tableName: TableName,
    viewType,
    keySchema: KeySchema,
    shardIds: Array.from(
      { length: state.shardsPerStream },
      () => `shardId-${createdAt}-${randomBytes(4).toString('hex')}`,
    ).sort(),
    firstSequence: state.sequences.last() + 1,
  };
  const description = {
    ...table.description,
    StreamSpecification: { StreamEnabled: true as const, StreamViewType: viewType },
    LatestStreamArn: stream.arn,
    LatestStreamLabel: label,
  };
  return { table: { ...table, streamId: stream.id, description }, stream };
}

/** Returns the current time as label, or a later time if another stream of the table has that label. */
function newLabel({ catalogue, now }: State, tableName: string): string {
  const taken = new Set(
    catalogue
      .streams()
      .filter((stream) => stream.tableName === tableName)
      .map(({ label }) => label),
  );
  for (let at = now(); ; at += 1) {
    const label = new Date(at).toISOString().slice(0, -1);
    if (!taken.has(label)) return label;
  }
}

/** Returns the table without its stream, and the closed stream. The caller must save both. */
export function closeStream(state: State, table: Table): { table: Table; stream?: Stream } {
  const stream = state.catalogue.findStream(table.streamId);
  if (!stream) return { table };
  const { streamId: _id, ...rest } = table;
  const { StreamSpecification: _specification, ...description } = table.description;
  return {
    table: { ...rest, description },
    stream: { ...stream, closed: { at: state.now(), lastSequence: state.sequences.last() } },
  };
}
