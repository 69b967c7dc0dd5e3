import { percentile } from '../figures.ts';
import type { Use } from './count-use.ts';
import { priceOf } from './price.ts';
import { type Scenario, simulate } from './simulate.ts';

type Variant = Pick<Scenario, 'noisy' | 'order' | 'slowQueue' | 'breaker'>;

const beside = { noisy: 'hanging', order: 'fair', slowQueue: false, breaker: false } as const;
const late = { ...beside, noisy: 'late', breaker: true } as const;

export const variants = {
  alone: { ...beside, noisy: 'none' },
  'one queue, in order of arrival': { ...beside, order: 'arrival' },
  'one queue, fair': beside,
  'one queue, fair, breaker': { ...beside, breaker: true },
  'slow queue': { ...beside, slowQueue: true },
  'slow queue, breaker': { ...beside, slowQueue: true, breaker: true },
  'answers after 14 s: one queue, fair, breaker': late,
  'answers after 14 s: slow queue, breaker': { ...late, slowQueue: true },
} as const satisfies Readonly<Record<string, Variant>>;

export interface SlowFigures {
  /** From accepted to answered, of the quiet tenant, in milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly longest: number;
  /** Messages of the quiet tenant that were not sent at the end. */
  readonly unsent: number;
  readonly failedAttempts: number;
  readonly gigabyteSeconds: number;
  /** US dollars. */
  readonly price: number;
}

/** Runs a variant. What was not sent until the end counts as the longest latency. */
export const measureVariant = (variant: Variant, seconds: number, seed = 1): SlowFigures =>
  toFigures(simulate({ ...variant, seconds, seed }), seconds);

interface Simulated {
  readonly latencies: readonly number[];
  readonly unsent: number;
  readonly use: Use;
}

export function toFigures({ latencies, unsent, use }: Simulated, seconds: number): SlowFigures {
  const waited = Array.from({ length: unsent }, () => seconds * 1_000);
  const all = [...latencies, ...waited];
  return {
    p50: percentile(all, 0.5),
    p95: percentile(all, 0.95),
    p99: percentile(all, 0.99),
    longest: all.reduce((one, other) => Math.max(one, other), 0),
    unsent,
    failedAttempts: use.failed,
    gigabyteSeconds: use.gigabyteSeconds,
    price: priceOf(use),
  };
}
