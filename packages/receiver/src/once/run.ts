import { randomUUID } from 'node:crypto';
import { type OnceStore, StoreError } from './store.ts';

export interface RunOptions {
  /**
   * How long a message stays taken if its process dies, in seconds. By default 30: longer than the 15 seconds for which
   * Posthorn waits for an answer.
   */
  readonly leaseSeconds?: number;
}

/** One run of a handler. */
export interface Run {
  readonly id: string;
  /** The text under which the store knows this run. */
  readonly owner: string;
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

/** Takes a message for one run of its handler. @throws StoreError */
export async function claimRun(id: string, store: OnceStore, options: RunOptions): Promise<ClaimedRun> {
  const { leaseSeconds = defaultLeaseSeconds } = options;
  const owner = randomUUID();
  const claim = await inStore('claim', () => store.claim(id, { leaseMs: leaseSeconds * 1_000, owner }));
  switch (claim.kind) {
    case 'done':
      return { kind: 'already_done' };
    case 'in_progress':
      return { kind: 'in_progress', retryAfterSeconds: Math.max(1, Math.ceil(claim.leaseEndsInMs / 1_000)) };
    case 'claimed':
      return {
        kind: 'claimed',
        run: { id, owner },
        complete: () => inStore('complete', () => store.complete(id, owner)),
        release: () => inStore('release', () => store.release(id, owner)).catch(() => undefined),
      };
  }
}

async function inStore<T>(step: keyof OnceStore, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    throw new StoreError(step, { cause });
  }
}
