import type { Change } from '@posthorn/local-storage';
import { keys, ranges, rowKeyOf } from '../level/keys.ts';
import { indexesOf, type Table } from '../schema/table.ts';
import { inBackground } from '../state/background.ts';
import type { State } from '../state/state.ts';
import { readLatest } from '../writes/evaluate.ts';
import { expiryOf, toIndexRow } from '../writes/plan-change.ts';

/**
 * Adds the existing items to a new index or a new time to live. New writes update it as soon as it is in the catalogue.
 * If the process crashes, the next start continues.
 */
export function fillInBackground(state: State, tableName: string): void {
  const table = state.catalogue.find(tableName);
  if (table?.unfinished) inBackground(state, () => fill(state, table));
}

async function fill(state: State, started: Table): Promise<void> {
  const { indexes = [], timeToLive = false } = started.unfinished ?? {};
  for await (const rows of state.storage.rows(ranges.rows(started.id))) {
    const table = current(state, started);
    if (!table) return;
    const changes = rows.flatMap(([rowKey]) => toMissingRows(state, table, rowKeyOf(rowKey), { indexes, timeToLive }));
    await state.storage.commit(changes, { essential: true });
  }
  const table = current(state, started);
  if (!table) return;
  const { unfinished, ...rest } = table;
  const left = (unfinished?.indexes ?? []).filter((name) => !indexes.includes(name));
  const isLeft = left.length > 0 || (unfinished?.timeToLive === true && !timeToLive);
  await state.catalogue.save({
    table: {
      ...rest,
      description: activate(rest.description, indexes),
      ...(isLeft && { unfinished: { indexes: left, timeToLive: unfinished?.timeToLive === true && !timeToLive } }),
    },
  });
}

const current = ({ catalogue }: State, { id, description }: Table): Table | undefined => {
  const table = catalogue.find(description.TableName);
  return table?.id === id ? table : undefined;
};

/** Returns the missing rows of the latest state of the item, so that a concurrent write is not undone. */
function toMissingRows(
  state: State,
  table: Table,
  key: string,
  { indexes, timeToLive }: NonNullable<Table['unfinished']>,
): readonly Change[] {
  const item = readLatest(state, table, key);
  const changes: Change[] = [];
  for (const index of indexesOf(table).filter(({ name }) => indexes.includes(name))) {
    const row = toIndexRow(item, table, index);
    if (row) changes.push({ type: 'put', key: keys.row(index.id, row.key), value: JSON.stringify(row.item) });
  }
  const expiry = timeToLive ? expiryOf(item, table) : undefined;
  if (expiry !== undefined) {
    changes.push({ type: 'put', key: keys.expiry(table.id, expiry, key), value: '' });
    state.expiries.lower(table.id, expiry);
  }
  return changes;
}

const activate = (description: Table['description'], names: readonly string[]): Table['description'] => ({
  ...description,
  ...(description.GlobalSecondaryIndexes && {
    GlobalSecondaryIndexes: description.GlobalSecondaryIndexes.map((index) => {
      if (!names.includes(index.IndexName)) return index;
      const { Backfilling: _, ...rest } = index;
      return { ...rest, IndexStatus: 'ACTIVE' as const };
    }),
  }),
});
