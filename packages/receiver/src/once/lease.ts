import { LeaseLostError, type OnceStore } from './store.ts';
import { unreferenced } from './timer.ts';

/** After this long, a handler that still runs is taken for one that hangs. Its lease is not renewed any more. */
const maxRunMs = 900_000;

export interface Lease {
  /** Aborts when the lease is over, by the clock of this process, or when another run has the message. */
  readonly signal: AbortSignal;
  /** Ends the renewals. One that is under way goes on. */
  readonly stop: () => void;
  /** Resolves when no renewal is under way any more, at the latest when the lease is over. */
  readonly settled: () => Promise<void>;
}

/**
 * Renews the lease of a run three times in its length. If a renewal fails, the next one tries again.
 *
 * @param claimedAt - when the claim was sent, by `performance.now()`: the store has counted the lease from then, or later
 */
export function keepLease({
  id,
  owner,
  store,
  leaseMs,
  claimedAt,
}: {
  readonly id: string;
  readonly owner: string;
  readonly store: OnceStore;
  readonly leaseMs: number;
  readonly claimedAt: number;
}): Lease {
  const lost = new AbortController();
  let endsAt = claimedAt + leaseMs;
  let renewal: Promise<void> | undefined;
  let stopped = false;

  const lose = (): void => {
    stop();
    lost.abort(new LeaseLostError(id));
  };
  const renew = async (): Promise<void> => {
    const sentAt = performance.now();
    try {
      const { kind } = await store.claim(id, { leaseMs, owner });
      if (stopped) return;
      if (kind === 'claimed') extend(sentAt + leaseMs);
      // The run has noted it itself, with its effect: nobody else could while the lease goes on.
      else if (kind === 'done') stop();
      else lose();
    } catch {
      // It is unknown whether the lease goes on. The next renewal, or the end of the lease, finds out.
    } finally {
      renewal = undefined;
    }
  };
  const renewals = unreferenced(
    setInterval(() => {
      if (performance.now() - claimedAt > maxRunMs) clearInterval(renewals);
      else renewal ??= renew();
    }, leaseMs / 3),
  );
  const endOfLease = () => unreferenced(setTimeout(lose, endsAt - performance.now()));
  let end = endOfLease();
  const extend = (until: number): void => {
    clearTimeout(end);
    endsAt = until;
    end = endOfLease();
  };
  const stop = (): void => {
    stopped = true;
    clearInterval(renewals);
    clearTimeout(end);
  };
  const settled = async (): Promise<void> => {
    if (!renewal) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, endsAt - performance.now());
    });
    await Promise.race([renewal, over]);
    clearTimeout(timer);
  };
  return { signal: lost.signal, stop, settled };
}
