import type { Histogram } from './histogram.ts';

type Labels = Readonly<Record<string, string>>;
type Samples = Iterable<readonly [labels: Labels, value: number]>;

/** Metrics in the text format of Prometheus, version 0.0.4. */
export interface PrometheusText {
  counter(name: string, help: string, samples: Samples | number): void;
  gauge(name: string, help: string, samples: Samples | number): void;
  histogram(name: string, help: string, histogram: Histogram): void;
  text(): string;
}

/** Writes the few kinds that we need. A client library would add a registry, and work for each value, for these lines. */
export function createPrometheusText(): PrometheusText {
  const lines: string[] = [];
  const begin = (kind: string, name: string, help: string) => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`);
  };
  const add = (name: string, labels: Labels, value: number) =>
    lines.push(`${name}${toLabels(labels)} ${toNumber(value)}`);
  const simple = (kind: string) => (name: string, help: string, samples: Samples | number) => {
    begin(kind, name, help);
    if (typeof samples === 'number') add(name, {}, samples);
    else for (const [labels, value] of samples) add(name, labels, value);
  };
  return {
    counter: simple('counter'),
    gauge: simple('gauge'),
    histogram(name, help, histogram) {
      begin('histogram', name, help);
      let total = 0;
      for (const [bound, count] of histogram.cumulative()) {
        add(`${name}_bucket`, { le: toNumber(bound) }, count);
        total = count;
      }
      add(`${name}_sum`, {}, histogram.sum());
      add(`${name}_count`, {}, total);
    },
    text: () => `${lines.join('\n')}\n`,
  };
}

function toLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escapeLabel = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

const toNumber = (value: number): string => (value === Number.POSITIVE_INFINITY ? '+Inf' : String(value));
