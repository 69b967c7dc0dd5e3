/** Since when a mapping is behind its stream. */
export interface StreamLag {
  /**
   * Adds a part of the stream, such as a shard.
   *
   * @param since - when its oldest change arrived that is not done yet, or since when it cannot be read
   * @returns a function that removes it
   */
  watch(since: () => Date | undefined): () => void;
  /** Returns the earliest time of all parts, or nothing if no change is waiting. */
  since(): Date | undefined;
}

/** @param startedAt - when the mapping began to run. Time before it does not count. */
export function createStreamLag(startedAt: Date): StreamLag {
  const parts = new Set<() => Date | undefined>();
  return {
    watch(since) {
      parts.add(since);
      return () => parts.delete(since);
    },
    since() {
      let earliest: number | undefined;
      for (const part of parts) {
        const time = part()?.getTime();
        if (time !== undefined && (earliest === undefined || time < earliest)) earliest = time;
      }
      return earliest === undefined ? undefined : new Date(Math.max(earliest, startedAt.getTime()));
    },
  };
}
