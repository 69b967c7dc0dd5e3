/**
 * How many requests a process counts at once: so many that it seldom writes, and so few that little of the limit is left
 * over in the processes that do not use theirs.
 */
export const shareOf = (perSecond: number): number => Math.max(1, Math.floor(perSecond / 20));

export interface CountedShare {
  readonly perSecond: number;
  readonly share: number;
  /** All requests of this second that were counted, with this share. */
  readonly total: number;
}

/** How many requests of a share are within the limit. */
export const withinLimit = ({ perSecond, share, total }: CountedShare): number =>
  Math.min(share, Math.max(0, perSecond - (total - share)));
