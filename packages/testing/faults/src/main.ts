// Runs the fault suite: `npx pnpm@12 run test:faults`. It ends by itself, with 1 if a promise was not kept.
import { parseArgs } from 'node:util';
import { checkHistory } from './check/check-history.ts';
import { describeViolations } from './check/describe-violations.ts';
import { type NamedVerdict, printTable } from './check/print-table.ts';
import { breaker } from './scenarios/breaker.ts';
import { calls } from './scenarios/calls.ts';
import { clock } from './scenarios/clock.ts';
import { kills } from './scenarios/kills.ts';
import { receivers } from './scenarios/receivers.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { store } from './scenarios/store.ts';

const scenarios: readonly Scenario[] = [receivers, kills, breaker, calls, clock, store];
/** Most scenarios wait more than they work. */
const atATime = 2;
const defaults = { messages: '300', seed: '53' };

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: defaults.messages },
    seed: { type: 'string', default: defaults.seed },
    only: { type: 'string', multiple: true },
  },
  // pnpm passes the separator on.
  args: process.argv.slice(2).filter((argument) => argument !== '--'),
});
const names = scenarios.map(({ name }) => name);
const unknown = values.only?.find((name) => !names.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`There is no scenario ${unknown}. There are: ${names.join(', ')}\n`);
  process.exit(1);
}
const say = (line: string) => process.stdout.write(`${line}\n`);
const [messages, seed] = [Number(values.messages), Number(values.seed)];
const wanted = scenarios.filter(({ name }) => values.only?.includes(name) ?? true);
const verdicts: NamedVerdict[] = [];
/** Scenarios that did not come to their end. */
const broken: string[] = [];
const startedAt = performance.now();
const seconds = (since: number) => Math.round((performance.now() - since) / 1_000);

async function runScenario({ name, about, run }: Scenario): Promise<void> {
  const tell = (line: string) => say(`${name}: ${line}`);
  tell(`${about}; seed ${seed}`);
  const begunAt = performance.now();
  const history = await run({ seed, messages, say: tell }).catch((error: unknown) => {
    // The other scenarios go on.
    tell(error instanceof Error ? error.message : String(error));
    broken.push(name);
  });
  if (history === undefined) return;
  const verdict = checkHistory(history);
  verdicts.push({ scenario: name, verdict });
  tell(`${verdict.violations.length} violations, in ${seconds(begunAt)} s`);
  for (const line of describeViolations(verdict.violations, history)) tell(line);
}

const waiting = [...wanted];
const work = async () => {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await runScenario(next);
};
await Promise.all(Array.from({ length: atATime }, work));
const failed = [
  ...broken,
  ...verdicts.filter(({ verdict }) => verdict.violations.length > 0).map(({ scenario }) => scenario),
];
const ordered = wanted.flatMap(({ name }) => verdicts.find(({ scenario }) => scenario === name) ?? []);
say(`\n${printTable(ordered)}\n\nseed ${seed}, ${seconds(startedAt)} s`);
if (failed.length > 0) {
  say(
    `Not kept: ${failed.join(', ')}. Repeat with: pnpm run test:faults --seed ${seed} --only ${failed.join(' --only ')}`,
  );
  process.exitCode = 1;
}
