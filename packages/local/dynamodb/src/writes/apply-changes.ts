import type { Change } from '@posthorn/local-storage';
import { keys } from '../level/keys.ts';
import type { Table } from '../schema/table.ts';
import type { RowWrite } from '../state/row-cache.ts';
import type { Reservation } from '../state/sequences.ts';
import type { State } from '../state/state.ts';
import { shardKey } from '../streams/shard-signals.ts';
import { shardOf } from '../streams/stream.ts';
import { toStreamRecord } from '../streams/stream-record.ts';
import type { TailRecord } from '../streams/stream-tails.ts';
import { type ItemChange, isNoChange, type StreamPlace, sizeOfNext } from './item-change.ts';
import { expiryOf, type PlannedChange, planChange, planNothing } from './plan-change.ts';

export interface AppliedChanges {
  readonly planned: readonly PlannedChange[];
  /** Resolves when all changes are durable. */
  readonly durable: Promise<void>;
}

/** What is done when a write of a row is durable. */
interface Pending {
  readonly write: RowWrite;
  readonly place: StreamPlace | undefined;
  readonly record: TailRecord | undefined;
}

/** Applies changes of items atomically, together with other rows. */
export function applyChanges(
  state: State,
  changes: readonly ItemChange[],
  rest: readonly Change[] = [],
): AppliedChanges {
  const at = state.now();
  const rows: Change[] = [...rest];
  const pending: Pending[] = [];
  const planned = changes.map((change) => {
    if (isNoChange(change)) return planNothing(change);
    const place = placeOf(state, change, at);
    const plan = planChange(change, place);
    rows.push(...plan.changes);
    const expiry = expiryOf(change.next, change.table);
    if (expiry !== undefined) state.expiries.lower(change.table.id, expiry);
    const row = keys.row(change.table.id, change.key);
    if (change.next) state.filter.add(row);
    const write = state.rows.begin(row, change.next, sizeOfNext(change));
    pending.push({ write, place, record: toTailRecord(state, plan, place) });
    return plan;
  });
  const reservation = pending.some(({ place }) => place) ? state.sequences.reserve() : undefined;
  if (reservation) rows.push(...reservation.changes);
  const essential = changes.every(({ next, table }) => next === undefined || isEssential(state, table));
  return { planned, durable: commit(state, { rows, essential, reservation }, pending) };
}

/** What is written together. */
interface Group {
  readonly rows: readonly Change[];
  readonly essential: boolean;
  readonly reservation: Reservation | undefined;
}

async function commit(
  state: State,
  { rows, essential, reservation }: Group,
  pending: readonly Pending[],
): Promise<void> {
  try {
    await state.storage.commit(rows, { essential });
  } catch (error) {
    for (const { write } of pending) write.failed();
    throw error;
  }
  reservation?.succeeded();
  for (const { write, place, record } of pending) {
    write.succeeded();
    if (place && record) state.tails.add(place.stream.id, place.shard, [record]);
  }
  for (const { place } of pending) if (place) state.signals.wake(shardKey(place.stream.id, place.shard));
}

const isEssential = ({ essentialTables }: State, { description }: Table): boolean =>
  essentialTables.has(description.TableName);

function placeOf(state: State, change: ItemChange, at: number): StreamPlace | undefined {
  const stream = state.catalogue.findStream(change.table.streamId);
  return stream && { stream, shard: shardOf(stream, change.key), sequence: state.sequences.next(), at };
}

function toTailRecord(
  { region }: State,
  { record }: PlannedChange,
  place: StreamPlace | undefined,
): TailRecord | undefined {
  if (!record || !place) return undefined;
  const { stream, sequence } = place;
  const read = toStreamRecord(record.record, { streamId: stream.id, sequence, region });
  return { sequence, bytes: record.text.length, record: read };
}
