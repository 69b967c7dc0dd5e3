import { deepStrictEqual, ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { inScope } from '../once/scope.ts';
import type { Claim, OnceStore } from '../once/store.ts';

/** One promise of a store. */
export interface StorePromise {
  readonly name: string;
  /** @throws AssertionError if the store does not keep it */
  readonly check: () => Promise<void>;
}

/** Long enough not to end while a check runs. */
const longLeaseMs = 3_600_000;

/**
 * The promises that every store must keep, for any test framework. The ids that they use are random, so the store may
 * have content. A check waits some 20 ms at most, for the end of a lease of one.
 *
 * @param open - returns the store, or makes a new one
 * @example
 * for (const { name, check } of storeContract(() => store)) test(name, check);
 */
export function storeContract(open: () => OnceStore | Promise<OnceStore>): readonly StorePromise[] {
  return Object.entries(promises).map(([name, check]) => ({
    name,
    check: async () => check(await open(), `msg_${randomUUID()}`),
  }));
}

type Check = (store: OnceStore, id: string) => Promise<void>;

const claimed: Claim = { kind: 'claimed' };
const done: Claim = { kind: 'done' };
const take = (store: OnceStore, id: string, owner: string, leaseMs = longLeaseMs) =>
  store.claim(id, { leaseMs, owner });

function requireInProgress(claim: Claim): void {
  ok(claim.kind === 'in_progress', `expected in_progress, got ${claim.kind}`);
  const { leaseEndsInMs } = claim;
  ok(leaseEndsInMs > 0 && leaseEndsInMs <= longLeaseMs, `leaseEndsInMs is ${leaseEndsInMs}`);
}

/** Claims until the lease of the owner before is over. */
async function takeOver(store: OnceStore, id: string, owner: string): Promise<void> {
  for (;;) {
    const claim = await take(store, id, owner);
    if (claim.kind === 'claimed') return;
    ok(claim.kind === 'in_progress', `expected in_progress, got ${claim.kind}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

const promises: Readonly<Record<string, Check>> = {
  'an id is claimed by one owner, and in progress for others': async (store, id) => {
    deepStrictEqual(await take(store, id, 'a'), claimed);
    requireInProgress(await take(store, id, 'b'));
    requireInProgress(await take(store, id, 'b'));
  },
  'of 50 owners at the same time one gets an id': async (store, id) => {
    const claims = await Promise.all(Array.from({ length: 50 }, (_, n) => take(store, id, `owner ${n}`)));
    deepStrictEqual(claims.filter(({ kind }) => kind === 'claimed').length, 1);
    for (const claim of claims) if (claim.kind !== 'claimed') requireInProgress(claim);
  },
  'the owner of an id can claim it again, which renews the lease': async (store, id) => {
    deepStrictEqual(await take(store, id, 'a', 1), claimed);
    deepStrictEqual(await take(store, id, 'a'), claimed);
    requireInProgress(await take(store, id, 'b'));
  },
  'an id that is done is done for everyone': async (store, id) => {
    await take(store, id, 'a');
    deepStrictEqual(await store.complete(id, 'a'), true);
    deepStrictEqual(await take(store, id, 'b'), done);
    deepStrictEqual(await take(store, id, 'a'), done);
  },
  'completing is repeated without harm': async (store, id) => {
    await take(store, id, 'a');
    deepStrictEqual([await store.complete(id, 'a'), await store.complete(id, 'a')], [true, true]);
    deepStrictEqual(await store.complete(id, 'b'), false);
    deepStrictEqual(await take(store, id, 'b'), done);
  },
  'nobody but the owner completes an id': async (store, id) => {
    deepStrictEqual(await store.complete(id, 'a'), false);
    deepStrictEqual(await take(store, id, 'a'), claimed);
    deepStrictEqual(await store.complete(id, 'b'), false);
    requireInProgress(await take(store, id, 'b'));
  },
  'an id whose lease is over is claimed by the next owner, and the one before has lost it': async (store, id) => {
    await take(store, id, 'a', 1);
    await takeOver(store, id, 'b');
    deepStrictEqual(await store.complete(id, 'a'), false);
    await store.release(id, 'a');
    requireInProgress(await take(store, id, 'a'));
    deepStrictEqual(await store.complete(id, 'b'), true);
    deepStrictEqual(await store.complete(id, 'a'), false);
  },
  'of 50 owners at the end of a lease one gets the id': async (store, id) => {
    await take(store, id, 'dead', 1);
    const owners = Array.from({ length: 50 }, (_, n) => `owner ${n}`);
    const takenBy: string[] = [];
    while (takenBy.length === 0) {
      const claims = await Promise.all(owners.map((owner) => take(store, id, owner)));
      takenBy.push(...owners.filter((_, n) => claims[n]?.kind === 'claimed'));
    }
    deepStrictEqual(takenBy.length, 1);
  },
  'an owner completes an id after the end of its lease if no one has taken it': async (store, id) => {
    await take(store, id, 'a', 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    deepStrictEqual(await store.complete(id, 'a'), true);
    deepStrictEqual(await take(store, id, 'b'), done);
  },
  'an id that was released can be claimed at once': async (store, id) => {
    await take(store, id, 'a');
    await store.release(id, 'a');
    deepStrictEqual(await take(store, id, 'b'), claimed);
    deepStrictEqual(await store.complete(id, 'a'), false);
  },
  'nobody but the owner releases an id': async (store, id) => {
    await store.release(id, 'b');
    await take(store, id, 'a');
    await store.release(id, 'b');
    requireInProgress(await take(store, id, 'b'));
  },
  'an id that is done is not released': async (store, id) => {
    await take(store, id, 'a');
    await store.complete(id, 'a');
    await store.release(id, 'a');
    deepStrictEqual(await take(store, id, 'b'), done);
  },
  'ids of any visible ASCII characters are kept apart, also in capitals': async (store, id) => {
    const ids = [
      id,
      id.toUpperCase(),
      `${id}%`,
      `${id}'";--`,
      `${id}{}[]:*?\\`,
      id.padEnd(256, 'x'),
      id.padEnd(255, 'x'),
    ];
    await requireKeptApart(store, ids);
  },
  'ids with a scope are kept apart: by the scope, by the space, and by their last of 514 characters': async (
    store,
    id,
  ) => {
    const longScope = 's'.repeat(256);
    const longId = id.padEnd(255, 'x');
    const ids = [
      id,
      inScope('shipping', id),
      inScope('billing', id),
      `@shipping${id}`,
      inScope('shippin', `g${id}`),
      inScope(undefined, `@shipping${id}`),
      inScope('shipping', `${id}x`),
      inScope(longScope, `${longId}x`),
      inScope(longScope, `${longId}y`),
      inScope(longScope, longId),
      inScope(`${longScope.slice(1)}t`, `${longId}x`),
    ];
    await requireKeptApart(store, ids);
  },
};

/** Completes each of the ids. One that the store takes for an earlier one is found done before it is claimed. */
async function requireKeptApart(store: OnceStore, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    deepStrictEqual(await take(store, id, 'a'), claimed, `taken for another one: ${id}`);
    deepStrictEqual(await store.complete(id, 'a'), true);
  }
  for (const id of ids) deepStrictEqual(await take(store, id, 'b'), done);
}
