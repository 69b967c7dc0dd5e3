import type { Change } from '@posthorn/local-storage';
import type { Table } from '../schema/table.ts';
import type { State } from '../state/state.ts';
import { shardKey } from '../streams/shard-signals.ts';
import { shardOf } from '../streams/stream.ts';
import { type ItemChange, isNoChange, type StreamPlace } from './item-change.ts';
import { type PlannedChange, planChange, planNothing } from './plan-change.ts';

export interface AppliedChanges {
  readonly planned: readonly PlannedChange[];
  /** Resolves when all changes are durable. */
  readonly durable: Promise<void>;
}

/** Applies changes of items atomically, together with other rows. */
export function applyChanges(
  state: State,
  changes: readonly ItemChange[],
  rest: readonly Change[] = [],
): AppliedChanges {
  const at = state.now();
  const touched = new Set<string>();
  const planned = changes.map((change) => {
    if (isNoChange(change)) return planNothing(change);
    const place = placeOf(state, change, at);
    if (place) touched.add(shardKey(place.stream.id, place.shard));
    return planChange(change, place);
  });
  const essential = changes.every(({ next, table }) => next === undefined || isEssential(state, table));
  const durable = state.storage
    .commit([...planned.flatMap((plan) => plan.changes), ...rest], { essential })
    .then(() => {
      for (const shard of touched) state.signals.wake(shard);
    });
  return { planned, durable };
}

const isEssential = ({ essentialTables }: State, { description }: Table): boolean =>
  essentialTables.has(description.TableName);

function placeOf(state: State, change: ItemChange, at: number): StreamPlace | undefined {
  const stream = state.catalogue.findStream(change.table.streamId);
  return stream && { stream, shard: shardOf(stream, change.key), sequence: state.nextSequence(), at };
}
