import { setTimeout as wait } from 'node:timers/promises';
import { ranges } from '../level/keys.ts';
import { inBackground } from './background.ts';
import type { State } from './state.ts';

/** Reading all keys takes a part of a core only. */
const rowsBetweenPauses = 4_096;
const pauseMs = 5;

/** Adds the stored rows of tables without a sort key to the row filter. Until then, LevelDB is asked for each. */
export function loadRowFilter(state: State): void {
  for (const { id, description } of state.catalogue.tables())
    if (description.KeySchema.length === 1) inBackground(state, () => loadTable(state, id));
}

async function loadTable({ storage, filter, stop }: State, tableId: string): Promise<void> {
  let rows = 0;
  for await (const portion of storage.keys(ranges.rows(tableId))) {
    if (stop.signal.aborted) return;
    for (const row of portion) filter.add(row);
    rows += portion.length;
    if (rows < rowsBetweenPauses) continue;
    rows = 0;
    await wait(pauseMs);
  }
  filter.complete(tableId);
}
