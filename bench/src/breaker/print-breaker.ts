import { printTable } from '../print-table.ts';
import type { DeadEndpointCheck } from './check-dead-endpoint.ts';
import { type DeadEndpointCost, simulateDeadEndpoint } from './simulate.ts';

const messages = 1_000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const cases = [
  { title: 'dead for an hour, answers 500 in 0.1 s', deadMs: hourMs, failureMs: 100 },
  { title: 'dead for an hour, never answers', deadMs: hourMs, failureMs: 15_000 },
  { title: 'dead for a day, never answers', deadMs: 24 * hourMs, failureMs: 15_000 },
  { title: 'dead for three days, never answers', deadMs: 72 * hourMs, failureMs: 15_000 },
];

export interface BreakerFigures extends DeadEndpointCost {
  readonly title: string;
  readonly hasBreaker: boolean;
}

/**
 * What 1,000 messages to a dead endpoint cost with the breaker and without it. It runs the decisions of the product on a
 * clock that jumps, so it takes seconds, and its figures are the same on every machine.
 */
export const simulateBreaker = (): readonly BreakerFigures[] =>
  cases.flatMap(({ title, ...dead }) =>
    [false, true].map((hasBreaker) => ({
      title,
      hasBreaker,
      ...simulateDeadEndpoint({ messages, arriveOverMs: hourMs, hasBreaker, ...dead }),
    })),
  );

export function printBreaker(figures: readonly BreakerFigures[]): void {
  console.log(
    `\nSimulated: ${messages} messages, one every 3.6 s for an hour, to an endpoint that is dead from the start:\n`,
  );
  printTable(
    [
      '',
      'breaker',
      'failed requests',
      'worker s',
      'holds',
      'wakes',
      'runs',
      'write units',
      'given up',
      'back after, min',
    ],
    figures.map((cost) => [
      cost.title,
      cost.hasBreaker ? 'with' : 'without',
      String(cost.failedRequests),
      cost.workerSeconds.toFixed(0),
      String(cost.holds),
      String(cost.wakes),
      String(cost.invocations),
      String(cost.writeUnits),
      String(cost.exhausted),
      cost.exhausted === messages ? '-' : (cost.deliveredAfterMs / minuteMs).toFixed(1),
    ]),
  );
}

export function printDeadEndpoint({ messages: sent, host, simulated }: DeadEndpointCheck): void {
  console.log(
    `\nOn a real host: ${sent} messages in ${host.postedSeconds.toFixed(0)} s, to an endpoint that was dead meanwhile:\n`,
  );
  console.log(
    'The simulation sees attempts every five seconds, as the trigger does on AWS. A host sees them earlier.\n',
  );
  printTable(
    ['', 'failed requests', 'delivered', 'delivered again', 'all delivered after its return, s'],
    [
      [
        'host',
        String(host.failedRequests),
        String(host.delivered),
        String(host.deliveredAgain),
        host.deliveredAfterSeconds.toFixed(0),
      ],
      [
        'simulated',
        String(simulated.failedRequests),
        String(sent),
        '0',
        (simulated.deliveredAfterMs / 1_000).toFixed(0),
      ],
    ],
  );
}
