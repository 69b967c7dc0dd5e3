import type { Claim, OnceStore, Run } from '@posthorn/receiver';
import type { ClientBase, Pool } from 'pg';

/** Create it with your other tables. All times are those of the database: the clocks of the receivers may differ. */
export const createTable = `
  CREATE TABLE IF NOT EXISTS webhooks (
    id text PRIMARY KEY,
    owner text NOT NULL,
    lease_ends_at timestamptz NOT NULL,
    done_at timestamptz
  )`;

const claimSql = `
  INSERT INTO webhooks AS taken (id, owner, lease_ends_at)
  VALUES ($1, $2, now() + $3 * interval '1 millisecond')
  ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, lease_ends_at = excluded.lease_ends_at
  WHERE taken.done_at IS NULL AND (taken.owner = excluded.owner OR taken.lease_ends_at <= now())
  RETURNING id`;

const lookSql = `
  SELECT done_at IS NOT NULL AS done, extract(epoch FROM lease_ends_at - now()) * 1000 AS left_ms
  FROM webhooks WHERE id = $1`;

const completeSql = 'UPDATE webhooks SET done_at = coalesce(done_at, now()) WHERE id = $1 AND owner = $2';
const releaseSql = 'DELETE FROM webhooks WHERE id = $1 AND owner = $2 AND done_at IS NULL';
const forgetSql = `DELETE FROM webhooks WHERE coalesce(done_at, lease_ends_at) < now() - interval '7 days'`;

/** Remembers handled messages in a table of PostgreSQL. */
export const createPostgresStore = (pool: Pick<Pool, 'query'>): OnceStore => ({
  claim: async (id, { leaseMs, owner }): Promise<Claim> => {
    const claimed = await pool.query(claimSql, [id, owner, leaseMs]);
    if (claimed.rowCount === 1) return { kind: 'claimed' };
    const { rows } = await pool.query<{ done: boolean; left_ms: string }>(lookSql, [id]);
    // Without a row, its owner has released it in this moment.
    if (rows[0]?.done) return { kind: 'done' };
    return { kind: 'in_progress', leaseEndsInMs: Math.max(1, Number(rows[0]?.left_ms ?? 0)) };
  },
  complete: async (id, owner) => (await pool.query(completeSql, [id, owner])).rowCount === 1,
  release: async (id, owner) => {
    await pool.query(releaseSql, [id, owner]);
  },
});

/**
 * Makes the effect of a message and notes that it is done, both or neither: call it in the handler. If the process dies
 * between the two, the database undoes the effect. It is undone too if another run has taken the message meanwhile.
 *
 * @param effect - gets the connection of the transaction: what it writes with another one is not part of it
 */
export async function completeWith(
  pool: Pool,
  run: Pick<Run, 'id' | 'owner'>,
  effect: (client: ClientBase) => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const completed = await client.query(`${completeSql} AND done_at IS NULL`, [run.id, run.owner]);
    if (completed.rowCount !== 1) throw new Error(`another run has taken ${run.id}`);
    await effect(client);
    await client.query('COMMIT');
  } catch (error) {
    // A closed connection undoes what was begun, also if it can no longer be used.
    client.release(true);
    throw error;
  }
  client.release();
}

/** Removes what was done more than seven days ago, and claims of processes that died then. Call it once a day. */
export async function forgetOldMessages(pool: Pick<Pool, 'query'>): Promise<void> {
  await pool.query(forgetSql);
}
