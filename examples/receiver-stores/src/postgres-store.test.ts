import { randomUUID } from 'node:crypto';
import { once } from '@posthorn/receiver';
import { storeContract } from '@posthorn/receiver/store-contract';
import type { Pool } from 'pg';
import { completeWith, createPostgresStore, createTable, forgetOldMessages } from './postgres-store.ts';
import { mayBeAbsent } from './testing/may-be-absent.ts';
import { type Postgres, startPostgres } from './testing/start-postgres.ts';

const minute = 60_000;

let postgres: Postgres | undefined;
beforeAll(async () => {
  postgres = await startPostgres();
  if (!postgres) mayBeAbsent('PostgreSQL');
  await postgres?.pool.query(createTable);
  await postgres?.pool.query('CREATE TABLE effects (id text NOT NULL)');
}, 2 * minute);
afterAll(() => postgres?.stop(), minute);

/** A test that needs PostgreSQL. */
const itOnPostgres = (name: string, test: (pool: Pool) => Promise<void>) =>
  it(name, () => (postgres ? test(postgres.pool) : undefined));

let pool: Pool;
for (const { name, check } of storeContract(() => createPostgresStore(pool)))
  itOnPostgres(name, async (opened) => {
    pool = opened;
    await check();
  });

describe('an effect and the completion in one transaction', () => {
  const countEffects = async (id: string) => (await pool.query('SELECT id FROM effects WHERE id = $1', [id])).rowCount;
  const addEffect = (run: { readonly id: string; readonly owner: string }, end: () => void) =>
    completeWith(pool, run, async (client) => {
      await client.query('INSERT INTO effects VALUES ($1)', [run.id]);
      end();
    });

  itOnPostgres('are both there, or neither', async () => {
    const store = createPostgresStore(pool);
    const id = randomUUID();
    const fail = () => {
      throw new Error('failed');
    };
    await expect(once(id, (run) => addEffect(run, fail), store)).rejects.toThrow('failed');
    expect(await countEffects(id)).toBe(0);
    expect(await once(id, (run) => addEffect(run, () => undefined), store)).toMatchObject({ kind: 'done' });
    expect(await once(id, (run) => addEffect(run, () => undefined), store)).toEqual({ kind: 'already_done' });
    expect(await countEffects(id)).toBe(1);
  });

  itOnPostgres('are not there if another run has taken the message', async () => {
    const store = createPostgresStore(pool);
    const id = randomUUID();
    await store.claim(id, { leaseMs: 0, owner: 'slow' });
    await store.claim(id, { leaseMs: minute, owner: 'next' });
    await expect(addEffect({ id, owner: 'slow' }, () => undefined)).rejects.toThrow(`another run has taken ${id}`);
    expect(await countEffects(id)).toBe(0);
  });
});

itOnPostgres('forgets what was done, or taken, more than seven days ago', async () => {
  const store = createPostgresStore(pool);
  const [old, recent] = [randomUUID(), randomUUID()];
  for (const id of [old, recent]) await once(id, () => undefined, store);
  await pool.query(`UPDATE webhooks SET done_at = now() - interval '8 days' WHERE id = $1`, [old]);
  const [abandoned, taken] = [randomUUID(), randomUUID()];
  for (const id of [abandoned, taken]) await store.claim(id, { leaseMs: minute, owner: 'dead' });
  await pool.query(`UPDATE webhooks SET lease_ends_at = now() - interval '8 days' WHERE id = $1`, [abandoned]);
  await forgetOldMessages(pool);
  const { rows } = await pool.query('SELECT id FROM webhooks WHERE id = ANY($1)', [[old, recent, abandoned, taken]]);
  expect(new Set(rows.map(({ id }) => id))).toEqual(new Set([recent, taken]));
  expect(await once(old, () => undefined, store)).toMatchObject({ kind: 'done' });
  expect(await once(recent, () => undefined, store)).toEqual({ kind: 'already_done' });
});
