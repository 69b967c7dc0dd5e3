import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Counter } from '@posthorn/core';

/** Counters that reach CloudWatch through the log. `POWERTOOLS_METRICS_DISABLED=true` disables them. */
export interface Counters extends Counter {
  /** Writes what was added since the last call. */
  flush(): void;
}

export function createCounters(service: string): Counters {
  const metrics = new Metrics({ namespace: 'Posthorn', serviceName: service });
  let added = false;
  return {
    add(name, value) {
      metrics.addMetric(name, MetricUnit.Count, value);
      added = true;
    },
    flush() {
      if (added) metrics.publishStoredMetrics();
      added = false;
    },
  };
}
