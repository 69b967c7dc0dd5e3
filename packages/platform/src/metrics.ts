import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Counter } from '@posthorn/core';

/** Counters that reach CloudWatch with the log, at no extra request. `POWERTOOLS_METRICS_DISABLED=true` turns them off. */
export interface Counters extends Counter {
  /** Writes what was added since the last time. */
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
