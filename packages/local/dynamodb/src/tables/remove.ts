import { keys, leftoverIdOf, ranges } from '../level/keys.ts';
import { inBackground } from '../state/background.ts';
import type { State } from '../state/state.ts';

/**
 * Deletes the rows of deleted tables and indexes in the background. If the process crashes, the next start continues.
 */
export function removeInBackground(state: State, ids: readonly string[]): void {
  if (ids.length > 0) inBackground(state, () => removeLeftovers(state, ids));
}

async function removeLeftovers({ storage }: State, ids: readonly string[]): Promise<void> {
  // After this, earlier writes to the table are durable and add no more rows.
  await storage.settled();
  for (const id of ids) {
    await storage.clear(ranges.rows(id));
    await storage.clear(ranges.expiries(id));
    await storage.commit([{ type: 'del', key: keys.leftover(id) }]);
  }
}

export async function removeAllLeftovers(state: State): Promise<void> {
  const ids: string[] = [];
  for await (const rows of state.storage.rows(ranges.leftovers)) ids.push(...rows.map(([key]) => leftoverIdOf(key)));
  removeInBackground(state, ids);
}
