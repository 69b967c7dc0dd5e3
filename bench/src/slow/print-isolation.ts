import { printTable } from '../print-table.ts';
import { aloneOf, groupVariants, measureGroupVariant } from './fifo/group-scenarios.ts';
import { measureVariant, type SlowFigures, variants } from './scenarios.ts';

type Isolation = Readonly<Record<keyof typeof variants, SlowFigures>>;

/** Simulates all variants. The same seed gives the same figures. */
export function measureIsolation(minutes: number, seed = 1): Isolation {
  const measured = Object.entries(variants).map(([name, variant]) => [
    name,
    measureVariant(variant, minutes * 60, seed),
  ]);
  // The names are those of the variants.
  return Object.fromEntries(measured) as Isolation;
}

/** Simulates all variants of destinations. */
export const measureDestinations = (minutes: number, seed = 1): readonly Destinations[] =>
  Object.entries(groupVariants).map(([name, variant]) => ({
    name,
    figures: measureGroupVariant(variant, minutes * 60, seed),
  }));

interface Destinations {
  readonly name: string;
  readonly figures: SlowFigures;
}

const columns = ['', 'p50 ms', 'p95', 'p99', 'longest', 'unsent', 'time-outs', 'GB-s', 'US$', 'p95 ≤ 2 × alone'];

const toRow = (name: string, own: SlowFigures, quiet: SlowFigures): readonly string[] => [
  name,
  ...[own.p50, own.p95, own.p99, own.longest].map((ms) => ms.toFixed(0)),
  String(own.unsent),
  String(own.failedAttempts),
  own.gigabyteSeconds.toFixed(0),
  own.price.toFixed(2),
  own.p95 <= 2 * quiet.p95 ? 'met' : 'not met',
];

export function printIsolation(figures: Isolation, minutes: number): void {
  console.log(
    `\nSimulated: a quiet tenant beside 50 messages a second to endpoints that hang, ${minutes} minutes on AWS:\n`,
  );
  printTable(
    columns,
    Object.entries(figures).map(([name, own]) => toRow(name, own, figures.alone)),
  );
}

export function printDestinations(destinations: readonly Destinations[], minutes: number): void {
  console.log(
    `\nSimulated: a quiet destination beside one with 5,000 keys that is slow or hangs, ${minutes} minutes on AWS:\n`,
  );
  printTable(
    columns,
    destinations.map(({ name, figures }) => {
      const quiet = destinations.find((other) => other.name === aloneOf(name)) ?? { figures };
      return toRow(name, figures, quiet.figures);
    }),
  );
}
