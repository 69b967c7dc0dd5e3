/** Tracks how far a shard is done, while its lanes run at different speeds. */
export interface ShardProgress {
  /** Adds a change that was read. Must be called in the order of the shard. */
  begin(sequenceNumber: string): void;
  finish(sequenceNumbers: readonly string[]): void;
  /** Returns the last change for which it and all changes before it are done. */
  checkpoint(): string | undefined;
  /** Returns how many changes after the checkpoint were read. */
  open(): number;
}

export function createShardProgress(): ShardProgress {
  const begun: string[] = [];
  const finished = new Set<string>();
  let checkpoint: string | undefined;
  const advance = () => {
    const firstOpen = begun.findIndex((sequenceNumber) => !finished.has(sequenceNumber));
    const done = begun.splice(0, firstOpen === -1 ? begun.length : firstOpen);
    for (const sequenceNumber of done) finished.delete(sequenceNumber);
    checkpoint = done.at(-1) ?? checkpoint;
  };
  return {
    begin: (sequenceNumber) => begun.push(sequenceNumber),
    finish(sequenceNumbers) {
      for (const sequenceNumber of sequenceNumbers) finished.add(sequenceNumber);
      advance();
    },
    checkpoint: () => checkpoint,
    open: () => begun.length,
  };
}
