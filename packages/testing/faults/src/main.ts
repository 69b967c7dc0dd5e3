// Runs the fault suite: `npx pnpm@12 run test:faults`. It ends by itself, with 1 if a promise was not kept.
import { parseArgs } from 'node:util';
import { checkHistory } from './check/check-history.ts';
import { describeViolations } from './check/describe-violations.ts';
import { type NamedVerdict, printTable } from './check/print-table.ts';
import { kills } from './scenarios/kills.ts';
import type { Scenario } from './scenarios/scenario.ts';

const scenarios: readonly Scenario[] = [kills];
const defaults = { messages: '600', seed: '53' };

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
const verdicts: NamedVerdict[] = [];
const startedAt = performance.now();
for (const { name, about, run } of scenarios.filter((one) => values.only?.includes(one.name) ?? true)) {
  say(`${name}: ${about}; seed ${seed}`);
  const begunAt = performance.now();
  const history = await run({ seed, messages, say: (line) => say(`  ${line}`) });
  const verdict = checkHistory(history);
  verdicts.push({ scenario: name, verdict });
  say(`  ${verdict.violations.length} violations, in ${Math.round((performance.now() - begunAt) / 1_000)} s`);
  for (const line of describeViolations(verdict.violations, history)) say(`  ${line}`);
}
const failed = verdicts.filter(({ verdict }) => verdict.violations.length > 0);
say(`\n${printTable(verdicts)}\n\nseed ${seed}, ${Math.round((performance.now() - startedAt) / 1_000)} s`);
if (failed.length > 0) {
  say(
    `Repeat with: pnpm run test:faults --seed ${seed} --only ${failed.map(({ scenario }) => scenario).join(' --only ')}`,
  );
  process.exitCode = 1;
}
