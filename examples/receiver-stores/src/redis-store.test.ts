import { storeContract } from '@posthorn/receiver/store-contract';
import { createRedisStore } from './redis-store.ts';
import { mayBeAbsent } from './testing/may-be-absent.ts';
import { type Redis, startRedis } from './testing/start-redis.ts';

const minute = 60_000;

let redis: Redis | undefined;
beforeAll(async () => {
  redis = await startRedis();
  if (!redis) mayBeAbsent('redis-server');
}, minute);
afterAll(() => redis?.stop(), minute);

for (const { name, check } of storeContract(() => createRedisStore(redisClient())))
  it(name, () => (redis ? check() : undefined));

function redisClient(): Redis['client'] {
  if (!redis) throw new Error('redis-server is not installed');
  return redis.client;
}

it('keeps a message for seven days', async () => {
  if (!redis) return;
  const store = createRedisStore(redis.client);
  await store.claim('kept', { leaseMs: 1_000, owner: 'a' });
  await store.complete('kept', 'a');
  const sevenDays = 7 * 24 * 60 * 60;
  expect(await redis.client.ttl('webhook:kept')).toBeGreaterThan(sevenDays - 3_600);
});
