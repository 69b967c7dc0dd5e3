import { randomUUID } from 'node:crypto';
import { once } from '@posthorn/receiver';
import { completeWith, createPostgresStore, createTable, forgetOldMessages } from './postgres-store.ts';
import { createRedisStore } from './redis-store.ts';
import { type Postgres, startPostgres } from './testing/start-postgres.ts';
import { type Redis, startRedis } from './testing/start-redis.ts';

const minute = 60_000;

let redis: Redis | undefined;
let postgres: Postgres | undefined;
beforeAll(async () => {
  [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  await postgres?.pool.query(createTable);
  await postgres?.pool.query('CREATE TABLE effects (id text PRIMARY KEY)');
}, 2 * minute);
afterAll(() => Promise.all([redis?.stop(), postgres?.stop()]), minute);

/** Says on standard output what this run has not tested. */
const sayMissing = (program: string) =>
  process.stdout.write(`${program} is not installed: the store for it was not tested\n`);

it('runs a handler once for 50 requests at the same time', async () => {
  if (!redis) sayMissing('redis-server');
  if (!postgres) sayMissing('postgresql');
  const stores = [
    ...(redis ? [createRedisStore(redis.client)] : []),
    ...(postgres ? [createPostgresStore(postgres.pool)] : []),
  ];
  for (const store of stores) {
    const id = randomUUID();
    let runs = 0;
    const results = await Promise.all(Array.from({ length: 50 }, () => once(id, () => ++runs, store)));
    expect(runs).toBe(1);
    expect(results.filter(({ kind }) => kind === 'done')).toHaveLength(1);
    expect(await once(id, () => ++runs, store)).toEqual({ kind: 'already_done' });
  }
});

describe('the transaction of an effect and its note', () => {
  const countEffects = async (id: string) =>
    (await postgres?.pool.query('SELECT id FROM effects WHERE id = $1', [id]))?.rowCount;

  it('has both, or neither', async () => {
    if (!postgres) return sayMissing('postgresql');
    const { pool } = postgres;
    const store = createPostgresStore(pool);
    const id = randomUUID();
    const add = (fails: boolean) =>
      once(
        id,
        (run) =>
          completeWith(pool, run, async (client) => {
            await client.query('INSERT INTO effects VALUES ($1)', [id]);
            if (fails) throw new Error('died');
          }),
        store,
      );
    await expect(add(true)).rejects.toThrow('died');
    expect(await countEffects(id)).toBe(0);
    expect(await add(false)).toMatchObject({ kind: 'done' });
    expect(await add(false)).toEqual({ kind: 'already_done' });
    expect(await countEffects(id)).toBe(1);
  });

  it('has neither if another run has taken the message', async () => {
    if (!postgres) return sayMissing('postgresql');
    const { pool } = postgres;
    const store = createPostgresStore(pool);
    const id = randomUUID();
    await store.claim(id, { leaseMs: 0, owner: 'slow' });
    await store.claim(id, { leaseMs: minute, owner: 'next' });
    const late = completeWith(pool, { id, owner: 'slow' }, async (client) => {
      await client.query('INSERT INTO effects VALUES ($1)', [id]);
    });
    await expect(late).rejects.toThrow(`another run has taken ${id}`);
    expect(await countEffects(id)).toBe(0);
  });
});

it('forgets what was done more than seven days ago', async () => {
  if (!postgres) return sayMissing('postgresql');
  const { pool } = postgres;
  const store = createPostgresStore(pool);
  const [old, recent] = [randomUUID(), randomUUID()];
  for (const id of [old, recent]) await once(id, () => undefined, store);
  await pool.query(`UPDATE webhooks SET done_at = now() - interval '8 days' WHERE id = $1`, [old]);
  await forgetOldMessages(pool);
  expect(await once(old, () => undefined, store)).toMatchObject({ kind: 'done' });
  expect(await once(recent, () => undefined, store)).toEqual({ kind: 'already_done' });
});
