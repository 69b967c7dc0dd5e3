export interface PollingPace {
  readonly activeMs: number;
  readonly idleMs: number;
}

/** How long to wait before the next look at a shard: short after changes, growing by half each time that none came. */
export const nextPauseMs = (previousMs: number, foundChanges: boolean, { activeMs, idleMs }: PollingPace): number =>
  foundChanges ? activeMs : Math.min(idleMs, Math.max(activeMs, previousMs * 1.5));
