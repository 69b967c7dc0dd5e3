import { printTable } from '../print-table.ts';
import { simulateDeadEndpoint } from './simulate.ts';

const messages = 1_000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const cases = [
  { title: 'dead for an hour, answers 500 in 0.1 s', deadMs: hourMs, failureMs: 100 },
  { title: 'dead for an hour, never answers', deadMs: hourMs, failureMs: 15_000 },
  { title: 'dead for a day, never answers', deadMs: 24 * hourMs, failureMs: 15_000 },
  { title: 'dead for three days, never answers', deadMs: 72 * hourMs, failureMs: 15_000 },
];

/**
 * Prints what 1,000 messages to a dead endpoint cost with the breaker and without it. It runs the decisions of the product
 * on a clock that jumps, so it takes a second, and its figures are the same on every machine.
 */
export function printBreaker(): void {
  console.log(`${messages} messages, one every 3.6 s for an hour, to an endpoint that is dead from the start:\n`);
  printTable(
    ['', 'breaker', 'failed requests', 'worker-seconds', 'given up', 'delivered after its return, min'],
    cases.flatMap(({ title, ...dead }) =>
      [false, true].map((hasBreaker) => {
        const cost = simulateDeadEndpoint({ messages, arriveOverMs: hourMs, hasBreaker, ...dead });
        return [
          title,
          hasBreaker ? 'with' : 'without',
          String(cost.failedRequests),
          cost.workerSeconds.toFixed(0),
          String(cost.exhausted),
          cost.exhausted === messages ? '-' : (cost.deliveredAfterMs / minuteMs).toFixed(1),
        ];
      }),
    ),
  );
}
