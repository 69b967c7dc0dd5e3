import { randomUUID } from 'node:crypto';
import { keepLease, type Lease } from './lease.ts';
import { limitStore } from './limit-store.ts';
import { inScope, requireScope } from './scope.ts';
import type { OnceStore } from './store.ts';

export interface RunOptions {
  /**
   * How long a message stays taken after its process has died, in seconds. By default 30: longer than the 15 seconds for
   * which Posthorn waits for an answer. While the handler runs, its lease is renewed, for at most 15 minutes.
   */
  readonly leaseSeconds?: number;
  /**
   * How long each call of the store may take, in seconds, from 0.1 to 60. By default 5. It is never longer than the
   * lease. Only a renewal may take until the lease ends. A call that takes longer has failed. It can still take effect:
   * a late claim keeps the message taken until its lease ends, and after a late note the message is done.
   */
  readonly storeTimeoutSeconds?: number;
  /**
   * The name of the handler in a store that it shares with other handlers, such as `shipping`. A message has the same id
   * at every endpoint, and two senders can give the same id to two messages. So each handler, and each sender, needs a
   * scope of its own there: in the same scope the second handler finds the message done. A new scope starts afresh.
   * 1 to 256 visible ASCII characters, without a space.
   */
  readonly scope?: string;
}

/** One run of a handler. */
export interface Run {
  /** The id under which the store knows the message: its `webhook-id`, behind the scope if there is one. */
  readonly id: string;
  /** The name under which the store knows this run. */
  readonly owner: string;
  /** Aborts when the lease is lost: another run may have begun. What this one does from then on may be done twice. */
  readonly signal: AbortSignal;
}

export type ClaimedRun =
  | {
      readonly kind: 'claimed';
      readonly run: Run;
      /** Notes that the message is done. @returns false if another run has taken it @throws StoreError */
      readonly complete: () => Promise<boolean>;
      /** Gives the message back. If the store fails, the end of the lease does it. */
      readonly release: () => Promise<void>;
    }
  | { readonly kind: 'already_done' }
  | { readonly kind: 'in_progress'; readonly retryAfterSeconds: number };

const defaultLeaseSeconds = 30;
const maxLeaseSeconds = 43_200;
/** Two calls and a handler fit into the 15 seconds for which Posthorn waits. */
const defaultStoreTimeoutSeconds = 5;

/** Checks the options when a receiver is made. @throws RangeError */
export function requireRunOptions(options: RunOptions): void {
  requireTimes(options);
  requireScope(options.scope);
}

function requireTimes({
  leaseSeconds = defaultLeaseSeconds,
  storeTimeoutSeconds = defaultStoreTimeoutSeconds,
}: RunOptions): { readonly leaseMs: number; readonly storeTimeoutMs: number } {
  if (!(leaseSeconds >= 1 && leaseSeconds <= maxLeaseSeconds))
    throw new RangeError(`leaseSeconds must be from 1 to ${maxLeaseSeconds}.`);
  if (!(storeTimeoutSeconds >= 0.1 && storeTimeoutSeconds <= 60))
    throw new RangeError('storeTimeoutSeconds must be from 0.1 to 60.');
  return { leaseMs: leaseSeconds * 1_000, storeTimeoutMs: Math.min(storeTimeoutSeconds, leaseSeconds) * 1_000 };
}

/** Takes a message for one run of its handler. @throws StoreError @throws RangeError for a wrong option */
export async function claimRun(messageId: string, given: OnceStore, options: RunOptions): Promise<ClaimedRun> {
  const { leaseMs, storeTimeoutMs } = requireTimes(options);
  const store = limitStore(given, storeTimeoutMs);
  requireScope(options.scope);
  const id = inScope(options.scope, messageId);
  const owner = randomUUID();
  const claimedAt = performance.now();
  const claim = await store.claim(id, { leaseMs, owner });
  switch (claim.kind) {
    case 'done':
      return { kind: 'already_done' };
    case 'in_progress':
      return { kind: 'in_progress', retryAfterSeconds: Math.max(1, Math.ceil(claim.leaseEndsInMs / 1_000)) };
    case 'claimed':
      return startRun({ id, owner }, store, keepLease({ id, owner, store: given, leaseMs, claimedAt }));
  }
}

function startRun({ id, owner }: Pick<Run, 'id' | 'owner'>, store: OnceStore, lease: Lease): ClaimedRun {
  return {
    kind: 'claimed',
    run: { id, owner, signal: lease.signal },
    complete: async () => {
      lease.stop();
      // A renewal that comes afterwards finds the message done.
      return store.complete(id, owner);
    },
    release: async () => {
      lease.stop();
      // A renewal that comes afterwards would take the message again.
      await lease.settled();
      await store.release(id, owner).catch(() => undefined);
    },
  };
}

/** A run without a store: nothing is taken, and nothing is noted. */
export const runWithoutStore = (id: string): ClaimedRun => ({
  kind: 'claimed',
  run: { id, owner: randomUUID(), signal: new AbortController().signal },
  complete: async () => true,
  release: async () => undefined,
});
