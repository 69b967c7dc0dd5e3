/** An invocation's payload may have 6 MB; the rest is room for the records' other fields. */
const maxBatchBytes = 5_500_000;

export interface BatchLimits<Item> {
  readonly batchSize: number;
  readonly bytesOf: (item: Item) => number;
}

/** How many of the first items make one batch: as many as it may have, and at least one. */
export function countForBatch<Item>(items: readonly Item[], { batchSize, bytesOf }: BatchLimits<Item>): number {
  let bytes = 0;
  let count = 0;
  for (const item of items) {
    bytes += bytesOf(item);
    if (count === batchSize || (count > 0 && bytes > maxBatchBytes)) break;
    count += 1;
  }
  return count;
}
