/** How far a shard is done, while its lanes go at different speeds. */
export interface ShardProgress {
  /** Notes that this change was read, in the shard's order. */
  begin(sequenceNumber: string): void;
  finish(sequenceNumbers: readonly string[]): void;
  /** The last change before which, and with which, everything is done. */
  checkpoint(): string | undefined;
  /** Changes that are read and not done, or done behind one that is not. */
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
