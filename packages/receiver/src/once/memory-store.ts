import type { OnceStore } from './store.ts';

interface Taken {
  readonly owner: string;
  readonly leaseEndsAt: number;
  readonly isDone: boolean;
}

/** Remembers messages in the memory of this process: for tests, and for handlers whose effects end with the process. */
export function memoryStore({ now = Date.now }: { readonly now?: () => number } = {}): OnceStore {
  const ids = new Map<string, Taken>();
  return {
    claim: async (id, { leaseMs, owner }) => {
      const taken = ids.get(id);
      if (taken?.isDone) return { kind: 'done' };
      const leaseEndsInMs = (taken?.leaseEndsAt ?? 0) - now();
      if (taken && taken.owner !== owner && leaseEndsInMs > 0) return { kind: 'in_progress', leaseEndsInMs };
      ids.set(id, { owner, leaseEndsAt: now() + leaseMs, isDone: false });
      return { kind: 'claimed' };
    },
    complete: async (id, owner) => {
      const taken = ids.get(id);
      if (taken?.owner !== owner) return false;
      ids.set(id, { ...taken, isDone: true });
      return true;
    },
    release: async (id, owner) => {
      const taken = ids.get(id);
      if (taken?.owner === owner && !taken.isDone) ids.delete(id);
    },
  };
}
