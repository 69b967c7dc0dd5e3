import { printTable } from '../print-table.ts';
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

export function printIsolation(figures: Isolation, minutes: number): void {
  const limit = 2 * figures.alone.p95;
  const rows = Object.entries(figures).map(([name, own]) => [
    name,
    ...[own.p50, own.p95, own.p99, own.longest].map((ms) => ms.toFixed(0)),
    String(own.unsent),
    String(own.failedAttempts),
    own.gigabyteSeconds.toFixed(0),
    own.price.toFixed(2),
    own.p95 <= limit ? 'met' : 'not met',
  ]);
  console.log(
    `\nSimulated: a quiet tenant beside 50 messages a second to endpoints that hang, ${minutes} minutes on AWS:\n`,
  );
  printTable(['', 'p50 ms', 'p95', 'p99', 'longest', 'unsent', 'time-outs', 'GB-s', 'US$', 'p95 ≤ 2 × alone'], rows);
}
