export interface PollingPace {
  readonly activeMs: number;
  readonly idleMs: number;
}

/**
 * Returns the pause before the next read of a shard: short after changes, and longer by half each time there are none.
 */
export const nextPauseMs = (previousMs: number, foundChanges: boolean, { activeMs, idleMs }: PollingPace): number =>
  foundChanges ? activeMs : Math.min(idleMs, Math.max(activeMs, previousMs * 1.5));
