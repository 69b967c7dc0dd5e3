import type { StorageState } from '@posthorn/local-storage';

/** What the function that answers about the health expects of its host. */
export type Health = { readonly kind: 'healthy' } | { readonly kind: 'unhealthy'; readonly reason: string };

export interface HealthSigns {
  readonly storage: Pick<StorageState, 'writable'> & { readonly cause?: 'full' | 'failing' };
  /** Since when the oldest message waits for its fan-out. */
  readonly fanOutBehindSince: Date | undefined;
  readonly now: Date;
}

/** Accepted messages must reach the queues within this time. */
const maxBehindMs = 60_000;

const storageReasons = {
  full: 'There is too little free space to store new data. Reading still works.',
  failing: 'The store cannot write at the moment. It repairs itself.',
} as const;

/** Judges whether messages can be accepted. The reason names no path, because everybody may read it. */
export function judgeHealth({ storage, fanOutBehindSince, now }: HealthSigns): Health {
  if (!storage.writable) return { kind: 'unhealthy', reason: storageReasons[storage.cause ?? 'failing'] };
  const behindMs = fanOutBehindSince === undefined ? 0 : now.getTime() - fanOutBehindSince.getTime();
  if (behindMs <= maxBehindMs) return { kind: 'healthy' };
  const seconds = Math.floor(behindMs / 1_000);
  return {
    kind: 'unhealthy',
    reason: `Fan-out is ${seconds} s behind: messages are stored, but do not reach the queues of their endpoints.`,
  };
}
