import { LeaseLostError, type OnceStore } from './store.ts';

/** After this long, a handler that still runs is taken for one that hangs. Its lease is not renewed any more. */
const maxRunMs = 900_000;

export interface Lease {
  readonly signal: AbortSignal;
  /** Ends the renewals. Resolves when none is under way any more. */
  readonly stop: () => Promise<void>;
}

/** Renews the lease of a run three times in its length. If a renewal fails, the next one tries again. */
export function keepLease({
  id,
  owner,
  store,
  leaseMs,
}: {
  readonly id: string;
  readonly owner: string;
  readonly store: OnceStore;
  readonly leaseMs: number;
}): Lease {
  const lost = new AbortController();
  const startedAt = performance.now();
  let renewal: Promise<void> | undefined;
  const renew = async (): Promise<void> => {
    try {
      const { kind } = await store.claim(id, { leaseMs, owner });
      if (kind !== 'claimed') end();
    } catch {
      // It is unknown whether the lease goes on. The next renewal, or the end of the run, finds out.
    }
    renewal = undefined;
  };
  const timer = setInterval(() => {
    if (performance.now() - startedAt > maxRunMs) end();
    else renewal ??= renew();
  }, leaseMs / 3);
  // A program that has nothing else to do may end.
  timer.unref?.();
  const end = (): void => {
    clearInterval(timer);
    lost.abort(new LeaseLostError(id));
  };
  const stop = async (): Promise<void> => {
    clearInterval(timer);
    await renewal;
  };
  return { signal: lost.signal, stop };
}
