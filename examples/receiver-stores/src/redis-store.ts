import type { Claim, OnceStore } from '@posthorn/receiver';
import type { RedisClientType } from '@redis/client';

const keptMs = 7 * 24 * 60 * 60_000;

/** Redis's own clock, in milliseconds: those of the receivers may differ. */
const now = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

const claimScript = `${now}
local taken = redis.call('HMGET', KEYS[1], 'owner', 'leaseEndsAt', 'done')
if taken[3] then return { 'done', 0 } end
local left = tonumber(taken[2] or 0) - now
if taken[1] and taken[1] ~= ARGV[1] and left > 0 then return { 'in_progress', left } end
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'leaseEndsAt', now + ARGV[2])
redis.call('PEXPIRE', KEYS[1], ${keptMs})
return { 'claimed', 0 }`;

const completeScript = `
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'done', 1)
redis.call('PEXPIRE', KEYS[1], ${keptMs})
return 1`;

const releaseScript = `
local taken = redis.call('HMGET', KEYS[1], 'owner', 'done')
if taken[1] == ARGV[1] and not taken[2] then redis.call('DEL', KEYS[1]) end
return 1`;

/**
 * Remembers handled messages in Redis, for seven days each. Each step is one script, which Redis runs as a whole.
 *
 * @param client - connected, with `disableOfflineQueue`: otherwise calls wait while Redis is down, instead of failing
 */
export function createRedisStore(client: Pick<RedisClientType, 'eval'>): OnceStore {
  const run = (script: string, id: string, ...values: readonly string[]) =>
    client.eval(script, { keys: [`webhook:${id}`], arguments: [...values] });
  return {
    claim: async (id, { leaseMs, owner }): Promise<Claim> => {
      // What the script returns.
      const answer = await run(claimScript, id, owner, String(leaseMs));
      const [kind, leaseEndsInMs] = answer as [Claim['kind'], number];
      return kind === 'in_progress' ? { kind, leaseEndsInMs } : { kind };
    },
    complete: async (id, owner) => (await run(completeScript, id, owner)) === 1,
    release: async (id, owner) => {
      await run(releaseScript, id, owner);
    },
  };
}
