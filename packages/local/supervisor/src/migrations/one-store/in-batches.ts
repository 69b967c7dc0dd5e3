/** Limits of a batch. A batch ends with the value that reaches one of them. */
export interface BatchLimits {
  readonly count: number;
  readonly weight: number;
}

/** Puts values together, in order. */
export function* inBatches<Value>(
  values: Iterable<Value>,
  weightOf: (value: Value) => number,
  limits: BatchLimits,
): Iterable<readonly Value[]> {
  let batch: Value[] = [];
  let weight = 0;
  for (const value of values) {
    batch.push(value);
    weight += weightOf(value);
    if (batch.length < limits.count && weight < limits.weight) continue;
    yield batch;
    batch = [];
    weight = 0;
  }
  if (batch.length > 0) yield batch;
}
