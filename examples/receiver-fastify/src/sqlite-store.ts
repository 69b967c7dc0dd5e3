import type { DatabaseSync } from 'node:sqlite';
import type { OnceStore, Run } from '@posthorn/receiver';

const claimSql = `
  INSERT INTO webhooks AS taken (id, owner, lease_ends_at) VALUES ($id, $owner, $now + $leaseMs)
  ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, lease_ends_at = excluded.lease_ends_at
  WHERE taken.done_at IS NULL AND (taken.owner = excluded.owner OR taken.lease_ends_at <= $now)`;
const lookSql = 'SELECT lease_ends_at, done_at FROM webhooks WHERE id = ?';
const completeSql = 'UPDATE webhooks SET done_at = coalesce(done_at, $now) WHERE id = $id AND owner = $owner';
const releaseSql = 'DELETE FROM webhooks WHERE id = $id AND owner = $owner AND done_at IS NULL';
const forgetSql = 'DELETE FROM webhooks WHERE coalesce(done_at, lease_ends_at) < ?';

const keptMs = 7 * 24 * 60 * 60_000;

/** A store of our own: three functions over a table in the program's database. */
export const createSqliteStore = (database: DatabaseSync): OnceStore => ({
  claim: async (id, { leaseMs, owner }) => {
    const now = Date.now();
    const { changes } = database.prepare(claimSql).run({ id, owner, leaseMs, now });
    if (changes === 1) return { kind: 'claimed' };
    const taken = database.prepare(lookSql).get(id);
    if (typeof taken?.done_at === 'number') return { kind: 'done' };
    return { kind: 'in_progress', leaseEndsInMs: Math.max(1, Number(taken?.lease_ends_at ?? now) - now) };
  },
  complete: async (id, owner) => complete(database, { id, owner }),
  release: async (id, owner) => {
    database.prepare(releaseSql).run({ id, owner });
  },
});

const complete = (database: DatabaseSync, { id, owner }: Pick<Run, 'id' | 'owner'>): boolean =>
  database.prepare(completeSql).run({ id, owner, now: Date.now() }).changes === 1;

/**
 * Makes the effect of a message and notes that it is done, in one transaction: a process that dies in it leaves neither.
 *
 * @throws Error if another run has taken the message, because this one took longer than its lease
 */
export function completeWith(database: DatabaseSync, run: Run, effect: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    if (!complete(database, run)) throw new Error(`another run has taken ${run.id}`);
    effect();
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/** Removes what was done more than seven days ago, and claims of processes that died then. */
export function forgetOldMessages(database: DatabaseSync): void {
  database.prepare(forgetSql).run(Date.now() - keptMs);
}
