import type { Claim, OnceStore } from './store.ts';

export interface MemoryStoreOptions {
  /** How many ids it holds, by default 100,000: some 20 MB. */
  readonly maxIds?: number;
  /**
   * How long an id that is done is remembered, in seconds. By default two days, longer than the retries of a message
   * last by Posthorn's default schedule.
   */
  readonly keepSeconds?: number;
  /** The time now, in milliseconds since 1970. By default that of the machine. */
  readonly now?: () => number;
}

interface Taken {
  readonly owner: string;
  readonly leaseEndsAt: number;
}

interface Done {
  readonly owner: string;
  readonly forgetAt: number;
}

/**
 * Remembers messages in the memory of this process: for tests, and for effects that end with the process. Another
 * process, or the next one, knows nothing of them.
 *
 * When it is full, a new id takes the place of the one that was done longest ago. If that one was to be remembered for
 * longer, the process warns once (`process.emitWarning`): when its message comes again, the handler runs again. By the
 * defaults it holds two days of one message in 1.7 seconds, or 17 minutes of a hundred in each second. An id that is
 * taken is never forgotten: if all are, new ones are refused.
 *
 * @throws RangeError if `maxIds` or `keepSeconds` is not above 0
 */
export function memoryStore({
  maxIds = 100_000,
  keepSeconds = 172_800,
  now = Date.now,
}: MemoryStoreOptions = {}): OnceStore {
  if (!(maxIds > 0 && keepSeconds > 0)) throw new RangeError('maxIds and keepSeconds must be above 0.');
  const taken = new Map<string, Taken>();
  /** In the order in which they may be forgotten. */
  const done = new Map<string, Done>();

  let warned = false;

  const warnOnce = (): void => {
    if (warned) return;
    warned = true;
    const text = `The memory store is full (maxIds: ${maxIds}): it forgets messages before keepSeconds are over.`;
    globalThis.process?.emitWarning?.(text, { code: 'POSTHORN_MEMORY_STORE_FULL' });
  };
  const forgetWhatIsOver = (): void => {
    for (const [id, { forgetAt }] of done) {
      if (forgetAt > now()) return;
      done.delete(id);
    }
  };
  const makeRoom = (): void => {
    if (taken.size + done.size < maxIds) return;
    for (const [id, { leaseEndsAt }] of taken) if (leaseEndsAt <= now()) taken.delete(id);
    if (taken.size + done.size < maxIds) return;
    const [oldestDone] = done.keys();
    if (oldestDone === undefined) throw new Error(`The memory store is full: ${maxIds} messages are taken (maxIds).`);
    done.delete(oldestDone);
    warnOnce();
  };
  const claim = (id: string, { leaseMs, owner }: { readonly leaseMs: number; readonly owner: string }): Claim => {
    forgetWhatIsOver();
    if (done.has(id)) return { kind: 'done' };
    const holder = taken.get(id);
    const leaseEndsInMs = (holder?.leaseEndsAt ?? 0) - now();
    if (holder && holder.owner !== owner && leaseEndsInMs > 0) return { kind: 'in_progress', leaseEndsInMs };
    if (!holder) makeRoom();
    taken.set(id, { owner, leaseEndsAt: now() + leaseMs });
    return { kind: 'claimed' };
  };
  const complete = (id: string, owner: string): boolean => {
    if (taken.get(id)?.owner !== owner) return done.get(id)?.owner === owner;
    taken.delete(id);
    done.set(id, { owner, forgetAt: now() + keepSeconds * 1_000 });
    return true;
  };
  const release = (id: string, owner: string): void => {
    if (taken.get(id)?.owner === owner) taken.delete(id);
  };
  return {
    claim: async (id, given) => claim(id, given),
    complete: async (id, owner) => complete(id, owner),
    release: async (id, owner) => release(id, owner),
  };
}
