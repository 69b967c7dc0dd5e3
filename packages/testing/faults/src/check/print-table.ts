import type { Verdict } from './check-history.ts';
import { type Promised, promises } from './violation.ts';

const causeNames = {
  killed: '(a) of attempts in flight at a kill',
  'two-workers': '(b) one job with two workers at once',
  'answer-lost': '(c) answer lost, request sent again',
} as const;

export interface NamedVerdict {
  readonly scenario: string;
  readonly verdict: Verdict;
}

/** The verdicts of all scenarios as a table: one column each. */
export function printTable(verdicts: readonly NamedVerdict[]): string {
  const violated = (promise: Promised) => (verdict: Verdict) =>
    verdict.violations.filter((violation) => violation.promise === promise).length;
  const rows: readonly (readonly [string, (verdict: Verdict) => number])[] = [
    ['deliveries', ({ deliveries }) => deliveries],
    ['requests', ({ requests }) => requests],
    // The keys of an object literal are its type's.
    ...(Object.keys(promises) as Promised[]).map((promise) => [promises[promise], violated(promise)] as const),
    ...(Object.keys(causeNames) as (keyof typeof causeNames)[]).map(
      (cause) => [`duplicates ${causeNames[cause]}`, ({ duplicates }: Verdict) => duplicates[cause]] as const,
    ),
    ['most memory of the host, MB', ({ most }) => Math.round(most.memory / 1_000_000)],
    ['most that was read of an answer, KB', ({ most }) => Math.round(most.answer / 1_000)],
    ...[...new Set(verdicts.flatMap(({ verdict }) => Object.keys(verdict.faults)))]
      .toSorted()
      .map((fault) => [`faults caused, ${fault}`, ({ faults }: Verdict) => faults[fault] ?? 0] as const),
  ];
  const table = [
    ['', ...verdicts.map(({ scenario }) => scenario)],
    ...rows.map(([name, count]) => [name, ...verdicts.map(({ verdict }) => String(count(verdict)))]),
  ];
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  return table
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
