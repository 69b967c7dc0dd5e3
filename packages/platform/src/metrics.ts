import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Counter } from '@posthorn/core';

/** Counters that reach CloudWatch through the log. `POWERTOOLS_METRICS_DISABLED=true` disables them. */
export interface Counters extends Counter {
  /** Writes what was added since the last call. */
  flush(): void;
}

/** Adds up what is counted, and writes each sum once, when the counters are flushed. */
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
