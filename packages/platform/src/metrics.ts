import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Counter } from '@posthorn/core';

/** Counters of a function. */
export interface Counters extends Counter {
  /** Is called after each run. Writes what was added since the last call. */
  flush(): void;
}

/** Makes the counters of a function. Where it runs decides where they lead. */
export type CreateCounters = (service: string) => Counters;

/**
 * Creates counters that reach CloudWatch through the log: one sum of each name, written when they are flushed.
 * `POWERTOOLS_METRICS_DISABLED=true` disables them.
 */
export function createCounters(service: string): Counters {
  const metrics = new Metrics({ namespace: 'Posthorn', serviceName: service });
  const sums = new Map<string, number>();
  return {
    add(name, value) {
      sums.set(name, (sums.get(name) ?? 0) + value);
    },
    flush() {
      if (sums.size === 0) return;
      for (const [name, value] of sums) metrics.addMetric(name, MetricUnit.Count, value);
      sums.clear();
      metrics.publishStoredMetrics();
    },
  };
}
