import { createRevokedTokens } from './revoked-tokens.ts';

/** A store with a list of revoked tokens, a clock, and a count of the reads. */
function aStore() {
  const revoked = new Set<string>();
  const reads = { version: 0, list: 0 };
  let now = Date.UTC(2026, 0, 1);
  let outage: Error | undefined;
  let hold: Promise<void> | undefined;
  const tokenChecks = {
    findVersions: async () => {
      reads.version += 1;
      if (outage) throw outage;
      const version = revoked.size;
      await hold;
      return { revoked: version, enforcement: 0 };
    },
    listRevoked: async () => {
      reads.list += 1;
      return new Set(revoked);
    },
  };
  return {
    reads,
    revoke: (tokenId: string) => void revoked.add(tokenId),
    wait: (ms: number) => {
      now += ms;
    },
    fail: (error: Error | undefined) => {
      outage = error;
    },
    holdUntil: (end: Promise<void> | undefined) => {
      hold = end;
    },
    isRevoked: createRevokedTokens({ tokenChecks, clock: () => new Date(now), waitMs: 20 }),
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the list of revoked tokens', () => {
  it('is asked for once, however many requests come in two seconds', async () => {
    const { isRevoked, wait, reads } = aStore();
    for (let n = 0; n < 1_000; n += 1) {
      expect(await isRevoked(`tok_${n}`)).toBe(false);
      if (n % 100 === 0) wait(100);
    }
    expect(reads).toEqual({ version: 1, list: 0 });
  });

  it('is read only when it has changed', async () => {
    const { isRevoked, wait, reads, revoke } = aStore();
    revoke('tok_1');
    for (let n = 0; n < 10; n += 1) {
      expect(await isRevoked('tok_1')).toBe(true);
      wait(4_000);
    }
    expect(reads).toEqual({ version: 10, list: 1 });
  });

  it('is in force within five seconds, at any rate of requests', async () => {
    for (const everyMs of [100, 700, 1_900, 2_100, 3_900, 4_100, 60_000]) {
      const { isRevoked, wait, revoke } = aStore();
      for (let n = 0; n < 5; n += 1) {
        await isRevoked('tok_1');
        await settled();
        wait(everyMs);
      }
      revoke('tok_1');
      const left = Math.max(5_000 - everyMs, 0);
      for (let waited = 0; waited < left; waited += everyMs) {
        await isRevoked('tok_1');
        await settled();
        wait(everyMs);
      }
      expect([everyMs, await isRevoked('tok_1')]).toEqual([everyMs, true]);
    }
  });

  it('lets no request wait while it is read again', async () => {
    const { isRevoked, wait, reads, holdUntil, revoke } = aStore();
    await isRevoked('tok_1');
    revoke('tok_1');
    wait(2_000);
    const held = Promise.withResolvers<void>();
    holdUntil(held.promise);
    expect(await isRevoked('tok_1')).toBe(false);
    expect(await isRevoked('tok_1')).toBe(false);
    held.resolve();
    await settled();
    expect(await isRevoked('tok_1')).toBe(true);
    expect(reads.version).toBe(2);
  });

  it('is not taken from a read that began too long ago', async () => {
    const { isRevoked, wait, holdUntil, revoke } = aStore();
    await isRevoked('tok_1');
    wait(2_000);
    const held = Promise.withResolvers<void>();
    holdUntil(held.promise);
    await isRevoked('tok_1');
    // The function is frozen, and the token revoked.
    revoke('tok_1');
    wait(60_000);
    holdUntil(undefined);
    const answer = isRevoked('tok_1');
    held.resolve();
    expect(await answer).toBe(true);
  });

  it('is read again if the clock was set back', async () => {
    const { isRevoked, wait, revoke } = aStore();
    await isRevoked('tok_1');
    revoke('tok_1');
    wait(-1);
    expect(await isRevoked('tok_1')).toBe(true);
  });

  it('lets requests go on for a moment if it cannot be read, and then refuses them', async () => {
    const { isRevoked, wait, fail } = aStore();
    await isRevoked('tok_1');
    fail(new Error('no answer'));
    wait(3_000);
    expect(await isRevoked('tok_1')).toBe(false);
    await settled();
    wait(1_000);
    await expect(isRevoked('tok_1')).rejects.toThrow('no answer');
    fail(undefined);
    expect(await isRevoked('tok_1')).toBe(false);
  });

  it('lets no request wait for a store that does not answer', async () => {
    const { isRevoked, holdUntil } = aStore();
    holdUntil(new Promise(() => undefined));
    await expect(isRevoked('tok_1')).rejects.toThrow('not read in time');
  });
});
