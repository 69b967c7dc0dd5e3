import type { Change } from '@posthorn/local-storage';
import { expiredKeyOf, expirySecondsOf, keys, ranges, tokenOf } from '../level/keys.ts';
import type { Table } from '../schema/table.ts';
import type { State } from '../state/state.ts';
import { applyChanges } from '../writes/apply-changes.ts';
import { readLatest } from '../writes/evaluate.ts';
import type { ItemChange } from '../writes/item-change.ts';
import { expiryOf } from '../writes/plan-change.ts';

/** An expiry that is further in the past is ignored, as in DynamoDB. It is probably a mistake. */
const oldestExpirySeconds = 5 * 365 * 24 * 60 * 60;

/** Deletes all expired items. Their stream records name the time to live service. */
export async function expireItems(state: State): Promise<void> {
  const now = Math.floor(state.now() / 1_000);
  for (const table of state.catalogue.tables())
    if (table.timeToLive !== undefined) await expireTable(state, table, now);
}

async function expireTable(state: State, table: Table, now: number): Promise<void> {
  const { expiries, storage } = state;
  if (expiries.of(table.id) > now) return;
  const from = expiries.take(table.id);
  try {
    // Rows from before the mark was taken are durable then, or never.
    await storage.settled().catch(() => undefined);
    await expireFrom(state, table, { from: Math.max(from, now - oldestExpirySeconds), now });
    for await (const [first] of storage.rows({ ...ranges.expiriesFrom(table.id, now + 1), limit: 1 }))
      if (first) expiries.lower(table.id, expirySecondsOf(first[0]));
  } catch (error) {
    expiries.lower(table.id, from);
    throw error;
  }
}

async function expireFrom(
  state: State,
  table: Table,
  { from, now }: { readonly from: number; readonly now: number },
): Promise<void> {
  const range = ranges.expired(table.id, from, now + 1);
  for await (const rows of state.storage.rows(range)) {
    // The table may have been deleted, or its time to live changed.
    if (state.catalogue.find(table.description.TableName)?.timeToLive !== table.timeToLive) return;
    const changes: ItemChange[] = [];
    const strays: Change[] = [];
    for (const [row] of rows) {
      const key = expiredKeyOf(row);
      const old = readLatest(state, table, key);
      const expiry = expiryOf(old, table);
      if (old && expiry !== undefined && expiry <= now)
        changes.push({ table, key, old, next: undefined, isExpiry: true });
      // This row belongs to an earlier time to live setting of the table.
      if (expiry === undefined || keys.expiry(table.id, expiry, key) !== row) strays.push({ type: 'del', key: row });
    }
    await applyChanges(state, changes, strays).durable;
  }
}

/** Deletes expired tokens of transactions. */
export async function expireTokens({ storage, now }: State): Promise<void> {
  for await (const rows of storage.rows(ranges.expiredTokens(now())))
    await storage.commit(
      rows.flatMap(([key]) => {
        const token = tokenOf(key);
        const kept = storage.latest(keys.token(token));
        const isOver = kept !== undefined && (JSON.parse(kept) as { readonly until: number }).until <= now();
        return [{ type: 'del', key } as const, ...(isOver ? [{ type: 'del', key: keys.token(token) } as const] : [])];
      }),
    );
}
