import { launchSystem } from '@posthorn/local-supervisor/launch';
import { startReceiver } from '@posthorn/testing';
import { printTable } from '../print-table.ts';
import type { Latency } from '../traffic.ts';
import { type Limit, type LimitFigures, measureLimits, rounds, windowMs } from './measure-limits.ts';

const tolerance = 0.1;

interface Round {
  readonly limits: readonly Limit[];
  readonly figures: readonly LimitFigures[];
  /** Of a tenant without a limit. */
  readonly latency: Latency;
}

/** Measures all limits, and first a tenant without one alone. */
export async function measureThrottles(seconds: number): Promise<readonly Round[]> {
  const receiver = await startReceiver();
  const system = await launchSystem();
  const measured: Round[] = [];
  try {
    for (const limits of [[], ...rounds])
      measured.push({ limits, ...(await measureLimits({ system, receiver, limits, seconds })) });
    return measured;
  } catch (cause) {
    throw new Error(`The system said:\n${system.output()}`, { cause });
  } finally {
    await Promise.all([system.stop(), receiver.stop()]);
  }
}

export function printThrottles(measured: readonly Round[]): void {
  console.log('\nRequests in ten seconds, by limit:\n');
  const figures = measured.flatMap((round) => round.figures);
  printTable(['limit', 'aim', 'fullest', 'emptiest', ''], figures.map(toRow));
  console.log('\nA tenant without a limit, 10 messages a second, from accept to receive, ms:\n');
  printTable(
    ['beside', 'p50', 'p95', 'p99'],
    measured.map(({ limits, latency: { fromAccept } }) => [
      limits.map(nameOf).join(', ') || 'alone',
      ...[fromAccept.p50, fromAccept.p95, fromAccept.p99].map(String),
    ]),
  );
}

const nameOf = ({ of, rate, within }: Limit): string =>
  `${rate}/s for the ${of}${within === undefined ? '' : ` of an application with ${within}/s`}`;

function toRow(figures: LimitFigures): string[] {
  const { limit, most, fewest } = figures;
  const aim = (limit.rate * windowMs) / 1_000;
  return [nameOf(limit), String(aim), String(most), String(fewest ?? 'not known'), verdictOf(figures)];
}

/** An endpoint gets less than its limit if its application's limit is used up: only the most has an aim then. */
export function verdictOf({ limit: { rate, within }, most, fewest }: LimitFigures): string {
  const aim = (rate * windowMs) / 1_000;
  if (most > aim * (1 + tolerance)) return 'MISSED';
  if (within !== undefined) return 'met (at most)';
  if (fewest === undefined) return 'not known';
  return fewest >= aim * (1 - tolerance) ? 'met' : 'MISSED';
}
