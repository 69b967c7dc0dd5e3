import type { OnceStore } from '../../once/store.ts';

export interface BoundedRenewals {
  readonly store: OnceStore;
  /** Renews the lease of a run until a time of `performance.now()`, and then leaves the message to the end of its lease. */
  renewUntil(owner: string, deadline: number): void;
  /** Neither renews the lease of a run any more, nor gives the message back: its handler may still run. */
  abandon(owner: string): void;
  forget(owner: string): void;
}

/** A store whose leases are not renewed beyond their invocation. Lambda stops a program, and may wake it much later. */
export function boundRenewals(store: OnceStore): BoundedRenewals {
  const deadlines = new Map<string, number>();
  const isOver = (owner: string) => performance.now() > (deadlines.get(owner) ?? Number.POSITIVE_INFINITY);
  return {
    store: {
      claim: async (id, claim) => {
        if (!isOver(claim.owner)) return store.claim(id, claim);
        deadlines.delete(claim.owner);
        // Ends the renewals, and aborts the signal of the run.
        return { kind: 'in_progress', leaseEndsInMs: claim.leaseMs };
      },
      complete: (id, owner) => store.complete(id, owner),
      release: async (id, owner) => {
        if (!isOver(owner)) await store.release(id, owner);
      },
    },
    renewUntil: (owner, deadline) => deadlines.set(owner, deadline),
    abandon: (owner) => deadlines.set(owner, Number.NEGATIVE_INFINITY),
    forget: (owner) => deadlines.delete(owner),
  };
}
