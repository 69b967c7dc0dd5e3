/** The payload of an invocation may have 6 MB. The difference is for the other fields of the records. */
const maxBatchBytes = 5_500_000;

export interface BatchLimits<Item> {
  readonly batchSize: number;
  readonly bytesOf: (item: Item) => number;
}

/** Returns how many of the first items are in the next batch: as many as fit, and at least one. */
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
